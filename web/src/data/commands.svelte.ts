/** What can be done by name: the palette's entries. Views add their own while they are open. */

import { untrack } from "svelte";

export interface Command {
  id: string;
  title: string;
  /** The key that does it, too. */
  key?: string;
  act(): void;
}

class Commands {
  #sources = $state.raw<readonly (() => readonly Command[])[]>([]);

  /** Those of the views that are open. */
  get all(): Command[] {
    return this.#sources.flatMap((source) => source());
  }

  /** Offer what `source` gives until the returned function is called. `$effect(() => commands.offer(() => […]))` */
  offer(source: () => readonly Command[]): () => void {
    this.#sources = [...untrack(() => this.#sources), source]; // whoever offers does not depend on the others
    return () => {
      this.#sources = this.#sources.filter((one) => one !== source);
    };
  }
}

export const commands = new Commands();

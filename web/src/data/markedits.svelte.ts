/** Saying things of runs, and taking them back. */

import type { Mark } from "../api/types";
import { type Change, inverseOf, runsOf, stillOurs } from "./edits";
import { marks } from "./marks.svelte";

/** What the page says of it, in its language. */
export interface EditWords {
  undo: string;
  undone: string;
  /** Of so many runs, somebody else said something since. */
  kept(runs: number): string;
  failed(reason: string): string;
}

/** Says something for a moment, with something that can be done about it. */
export type Tell = (text: string, action?: { text: string; run: () => void }) => void;

interface Done {
  changes: Change[];
  inverse: Change[];
}

const MOST = 50;

export class MarkEdits {
  /** Why the last one could not be done. */
  problem = $state("");
  #done: Done[] = [];
  readonly #markOf: (run: number) => Mark;
  readonly #words: () => EditWords;
  readonly #tell: Tell;

  constructor(nameOf: (run: number) => string, words: () => EditWords, tell: Tell) {
    this.#markOf = (run) => marks.of(nameOf(run));
    this.#words = words;
    this.#tell = tell;
  }

  markOf = (run: number): Mark => this.#markOf(run);

  /** Do it, and say `text` with a way back. Whether it was done. */
  async do(changes: readonly Change[], text: (runs: number) => string): Promise<boolean> {
    const runs = runsOf(changes);
    if (runs === 0) return true;
    const done = { changes: [...changes], inverse: inverseOf(changes, this.#markOf) };
    if (!(await this.#send(changes))) return false;
    this.#done = [...this.#done, done].slice(-MOST);
    this.#tell(text(runs), { text: this.#words().undo, run: () => this.#takeBack(done) });
    return true;
  }

  /** Take back what was done last; false when there is nothing. */
  undo(): boolean {
    const last = this.#done.at(-1);
    if (last) this.#takeBack(last);
    return last !== undefined;
  }

  async #takeBack(done: Done): Promise<void> {
    if (!this.#done.includes(done)) return;
    this.#done = this.#done.filter((one) => one !== done);
    const inverse = stillOurs(done.inverse, done.changes, this.#markOf);
    if (!(await this.#send(inverse))) return;
    const kept = runsOf(done.inverse) - runsOf(inverse);
    const words = this.#words();
    this.#tell(kept > 0 ? `${words.undone}. ${words.kept(kept)}` : words.undone);
  }

  async #send(changes: readonly Change[]): Promise<boolean> {
    try {
      for (const { runs, fields } of changes) await marks.edit({ runs, fields });
      this.problem = "";
      return true;
    } catch (error) {
      this.problem = this.#words().failed(error instanceof Error ? error.message : String(error));
      this.#tell(this.problem);
      return false;
    }
  }
}

/** What people said of runs, and the views they saved. */

import { editMarks, fetchMarks } from "../api/client";
import type { Mark, MarkEdit, MarkList } from "../api/types";

export const NOTHING: Mark = {
  name: "",
  note: "",
  tags: [],
  archived: false,
  group: "",
  colour: "",
  pinned: false,
};

class Marks {
  /** By the run's own name. */
  runs = $state.raw<Readonly<Record<string, Mark>>>({});
  /** Saved views: name → the query of their address. */
  views = $state.raw<Readonly<Record<string, unknown>>>({});
  #revision = 0;

  of(run: string): Mark {
    return this.runs[run] ?? NOTHING;
  }

  /** Ask for them, unless what is known is as new as `revision`. */
  async refresh(revision = Number.POSITIVE_INFINITY): Promise<void> {
    if (revision > this.#revision) this.#take(await fetchMarks());
  }

  /** Say something of runs, or save or drop a view. Rejects with the server's reason. */
  async edit(edit: Partial<MarkEdit>): Promise<void> {
    this.#take(await editMarks(edit));
  }

  /** Another server counts anew. */
  forget(): void {
    this.#revision = 0;
  }

  #take(list: MarkList): void {
    if (list.revision < this.#revision) return;
    this.#revision = list.revision;
    this.runs = list.runs;
    this.views = list.views;
  }
}

export const marks = new Marks();

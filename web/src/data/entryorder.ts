/** The entries of one series in the order of their steps, so that any step finds the one that counts there. */

import type { EntryColumns } from "../api/types";
import { countUpTo } from "./steps";

/** One entry, without what is in it. */
export interface Entry {
  /** Names its bytes for ever. */
  key: string;
  step: number;
  /** Seconds since 1970. */
  wall: number;
  /** Bytes in the event file. */
  size: number;
  superseded: boolean;
}

export class EntryOrder {
  readonly columns: EntryColumns;
  /** Ascending, of all entries that are looked through; a step that was logged again is there again. */
  readonly steps: readonly number[];
  readonly #order: readonly number[];
  #places: Map<string, number> | null = null;

  /** With `all`, also those that a later session replaced; they stand before what replaced them. */
  constructor(columns: EntryColumns, all = false) {
    const { steps, superseded } = columns;
    const kept = steps.map((_, i) => i).filter((i) => all || !superseded[i]);
    kept.sort((a, b) => steps[a] - steps[b] || Number(superseded[b]) - Number(superseded[a]) || a - b);
    this.columns = columns;
    this.#order = kept;
    this.steps = kept.map((i) => steps[i]);
  }

  get length(): number {
    return this.#order.length;
  }

  at(place: number): Entry | null {
    const i = this.#order[place];
    if (i === undefined) return null;
    const { keys, steps, walls, sizes, superseded } = this.columns;
    return { key: keys[i], step: steps[i], wall: walls[i], size: sizes[i], superseded: superseded[i] };
  }

  /** The place of the last entry at or before a step; null: of the last of all. -1 when there is none. */
  upTo(step: number | null): number {
    return step === null ? this.length - 1 : countUpTo(this.steps, step) - 1;
  }

  /** The place of the entry with this key; -1 when it is not there. */
  placeOf(key: string): number {
    this.#places ??= new Map(this.#order.map((i, place) => [this.columns.keys[i], place]));
    return this.#places.get(key) ?? -1;
  }

  /** How many entries there are at the step of the one at `place`. */
  same(place: number): number {
    const step = this.steps[place];
    return countUpTo(this.steps, step) - countUpTo(this.steps, step - 1);
  }
}

/** Values of tags in several runs beside each other: which of them counts, and which is better. Pure. */

import type { TagColumn } from "../api/types";
import { hasBest, higherIsBetter } from "./keytags";

export type At = "last" | "best" | "common";

export interface Cell {
  value: number | null;
  step: number | null;
}

const NONE: Cell = { value: null, step: null };

/** The value of run `i` of a column, the last or the best one. */
export function cellOf(column: TagColumn | undefined, i: number, at: "last" | "best"): Cell {
  if (!column || i < 0) return NONE;
  if (at === "last") return { value: column.last[i], step: column.last_step[i] };
  return higherIsBetter(column.tag)
    ? { value: column.max[i], step: column.max_step[i] }
    : { value: column.min[i], step: column.min_step[i] };
}

/** The last step that all of the runs that have the tag have reached; null where fewer than two have it. */
export function commonStep(column: TagColumn | undefined, places: readonly number[]): number | null {
  const steps = places.map((i) => column?.last_step[i] ?? null).filter((step) => step !== null);
  return steps.length < 2 ? null : Math.min(...steps);
}

export interface Judged {
  /** Minus the baseline's. */
  by: number;
  /** In relation to it; null where that says nothing. */
  share: number | null;
  /** Null where neither direction is better, or nothing changed. */
  better: boolean | null;
}

export function judged(tag: string, value: number | null, base: number | null): Judged | null {
  if (value === null || base === null) return null;
  const by = value - base;
  const share = base !== 0 && Number.isFinite(by / base) ? by / Math.abs(base) : null;
  const better = by === 0 || !hasBest(tag) ? null : by > 0 === higherIsBetter(tag);
  return { by, share, better };
}

/** The place of the best of `values`; −1 where there is no best, or all are the same. */
export function bestOf(tag: string, values: readonly (number | null)[]): number {
  const there = values.filter((value) => value !== null);
  if (!hasBest(tag) || new Set(there).size < 2) return -1;
  return values.indexOf(higherIsBetter(tag) ? Math.max(...there) : Math.min(...there));
}

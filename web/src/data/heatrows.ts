/** What a heat map's rows are made of: which rows, in which order, and as values or as change since a step. */

import type { Heat } from "../api/heat";
import { quantile } from "../charts/range";

/** The column that holds `step`, else the nearest; null: the last. */
export function columnAt(heat: Pick<Heat, "start" | "width" | "columns">, step: number | null): number {
  if (step === null || !(heat.width > 0)) return heat.columns - 1;
  const column = Math.floor((step - heat.start) / heat.width + 1e-9);
  return Math.min(heat.columns - 1, Math.max(0, column));
}

/** A step inside of a column: its point's, where points are evenly spaced and each has a column. */
export function stepOf(heat: Pick<Heat, "start" | "stop" | "columns">, column: number): number {
  const { start, stop, columns } = heat;
  return columns > 1 ? Math.round(start + (column * (stop - start)) / (columns - 1)) : start;
}

/** The rows of `heat` named so, in that order. */
export function picked(values: Float32Array, columns: number, rows: readonly number[]): Float32Array {
  const found = new Float32Array(rows.length * columns);
  rows.forEach((row, i) => {
    found.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return found;
}

export function pickedBytes(values: Uint8Array, columns: number, rows: readonly number[]): Uint8Array {
  const found = new Uint8Array(rows.length * columns);
  rows.forEach((row, i) => {
    found.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return found;
}

/** Whether ratios say how they change: no finite value is below zero, and some are above. */
export function arePositive(heat: Pick<Heat, "least" | "greatest">): boolean {
  let some = false;
  for (let i = 0; i < heat.least.length; i++) {
    if (heat.least[i] < 0) return false;
    some ||= heat.greatest[i] > 0;
  }
  return some;
}

/** The finite value of a row at a column, or before it where that is empty, else the next one after it. */
export function valueNear(row: Float32Array, column: number): number {
  for (let i = column; i >= 0; i--) if (!Number.isNaN(row[i])) return row[i];
  for (let i = column + 1; i < row.length; i++) if (!Number.isNaN(row[i])) return row[i];
  return Number.NaN;
}

/**
 * Each cell against its own row's value at `column`: the logarithm to base 2 of their ratio where values are positive,
 * else their difference in units of the row's own spread (its interquartile range).
 */
export function changes(
  values: Float32Array,
  columns: number,
  column: number,
  positive: boolean,
): Float32Array {
  const found = new Float32Array(values.length).fill(Number.NaN);
  for (let at = 0; at < values.length; at += columns) {
    const row = values.subarray(at, at + columns);
    const base = valueNear(row, column);
    const scale = positive ? 1 : spreadOf(row);
    for (let i = 0; i < columns; i++) {
      const change = positive ? Math.log2(row[i] / base) : (row[i] - base) / scale;
      if (Number.isFinite(change)) found[at + i] = change;
    }
  }
  return found;
}

/** The interquartile range of the finite values; 1 where that is nothing. */
export function spreadOf(row: Float32Array): number {
  const sorted = row.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length === 0) return 1;
  return quantile(sorted, 0.75) - quantile(sorted, 0.25) || Math.abs(sorted[0]) || 1;
}

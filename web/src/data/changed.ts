/**
 * Which rows changed most between two steps. A value is the median of the nine columns around its step, so that a single
 * noisy point counts for nothing. Of values that are never negative the change is log2(after / before), doublings; of
 * others it is (after − before) / IQR, in units of the row's own interquartile range. Rows that are NaN or infinite
 * between the steps come first: they changed beyond measure.
 */

import type { Heat } from "../api/heat";
import { quantile } from "../charts/range";
import { spreadOf } from "./heatrows";

export interface Changed {
  /** In the heat map. */
  row: number;
  before: number;
  after: number;
  /** Doublings, or interquartile ranges; NaN where one of them is not known. */
  change: number;
  /** Columns between the steps that hold something that is not finite. */
  odd: number;
}

const HALF = 4;

export function changed(heat: Heat, from: number, to: number, positive: boolean): Changed[] {
  const { columns } = heat;
  const found: Changed[] = [];
  for (let row = 0; row < heat.filled; row++) {
    if (heat.points[row] === 0) continue;
    const values = heat.mean.subarray(row * columns, (row + 1) * columns);
    const [before, after] = [middle(values, from), middle(values, to)];
    const change = positive
      ? after > 0 || before > 0
        ? Math.log2(after / before)
        : 0
      : (after - before) / spreadOf(values);
    let odd = 0;
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    for (let i = first; i <= last; i++) if (heat.bad[row * columns + i] !== 0) odd++;
    found.push({ row, before, after, change, odd });
  }
  const size = (one: Changed) => (Number.isNaN(one.change) ? -1 : Math.abs(one.change));
  return found.sort((a, b) => Number(b.odd > 0) - Number(a.odd > 0) || size(b) - size(a) || a.row - b.row);
}

/** The median of the finite values around a column. */
function middle(values: Float32Array, column: number): number {
  const around = values
    .slice(Math.max(0, column - HALF), column + HALF + 1)
    .filter((value) => Number.isFinite(value));
  return around.length > 0 ? quantile(around.sort(), 0.5) : Number.NaN;
}

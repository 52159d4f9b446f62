/** What a curve is in the range that is shown, of all its points there: nothing is lost in the pixel columns. */

import type { CurveColumns } from "../api/columns";

export interface Statistics {
  /** Points, those that are NaN or infinite included. */
  points: number;
  bad: number;
  /** Of finite values; NaN where there are none. */
  min: number;
  max: number;
  mean: number;
  start: number;
  end: number;
  /** From the first value to the last, as a share of the first's size; NaN where that is 0. */
  change: number;
}

export function statisticsOf(curve: CurveColumns): Statistics {
  const { first, last, min, max, mean, count, badCount, points } = curve;
  const n = last.length;
  let bad = 0;
  for (const one of badCount) bad += one;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let average = 0;
  let seen = 0;
  for (let i = 0; i < n; i++) {
    least = Math.min(least, min[i]);
    greatest = Math.max(greatest, max[i]);
    const weight = count ? count[i] : 1;
    seen += weight;
    // Shares before sums: the greatest floats together are infinite.
    average += (mean[i] - average) * (weight / seen);
  }
  const [start, end] = n > 0 ? [first[0], last[n - 1]] : [Number.NaN, Number.NaN];
  return {
    points,
    bad,
    min: n > 0 ? least : Number.NaN,
    max: n > 0 ? greatest : Number.NaN,
    mean: n > 0 ? average : Number.NaN,
    start,
    end,
    change: start === 0 ? Number.NaN : (end - start) / Math.abs(start),
  };
}

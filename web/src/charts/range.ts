/** The y range of a chart: everything, or everything but outliers. In logarithms to base 10 on a log axis. */

import type { ChartColumns, CurveColumns } from "../api/columns";

export interface Range {
  min: number;
  max: number;
  /** Curves that leave the range. */
  cut: number;
}

/** Distance, in widths of the central 90 %, beyond which a curve's values are outliers. */
const FENCE = 3;
const PAD = 0.06;

/** Null when nothing can be shown. */
export function yRange(chart: ChartColumns, log: boolean, ignoreOutliers: boolean): Range | null {
  const spans = chart.curves.map((curve) => span(curve, log)).filter((s) => s !== null);
  if (spans.length === 0) return null;
  let min = Math.min(...spans.map((s) => s.min));
  let max = Math.max(...spans.map((s) => s.max));
  let cut = 0;
  if (ignoreOutliers) {
    const inner = robust(spans);
    cut = spans.filter((s) => s.min < inner.min || s.max > inner.max).length;
    // Without a cut curve the full range is as good, and does not move while the quantiles do.
    if (cut > 0) ({ min, max } = inner);
  }
  return { ...padded(min, max), cut };
}

interface Span {
  /** Of all points. */
  min: number;
  max: number;
  /** Of the points that are no outliers within their curve. */
  low: number;
  high: number;
  /** The lower and the upper quarter of the curve's values end here. */
  q1: number;
  q3: number;
}

/**
 * First within each curve: values more than FENCE widths of its central 90 % beyond that are outliers (one spike of a
 * steady loss). Then among curves: the same rule over the ends of four curves or more (one run that diverged). But a
 * quarter of every curve stays in the frame: a run that is merely different must not vanish.
 */
function robust(spans: readonly Span[]): { min: number; max: number } {
  const highs = Float64Array.from(spans, (s) => s.high).sort();
  const lows = Float64Array.from(spans, (s) => s.low).sort();
  if (spans.length < 4) return { min: lows[0], max: highs[highs.length - 1] };
  const [top, bottom] = [quantile(highs, 0.75), quantile(lows, 0.25)];
  const reach = FENCE * (top - bottom);
  return {
    min: Math.min(...lows.filter((low) => low >= bottom - reach), bottom, ...spans.map((s) => s.q3)),
    max: Math.max(...highs.filter((high) => high <= top + reach), top, ...spans.map((s) => s.q1)),
  };
}

function span(curve: CurveColumns, log: boolean): Span | null {
  const n = curve.last.length;
  const middle = new Float64Array(n);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let used = 0;
  for (let i = 0; i < n; i++) {
    const least = scale(curve.min[i], log);
    const greatest = scale(curve.max[i], log);
    if (greatest === null) continue;
    // A column whose least value is not positive still has a greatest on a log axis.
    min = Math.min(min, least ?? greatest);
    max = Math.max(max, greatest);
    middle[used++] = scale(curve.mean[i], log) ?? greatest;
  }
  if (used === 0) return null;
  const sorted = middle.subarray(0, used).sort();
  const [p5, q1, q3, p95] = [0.05, 0.25, 0.75, 0.95].map((q) => quantile(sorted, q));
  const reach = FENCE * (p95 - p5);
  // A curve that stands still but for a few points has no width to measure outliers by.
  if (reach === 0) return { min, max, low: min, high: max, q1, q3 };
  return { min, max, low: Math.max(min, p5 - reach), high: Math.min(max, p95 + reach), q1, q3 };
}

function scale(value: number, log: boolean): number | null {
  if (!log) return value;
  return value > 0 ? Math.log10(value) : null;
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7). `sorted` is ascending, not empty. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

function padded(min: number, max: number): { min: number; max: number } {
  const width = max - min;
  // Too narrow for floating point to divide: a constant, or nearly.
  if (width <= 1e-9 * Math.max(Math.abs(min), Math.abs(max)) || width === 0) {
    const room = Math.abs(min) > 0 ? Math.abs(min) * 0.1 : 1;
    return { min: min - room, max: max + room };
  }
  if (!Number.isFinite(width)) return { min: min * (1 - PAD), max: max * (1 - PAD) };
  return { min: min - PAD * width, max: max + PAD * width };
}

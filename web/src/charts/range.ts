/** The y range of a chart: everything, everything but outliers, or what a person says. As the axis places values. */

import type { CurveColumns } from "../api/columns";
import { type Mapping, placed } from "./scale";

export interface Range {
  min: number;
  max: number;
  /** Curves that leave the range. */
  cut: number;
}

/** Distance, in widths of the central 90 %, beyond which a curve's values are outliers. */
const FENCE = 3;
const PAD = 0.06;

/** Where an axis is to begin and end, in values; null is for the curves to say. */
export interface Limits {
  min: number | null;
  max: number | null;
}
export const FREE: Limits = { min: null, max: null };

/** Of the curves on one axis, as `mapping` places values; null when nothing can be shown. */
export function yRange(
  curves: readonly CurveColumns[],
  mapping: Mapping,
  ignoreOutliers: boolean,
  limits: Limits = FREE,
): Range | null {
  const spans = curves.map((curve) => span(curve, mapping)).filter((s) => s !== null);
  const free = spans.length === 0 ? null : freeRange(spans, ignoreOutliers);
  return limited(free, mapping, limits);
}

function freeRange(spans: readonly Span[], ignoreOutliers: boolean): Range {
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

/** What a person cuts off is no news to them: with limits nothing counts as cut. */
function limited(free: Range | null, mapping: Mapping, limits: Limits): Range | null {
  const at = (limit: number | null) => {
    const place = limit === null ? Number.NaN : placed(mapping, limit);
    return Number.isFinite(place) ? place : null;
  };
  const [low, high] = [at(limits.min), at(limits.max)];
  if (low === null && high === null) return free;
  const room = free ? free.max - free.min : 1;
  let min = low ?? free?.min ?? (high ?? 0) - 1;
  let max = high ?? free?.max ?? min + 1;
  if (max <= min) {
    // The curves lie beyond the limit, or it is the wrong way round.
    if (low === null) min = max - room;
    else if (high === null) max = min + room;
    else [min, max] = max < min ? [max, min] : [min - 0.5, max + 0.5];
  }
  return { min, max, cut: 0 };
}

/**
 * Symlog's straight part for these curves: up to the power of ten below nearly all that is not zero, but no more than
 * eight decades below the largest.
 */
export function symlogFor(curves: readonly CurveColumns[]): Mapping {
  const sizes: number[] = [];
  for (const { mean } of curves) {
    const stride = Math.max(1, Math.floor(mean.length / MOST_SIZES));
    for (let i = 0; i < mean.length; i += stride) if (mean[i] !== 0) sizes.push(Math.abs(mean[i]));
  }
  if (sizes.length === 0) return { kind: "symlog", linear: 1 };
  const sorted = Float64Array.from(sizes).sort();
  const least = Math.max(
    sorted[Math.floor(0.02 * (sorted.length - 1))],
    sorted[sorted.length - 1] / 1e8,
    Number.MIN_VALUE * 1e10,
  );
  return { kind: "symlog", linear: 10 ** Math.floor(Math.log10(least) + 1e-9) };
}

const MOST_SIZES = 200;

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

function span(curve: CurveColumns, mapping: Mapping): Span | null {
  const n = curve.last.length;
  const [lows, highs] = curve.low.length > 0 ? [curve.low, curve.high] : [curve.min, curve.max];
  const middle = new Float64Array(n);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let used = 0;
  for (let i = 0; i < n; i++) {
    const mean = placed(mapping, curve.mean[i]);
    const greatest = finite(placed(mapping, highs[i]), mean);
    if (!Number.isFinite(greatest)) continue;
    // A column whose least value is not positive still has a greatest on a log axis.
    const least = finite(placed(mapping, lows[i]), finite(mean, greatest));
    min = Math.min(min, least);
    max = Math.max(max, greatest);
    middle[used++] = finite(mean, greatest);
  }
  if (used === 0) return null;
  const sorted = middle.subarray(0, used).sort();
  const [p5, q1, q3, p95] = [0.05, 0.25, 0.75, 0.95].map((q) => quantile(sorted, q));
  const reach = FENCE * (p95 - p5);
  // A curve that stands still but for a few points has no width to measure outliers by.
  if (reach === 0) return { min, max, low: min, high: max, q1, q3 };
  return { min, max, low: Math.max(min, p5 - reach), high: Math.min(max, p95 + reach), q1, q3 };
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
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

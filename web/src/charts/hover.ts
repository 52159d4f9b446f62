/** What each curve has at a place of a chart. */

import type { ChartColumns, CurveColumns } from "../api/columns";
import type { Axis } from "../api/types";
import { isOnMark } from "./paint";
import { type View, xPixel, yPixel } from "./view";

export interface Reading {
  run: number;
  /** Number of what the chart draws, and the curve itself: a run may have several. */
  part: number;
  curve: CurveColumns;
  /** Where the point lies that is shown: the run's nearest to the place. */
  x: number;
  /** Its step, and seconds since 1970; null where the chart does not know. */
  step: number | null;
  wall: number | null;
  /** Its value: exact; NaN and infinities too. */
  value: number;
  wide: boolean;
  smooth: number;
  /** Points in its pixel column, and their least and greatest. */
  count: number;
  min: number;
  max: number;
  /** The edges of a group's band; NaN without one. */
  low: number;
  high: number;
  /** Canvas pixels from the top to the drawn line; NaN when it cannot be drawn. */
  py: number;
  /** Pixels between the drawn line and the pointer, up or down; infinite when it cannot be drawn. */
  distance: number;
}

/** How far, in CSS pixels, beyond its last point a run is still named. */
const REACH = 8;
/** Within a curve's envelope counts as so many pixels from its line: of two envelopes the nearer line wins. */
const ENVELOPE = 3;

/** One reading of each curve that has points at `x`; `py`: the pointer's height in canvas pixels. */
export function readings(chart: ChartColumns, view: View, x: number, py: number, part = 0): Reading[] {
  const found: Reading[] = [];
  for (const curve of chart.curves) {
    const reading = readCurve(chart.axis, curve, view, x, py, part);
    if (reading) found.push(reading);
  }
  return found;
}

export function readCurve(
  axis: Axis,
  curve: CurveColumns,
  view: View,
  x: number,
  py: number,
  part: number,
): Reading | null {
  const i = nearest(curve.x, x);
  const bad = nearest(curve.badX, x);
  const distance = (at: number | undefined) =>
    at === undefined ? Number.POSITIVE_INFINITY : Math.abs(at - x);
  if (i < 0 && bad < 0) return null;
  const onMark =
    bad >= 0 && isOnMark(view, curve.badKind[bad], xPixel(view, curve.badX[bad]), xPixel(view, x), py);
  const isBad = onMark || distance(curve.badX[bad]) < distance(curve.x[i]);
  const at = isBad ? curve.badX[bad] : curve.x[i];
  if (!covers(curve, view, x, at)) return null;
  if (isBad) return badReading(axis, curve, bad, onMark, part);
  const smoothed = curve.smooth !== curve.last;
  const isBand = curve.low.length > 0;
  const drawn = yPixel(view, smoothed ? curve.smooth[i] : curve.mean[i]);
  return {
    run: curve.run,
    part,
    curve,
    x: at,
    step: curve.step.length > 0 ? Number(curve.step[i]) : axis === "step" && !isBand ? at : null,
    wall: axis === "wall" ? at : (curve.wall[i] ?? null),
    value: curve.last[i],
    wide: curve.wide,
    smooth: curve.smooth[i],
    count: curve.count ? curve.count[i] : 1,
    min: curve.min[i],
    max: curve.max[i],
    low: isBand ? curve.low[i] : Number.NaN,
    high: isBand ? curve.high[i] : Number.NaN,
    py: drawn,
    distance: Number.isNaN(drawn)
      ? Number.POSITIVE_INFINITY
      : Math.min(Math.abs(drawn - py), ENVELOPE * view.ratio + outside(curve, i, view, py)),
  };
}

/** Pixels from `py` to the span between the column's least and greatest value. */
function outside(curve: CurveColumns, i: number, view: View, py: number): number {
  const isBand = curve.low.length > 0;
  const top = yPixel(view, isBand ? curve.high[i] : curve.max[i]);
  const bottom = yPixel(view, isBand ? curve.low[i] : curve.min[i]);
  return Number.isNaN(top + bottom) ? Number.POSITIVE_INFINITY : Math.max(top - py, py - bottom, 0);
}

function badReading(axis: Axis, curve: CurveColumns, i: number, onMark: boolean, part: number): Reading {
  const x = curve.badX[i];
  return {
    run: curve.run,
    part,
    curve,
    x,
    step: axis === "step" ? x : null,
    wall: axis === "wall" ? x : null,
    value: badValue(curve.badKind[i]),
    wide: false,
    smooth: Number.NaN,
    count: curve.badCount[i],
    min: Number.NaN,
    max: Number.NaN,
    low: Number.NaN,
    high: Number.NaN,
    py: Number.NaN,
    distance: onMark ? 0 : Number.POSITIVE_INFINITY,
  };
}

/** Is `x` within the run's points, or close to the one at `at`? */
function covers(curve: CurveColumns, view: View, x: number, at: number): boolean {
  if (Math.abs(xPixel(view, at) - xPixel(view, x)) <= REACH * view.ratio) return true;
  const ends = [curve.x[0], curve.x.at(-1), curve.badX[0], curve.badX.at(-1)].filter(
    (end) => end !== undefined,
  );
  const left = curve.before ? Number.NEGATIVE_INFINITY : Math.min(...ends);
  const right = curve.after ? Number.POSITIVE_INFINITY : Math.max(...ends);
  return left <= x && x <= right;
}

function badValue(kind: number): number {
  if (kind & 1) return Number.NaN;
  return kind & 2 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** Index of the entry nearest to `x` in an ascending array, the left one of two as near; -1 when it is empty. */
export function nearest(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  if (low === sorted.length) return low - 1;
  return low > 0 && x - sorted[low - 1] <= sorted[low] - x ? low - 1 : low;
}

export type Order = "value" | "nearest" | "name";

/** `compareNames`: of what readings are of. */
export function sortReadings(
  list: readonly Reading[],
  order: Order,
  compareNames: (a: Reading, b: Reading) => number = () => 0,
): Reading[] {
  if (order === "name") return [...list].sort(compareNames);
  if (order === "nearest") return [...list].sort((a, b) => rank(a.distance) - rank(b.distance));
  return [...list].sort((a, b) => rank(b.smooth) - rank(a.smooth) || rank(b.value) - rank(a.value));
}

/** Non-numbers compare like something very large, so that they come first by value and last by nearness. */
function rank(value: number): number {
  return Number.isFinite(value) ? value : value < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE;
}

/** The reading whose line is nearest to the pointer, if it is near at all. */
export function nearestReading(list: readonly Reading[], withinPixels: number): Reading | null {
  let best: Reading | null = null;
  for (const reading of list) if (reading.distance < (best?.distance ?? withinPixels)) best = reading;
  return best;
}

/** What each run has at a place of a chart. */

import type { ChartColumns, CurveColumns } from "../api/columns";
import type { Axis } from "../api/types";
import { isOnMark } from "./paint";
import { type View, xPixel, yPixel } from "./view";

export interface Reading {
  run: number;
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
  /** Pixels between the drawn line and the pointer, up or down; infinite when it cannot be drawn. */
  distance: number;
}

/** How far, in CSS pixels, beyond its last point a run is still named. */
const REACH = 8;
/** Within a curve's envelope counts as so many pixels from its line: of two envelopes the nearer line wins. */
const ENVELOPE = 3;

/** One reading of each run that has points at `x`; `py`: the pointer's height in canvas pixels. */
export function readings(chart: ChartColumns, view: View, x: number, py: number): Reading[] {
  const found: Reading[] = [];
  for (const curve of chart.curves) {
    const reading = readCurve(chart.axis, curve, view, x, py);
    if (reading) found.push(reading);
  }
  return found;
}

function readCurve(axis: Axis, curve: CurveColumns, view: View, x: number, py: number): Reading | null {
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
  if (isBad) return badReading(axis, curve, bad, onMark);
  const smoothed = curve.smooth !== curve.last;
  const drawn = yPixel(view, smoothed ? curve.smooth[i] : curve.mean[i]);
  return {
    run: curve.run,
    x: at,
    step: axis === "step" ? at : Number(curve.step[i]),
    wall: axis === "wall" ? at : (curve.wall[i] ?? null),
    value: curve.last[i],
    wide: curve.wide,
    smooth: curve.smooth[i],
    count: curve.count ? curve.count[i] : 1,
    min: curve.min[i],
    max: curve.max[i],
    distance: Number.isNaN(drawn)
      ? Number.POSITIVE_INFINITY
      : Math.min(Math.abs(drawn - py), ENVELOPE * view.ratio + outside(curve, i, view, py)),
  };
}

/** Pixels from `py` to the span between the column's least and greatest value. */
function outside(curve: CurveColumns, i: number, view: View, py: number): number {
  const [top, bottom] = [yPixel(view, curve.max[i]), yPixel(view, curve.min[i])];
  return Number.isNaN(top + bottom) ? Number.POSITIVE_INFINITY : Math.max(top - py, py - bottom, 0);
}

function badReading(axis: Axis, curve: CurveColumns, i: number, onMark: boolean): Reading {
  const x = curve.badX[i];
  return {
    run: curve.run,
    x,
    step: axis === "step" ? x : null,
    wall: axis === "wall" ? x : null,
    value: badValue(curve.badKind[i]),
    wide: false,
    smooth: Number.NaN,
    count: curve.badCount[i],
    min: Number.NaN,
    max: Number.NaN,
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

export type Order = "value" | "nearest";

export function sortReadings(list: readonly Reading[], order: Order): Reading[] {
  if (order === "nearest") return [...list].sort((a, b) => rank(a.distance) - rank(b.distance));
  return [...list].sort((a, b) => rank(b.smooth) - rank(a.smooth) || rank(b.value) - rank(a.value));
}

/** Non-numbers compare like something very large, so that they come first by value and last by nearness. */
function rank(value: number): number {
  return Number.isFinite(value) ? value : value < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE;
}

/** The run whose line is nearest to the pointer, if it is near at all. */
export function nearestRun(list: readonly Reading[], withinPixels: number): number | null {
  let best: Reading | null = null;
  for (const reading of list) if (reading.distance < (best?.distance ?? withinPixels)) best = reading;
  return best?.run ?? null;
}

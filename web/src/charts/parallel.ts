/** Parallel coordinates: each run a line over axes that stand side by side. */

import { type Column, place, placeOf } from "../data/hparams/column";
import { linearTicks, logTicks } from "./ticks";

export interface Lane {
  column: Column;
  /** CSS pixels from the left. */
  x: number;
}

export interface Frame {
  lanes: readonly Lane[];
  /** CSS pixels: where the axes end, above and below. */
  top: number;
  bottom: number;
}

/** What is let through, of a column: places from 0 to 1. */
export type Brushes = Readonly<Record<string, readonly [number, number]>>;

const SIDE = 64;

export function frameOf(columns: readonly Column[], width: number, height: number): Frame {
  const gap = columns.length > 1 ? (width - 2 * SIDE) / (columns.length - 1) : 0;
  const lanes = columns.map((column, i) => ({ column, x: columns.length > 1 ? SIDE + i * gap : width / 2 }));
  return { lanes, top: 44, bottom: height - 20 };
}

export const yOf = (frame: Frame, at: number) => frame.bottom - at * (frame.bottom - frame.top);

/** The numbers or values to be written at an axis, and where: places from 0 to 1. */
export function ticksOf(column: Column, most: number): { at: number; value: number | string }[] {
  const { categories, min, max, log } = column;
  const values = categories
    ? categories.filter((_, i) => i % Math.max(1, Math.ceil(categories.length / most)) === 0)
    : log
      ? logTicks(min, max, most).map((power) => 10 ** power)
      : linearTicks(min, max, most);
  return values.map((value) => ({ at: placeOf(column, value), value }));
}

export function passes(columns: readonly Column[], brushes: Brushes, run: number): boolean {
  return columns.every((column) => {
    const brush = brushes[column.id];
    if (!brush) return true;
    const at = place(column, run);
    return at !== null && at >= brush[0] - 1e-9 && at <= brush[1] + 1e-9;
  });
}

/** The run's points, in CSS pixels; where it has no value the line is broken. */
export function lineOf(frame: Frame, run: number): ([number, number] | null)[] {
  return frame.lanes.map(({ column, x }) => {
    const at = place(column, run);
    return at === null ? null : [x, yOf(frame, at)];
  });
}

export function paintRuns(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  runs: readonly number[],
  colourOf: (run: number) => string,
  alpha: number,
  width: number,
): void {
  pen.lineWidth = width;
  pen.globalAlpha = alpha;
  pen.lineJoin = "round";
  for (const run of runs) {
    pen.strokeStyle = colourOf(run);
    pen.beginPath();
    strokeRun(pen, lineOf(frame, run));
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function strokeRun(pen: CanvasRenderingContext2D, points: ([number, number] | null)[]): void {
  let before: [number, number] | null = null;
  for (const point of points) {
    if (point && !before) pen.moveTo(...point);
    else if (point && before) {
      const middle = (before[0] + point[0]) / 2;
      pen.bezierCurveTo(middle, before[1], middle, point[1], ...point);
    }
    before = point;
  }
}

/** The run whose line is nearest to (x, y), if one is within `reach` pixels. */
export function nearestRun(
  frame: Frame,
  runs: readonly number[],
  x: number,
  y: number,
  reach: number,
): number | null {
  let best = reach;
  let found: number | null = null;
  for (const run of runs) {
    const distance = distanceTo(lineOf(frame, run), x, y);
    if (distance < best) [best, found] = [distance, run];
  }
  return found;
}

/** Up or down, where x lies between two axes; the curve there is the one that is painted. */
function distanceTo(points: ([number, number] | null)[], x: number, y: number): number {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (!a || !b || x < a[0] || x > b[0]) continue;
    return Math.abs(between(a, b, x) - y);
  }
  return Number.POSITIVE_INFINITY;
}

/** Both ends of the Bézier curve are level and its handles in the middle: solved for x by halving. */
function between(a: [number, number], b: [number, number], x: number): number {
  const share = (x - a[0]) / (b[0] - a[0]);
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    const along = 1.5 * t * (1 - t) * (1 - t) + 1.5 * t * t * (1 - t) + t ** 3;
    if (along < share) low = t;
    else high = t;
  }
  const rise = 3 * low * low * (1 - low) + low ** 3;
  return a[1] + rise * (b[1] - a[1]);
}

/**
 * Paints curves from the server's pixel columns. Pure: numbers in, pen strokes out; no allocation a point.
 *
 * A curve has two layers. The *envelope*, faint, goes through first, least, greatest and last value of each column, as
 * M4 does (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014): it covers exactly
 * the pixels that a line through every point would. The *line*, strong, is the smoothed value, or the column's mean.
 */

import type { ChartColumns, CurveColumns, Values } from "../api/columns";
import { type View, xPixel, yPixel } from "./view";

/** The part of a 2d context that is used. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "closePath"
  | "arc"
  | "stroke"
  | "fill"
  | "strokeStyle"
  | "fillStyle"
  | "lineWidth"
  | "lineJoin"
  | "globalAlpha"
>;

export interface Style {
  colour: string;
  /** Line width in CSS pixels; 0 is a hairline, one device pixel. */
  width: number;
  /** Opacity of line and envelope. */
  line: number;
  envelope: number;
  /** A dot at each point, when they lie far apart. */
  dots: boolean;
}

export const NAN = 1;
export const PLUS = 2;
export const MINUS = 4;

/** Thick lines for a few runs; hairlines, which also paint ten times faster, for many. The more, the fainter. */
export function styleFor(colour: string, runs: number): Style {
  if (runs > 60) return { colour, width: 0, line: runs > 200 ? 0.55 : 0.7, envelope: 0.1, dots: false };
  const envelope = runs === 1 ? 0.3 : runs <= 4 ? 0.24 : runs <= 12 ? 0.2 : 0.14;
  return { colour, width: runs > 20 ? 1.25 : 1.6, line: 1, envelope, dots: true };
}

/** Nothing when it would not differ from the line. */
export function paintEnvelope(
  pen: Pen,
  chart: ChartColumns,
  curve: CurveColumns,
  view: View,
  style: Style,
): void {
  if (curve.smooth === curve.last && curve.count === null) return;
  pen.strokeStyle = style.colour;
  pen.lineJoin = "bevel";
  pen.lineWidth = Math.max(1, Math.min(1, style.width) * view.ratio);
  pen.globalAlpha = style.envelope;
  strokeEnvelope(pen, chart, curve, view);
  pen.globalAlpha = 1;
}

export function paintLine(pen: Pen, _: ChartColumns, curve: CurveColumns, view: View, style: Style): void {
  const smoothed = curve.smooth !== curve.last;
  const values = smoothed ? curve.smooth : curve.mean;
  pen.strokeStyle = style.colour;
  pen.fillStyle = style.colour;
  pen.lineJoin = "bevel";
  pen.lineWidth = Math.max(1, style.width * view.ratio);
  pen.globalAlpha = style.line;
  strokeLine(pen, curve, view, values, smoothed ? 2 : 1);
  if (style.dots) fillDots(pen, curve, view, values, style.width);
  pen.globalAlpha = 1;
}

/** `outside`: which of before's and after's numbers continues the line. */
function strokeLine(pen: Pen, curve: CurveColumns, view: View, values: Values, outside: 1 | 2): void {
  const { x, before, after } = curve;
  const gap = new Gaps(curve);
  let drawing = false;
  pen.beginPath();
  if (before) drawing = extend(pen, view, before[0], before[outside], false);
  for (let i = 0; i < x.length; i++) {
    if (gap.before(i)) drawing = false;
    drawing = extend(pen, view, x[i], values[i], drawing);
  }
  if (after && !gap.before(x.length)) extend(pen, view, after[0], after[outside], drawing);
  pen.stroke();
}

function strokeEnvelope(pen: Pen, chart: ChartColumns, curve: CurveColumns, view: View): void {
  const { x, column, first, min, max, last, count, before, after } = curve;
  const gap = new Gaps(curve);
  const step = chart.width;
  const middle = chart.start + step / 2;
  let drawing = false;
  pen.beginPath();
  if (before) drawing = extend(pen, view, before[0], before[1], false);
  for (let i = 0; i < x.length; i++) {
    if (gap.before(i)) drawing = false;
    if (count === null || count[i] === 1) {
      drawing = extend(pen, view, x[i], last[i], drawing);
      continue;
    }
    const at = middle + column[i] * step;
    drawing = extend(pen, view, at, first[i], drawing);
    drawing = extend(pen, view, at, min[i], drawing);
    drawing = extend(pen, view, at, max[i], drawing);
    drawing = extend(pen, view, at, last[i], drawing);
  }
  if (after && !gap.before(x.length)) extend(pen, view, after[0], after[1], drawing);
  pen.stroke();
}

/** Draw or, after a gap, move to a point; false when the axis cannot show it. */
function extend(pen: Pen, view: View, x: number, y: number, drawing: boolean): boolean {
  const py = yPixel(view, y);
  if (Number.isNaN(py)) return false;
  const px = xPixel(view, x);
  // Canvas coordinates far outside lose precision and time; nothing beyond the edges can be seen anyway.
  const clamped = Math.max(-2 * view.height, Math.min(3 * view.height, py));
  if (drawing) pen.lineTo(px, clamped);
  else pen.moveTo(px, clamped);
  return true;
}

/** Nearest dots may come, in CSS pixels. */
const DOT_SPACING = 14;

function fillDots(pen: Pen, curve: CurveColumns, view: View, values: Values, width: number): void {
  const { x } = curve;
  const alone = x.length === 1 && !curve.before && !curve.after;
  const across = xPixel(view, x[x.length - 1] ?? 0) - xPixel(view, x[0] ?? 0);
  if (!alone && across < DOT_SPACING * view.ratio * Math.max(1, x.length - 1)) return;
  const radius = (alone ? 3 : 1.1 + width * 0.6) * view.ratio;
  for (let i = 0; i < x.length; i++) {
    const py = yPixel(view, values[i]);
    if (Number.isNaN(py)) continue;
    pen.beginPath();
    pen.arc(xPixel(view, x[i]), py, radius, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Half the width of a mark, in CSS pixels. */
const MARK = 4;

/** Mark what cannot be drawn as a point: ▲ +∞ at the upper edge, ▼ −∞ at the lower, ◆ NaN just above it. */
export function paintMarks(pen: Pen, curve: CurveColumns, view: View, colour: string, surface: string): void {
  const { badX, badKind } = curve;
  if (badX.length === 0) return;
  const size = MARK * view.ratio;
  pen.fillStyle = colour;
  pen.strokeStyle = surface; // a ring, so that a mark is seen on a curve of its own colour
  pen.lineWidth = 3 * view.ratio;
  pen.globalAlpha = 1;
  pen.beginPath();
  for (let i = 0; i < badX.length; i++) {
    const x = xPixel(view, badX[i]);
    if (badKind[i] & PLUS) triangle(pen, x, 0, size, 1);
    if (badKind[i] & MINUS) triangle(pen, x, view.height, size, -1);
    if (badKind[i] & NAN) diamond(pen, x, view.height - 3 * size, size);
  }
  pen.stroke();
  pen.fill();
}

/** Does (x, y), in canvas pixels, point at the mark of a column of this kind? */
export function isOnMark(view: View, kind: number, markX: number, x: number, y: number): boolean {
  const size = MARK * view.ratio;
  if (Math.abs(markX - x) > 1.5 * size) return false;
  return Boolean(
    (kind & PLUS && y <= 2.5 * size) ||
      (kind & MINUS && y >= view.height - 2.5 * size) ||
      (kind & NAN && Math.abs(y - (view.height - 3 * size)) <= 1.5 * size),
  );
}

/** The tip on the edge at `y`, the rest inside. */
function triangle(pen: Pen, x: number, y: number, size: number, inwards: 1 | -1): void {
  pen.moveTo(x, y);
  pen.lineTo(x + size, y + inwards * 1.6 * size);
  pen.lineTo(x - size, y + inwards * 1.6 * size);
  pen.closePath();
}

function diamond(pen: Pen, x: number, y: number, size: number): void {
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.closePath();
}

/** Where a line is broken: between two columns with points when every point between them is non-finite. */
class Gaps {
  #curve: CurveColumns;
  #next = 0;

  constructor(curve: CurveColumns) {
    this.#curve = curve;
  }

  /** Asked with ascending `i`: is there a non-finite column after entry i - 1 and before entry i? */
  before(i: number): boolean {
    const { column, badColumn } = this.#curve;
    const left = i > 0 ? column[i - 1] : -1;
    const right = i < column.length ? column[i] : Number.POSITIVE_INFINITY;
    while (this.#next < badColumn.length && badColumn[this.#next] <= left) this.#next++;
    return this.#next < badColumn.length && badColumn[this.#next] < right;
  }
}

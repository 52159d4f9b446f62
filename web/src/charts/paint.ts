/**
 * Paints curves from the server's pixel columns. Pure: numbers in, pen strokes out; no allocation a point.
 *
 * A curve has two layers. The *envelope*, faint, goes through first, least, greatest and last value of each column, as
 * M4 does (Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014): it covers exactly
 * the pixels that a line through every point would. The *line*, strong, is the smoothed value, or the column's mean.
 * A group of runs has a *band* instead of the envelope: what lies between its edges.
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
  | "setLineDash"
>;

export interface Style {
  colour: string;
  /** Line width in CSS pixels; 0 is a hairline, one device pixel. */
  width: number;
  /** Opacity of line and envelope, and of a band. */
  line: number;
  envelope: number;
  /** A dot at each point: when they lie far apart, always, or never. */
  dots: "apart" | "all" | "none";
  /** Lengths of strokes and gaps in CSS pixels; none: solid. */
  dash: readonly number[];
}

const SOLID: readonly number[] = [];
/** Of what a chart draws, one after another. */
export const DASHES: readonly (readonly number[])[] = [SOLID, [7, 3], [2, 3], [9, 3, 2, 3], [4, 2], [12, 4]];

export const NAN = 1;
export const PLUS = 2;
export const MINUS = 4;

/** Thick lines for a few runs; hairlines, which also paint ten times faster, for many. The more, the fainter. */
export function styleFor(colour: string, runs: number): Style {
  if (runs > 60)
    return { colour, width: 0, line: runs > 200 ? 0.55 : 0.7, envelope: 0.1, dots: "none", dash: SOLID };
  const envelope = runs === 1 ? 0.3 : runs <= 4 ? 0.24 : runs <= 12 ? 0.2 : 0.14;
  return { colour, width: runs > 20 ? 1.25 : 1.6, line: 1, envelope, dots: "apart", dash: SOLID };
}

/** A branch that a later session replaced is faint and dotted; one process of several is thinner than a whole run. */
export function styleOf(curve: CurveColumns, style: Style): Style {
  if (curve.superseded)
    return { ...style, line: 0.5 * style.line, envelope: 0.5 * style.envelope, width: 1, dash: [3, 3] };
  return curve.rank === null ? style : { ...style, width: Math.min(style.width, 1), line: 0.6 * style.line };
}

/** Nothing when it would not differ from the line. */
export function paintEnvelope(
  pen: Pen,
  chart: ChartColumns,
  curve: CurveColumns,
  view: View,
  style: Style,
): void {
  if ((curve.smooth === curve.last && curve.count === null) || curve.low.length > 0) return;
  pen.strokeStyle = style.colour;
  pen.lineJoin = "bevel";
  pen.lineWidth = Math.max(1, Math.min(1, style.width) * view.ratio);
  pen.globalAlpha = style.envelope;
  strokeEnvelope(pen, chart, curve, view);
  pen.globalAlpha = 1;
}

/** What lies between the edges of a band; nothing of a curve without one. */
export function paintBand(pen: Pen, _: ChartColumns, curve: CurveColumns, view: View, style: Style): void {
  if (curve.low.length === 0) return;
  pen.fillStyle = style.colour;
  pen.globalAlpha = BAND * style.envelope;
  pen.beginPath();
  const { length } = curve.x;
  for (let begin = 0; begin < length; ) {
    let end = begin;
    while (end < length && hasEdges(curve, view, end)) end++;
    if (end > begin) outline(pen, curve, view, begin, end);
    begin = end + 1;
  }
  pen.fill();
  pen.globalAlpha = 1;
}

/** Of a band's opacity to an envelope's: a wide area weighs more than a jagged line. */
const BAND = 0.6;

function hasEdges(curve: CurveColumns, view: View, i: number): boolean {
  return !Number.isNaN(yPixel(view, curve.high[i])) && !Number.isNaN(curve.low[i]);
}

/** Along the upper edge and back along the lower. A lower edge that the axis cannot show lies at its bottom. */
function outline(pen: Pen, curve: CurveColumns, view: View, begin: number, end: number): void {
  const { x, low, high } = curve;
  for (let i = begin; i < end; i++) extend(pen, view, x[i], high[i], i > begin);
  for (let i = end - 1; i >= begin; i--) {
    const py = yPixel(view, low[i]);
    pen.lineTo(xPixel(view, x[i]), Number.isNaN(py) ? view.height : clamped(view, py));
  }
  pen.closePath();
}

export function paintLine(pen: Pen, _: ChartColumns, curve: CurveColumns, view: View, style: Style): void {
  const smoothed = curve.smooth !== curve.last;
  const values = smoothed ? curve.smooth : curve.mean;
  pen.strokeStyle = style.colour;
  pen.fillStyle = style.colour;
  pen.lineJoin = "bevel";
  pen.lineWidth = Math.max(1, style.width * view.ratio);
  pen.globalAlpha = style.line;
  if (style.dash.length > 0) pen.setLineDash(style.dash.map((length) => length * view.ratio));
  strokeLine(pen, curve, view, values, smoothed ? 2 : 1);
  if (style.dash.length > 0) pen.setLineDash([]);
  if (style.dots === "all") fillDots(pen, curve, view, curve.last, style.width);
  else if (style.dots === "apart" && liesApart(curve, view)) fillDots(pen, curve, view, values, style.width);
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
  const log = view.xLog;
  const middle = (log ? Math.log10(chart.start) : chart.start) + step / 2;
  let drawing = false;
  pen.beginPath();
  if (before) drawing = extend(pen, view, before[0], before[1], false);
  for (let i = 0; i < x.length; i++) {
    if (gap.before(i)) drawing = false;
    if (count === null || count[i] === 1) {
      drawing = extend(pen, view, x[i], last[i], drawing);
      continue;
    }
    const at = log ? 10 ** (middle + column[i] * step) : middle + column[i] * step;
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
  if (Number.isNaN(px)) return false;
  if (drawing) pen.lineTo(px, clamped(view, py));
  else pen.moveTo(px, clamped(view, py));
  return true;
}

/** Canvas coordinates far outside lose precision and time; nothing beyond the edges can be seen anyway. */
function clamped(view: View, py: number): number {
  return Math.max(-2 * view.height, Math.min(3 * view.height, py));
}

/** Nearest dots may come, in CSS pixels. */
const DOT_SPACING = 14;

function liesApart({ x, before, after }: CurveColumns, view: View): boolean {
  if (x.length === 1 && !before && !after) return true;
  const across = xPixel(view, x[x.length - 1] ?? 0) - xPixel(view, x[0] ?? 0);
  return across >= DOT_SPACING * view.ratio * Math.max(1, x.length - 1);
}

function fillDots(pen: Pen, curve: CurveColumns, view: View, values: Values, width: number): void {
  const { x } = curve;
  const alone = x.length === 1 && !curve.before && !curve.after;
  const radius = (alone ? 3 : 1.1 + width * 0.6) * view.ratio;
  pen.beginPath();
  for (let i = 0; i < x.length; i++) {
    const px = xPixel(view, x[i]);
    const py = yPixel(view, values[i]);
    if (Number.isNaN(px + py)) continue;
    pen.moveTo(px + radius, py);
    pen.arc(px, py, radius, 0, 2 * Math.PI);
  }
  pen.fill();
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
    if (Number.isNaN(x)) continue;
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

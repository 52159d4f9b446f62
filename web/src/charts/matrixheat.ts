/** A matrix of classes as colours, with its numbers where there is room, its labels beside and above. */

import { colourMap, LEVELS } from "./colourmap";

export interface HeatMatrix {
  labels: readonly string[];
  /** [rows * columns] */
  values: Float64Array;
  /** Below and above zero, or from zero on. */
  isDifference: boolean;
  dark: boolean;
  text: (value: number) => string;
  rowTitle: string;
  columnTitle: string;
  /** The cell under the pointer. */
  hovered: number | null;
}

export interface Box {
  left: number;
  top: number;
  /** Of a cell. */
  size: number;
}

const LEAST_TEXT = 24;
const LEAST_LABEL = 9;
const GAP = 6;

/** Where the cells lie; `labels` take what the longest needs, a third at most. */
export function boxOf(
  pen: CanvasRenderingContext2D,
  labels: readonly string[],
  width: number,
  height: number,
): Box {
  pen.font = fontOf(pen, 11);
  const longest = labels.reduce((most, label) => Math.max(most, pen.measureText(label).width), 0);
  const room = Math.min(longest + GAP, Math.min(width, height) / 3);
  const [left, top] = [18 + room, 18 + room];
  return { left, top, size: Math.max(1, Math.min(width - left - 2, height - top - 2) / labels.length) };
}

export function cellAt(box: Box, classes: number, x: number, y: number): number | null {
  const [column, row] = [Math.floor((x - box.left) / box.size), Math.floor((y - box.top) / box.size)];
  const isInside = column >= 0 && row >= 0 && column < classes && row < classes;
  return isInside ? row * classes + column : null;
}

export function paintMatrix(pen: CanvasRenderingContext2D, box: Box, matrix: HeatMatrix): void {
  const { labels, values, isDifference, dark, hovered } = matrix;
  const n = labels.length;
  const style = getComputedStyle(pen.canvas);
  const [ink, muted] = [style.getPropertyValue("--text"), style.getPropertyValue("--muted")];
  const map = colourMap(isDifference ? "diverging" : "sequential", dark);
  const most = values.reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 0) || 1;
  const levelOf = (value: number) => {
    const share = isDifference ? (value / most + 1) / 2 : value / most;
    return 1 + Math.round(Math.min(1, Math.max(0, share)) * (LEVELS - 1));
  };
  const gap = box.size > 12 ? 1 : 0;
  for (let at = 0; at < n * n; at++) {
    const x = box.left + (at % n) * box.size;
    const y = box.top + Math.floor(at / n) * box.size;
    const level = levelOf(values[at]);
    pen.fillStyle = map.css[level];
    pen.fillRect(x, y, box.size - gap + 0.25, box.size - gap + 0.25);
    if (box.size < LEAST_TEXT) continue;
    pen.fillStyle = isBright(map.css[level]) ? "#101318" : "#ffffff";
    pen.font = fontOf(pen, Math.min(12, box.size / 2.6));
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const text = matrix.text(values[at]);
    if (pen.measureText(text).width < box.size - 3) pen.fillText(text, x + box.size / 2, y + box.size / 2);
  }
  paintLabels(pen, box, labels, muted, ink, hovered);
  paintTitles(pen, box, matrix, muted);
  if (hovered !== null) {
    pen.strokeStyle = ink;
    pen.lineWidth = 1.5;
    pen.strokeRect(
      box.left + (hovered % n) * box.size,
      box.top + Math.floor(hovered / n) * box.size,
      box.size - gap,
      box.size - gap,
    );
  }
}

/** As many as there is room for, each beside its row and above its column. */
function paintLabels(
  pen: CanvasRenderingContext2D,
  box: Box,
  labels: readonly string[],
  muted: string,
  ink: string,
  hovered: number | null,
): void {
  const n = labels.length;
  const stride = Math.ceil(LEAST_LABEL / box.size);
  const room = box.left - 18 - GAP;
  pen.font = fontOf(pen, Math.min(11, Math.max(LEAST_LABEL, box.size * 0.8)));
  pen.textBaseline = "middle";
  const isAt = {
    row: hovered === null ? -1 : Math.floor(hovered / n),
    column: hovered === null ? -1 : hovered % n,
  };
  for (let i = 0; i < n; i += stride) {
    const middle = (i + 0.5) * box.size;
    const text = cut(pen, labels[i], room);
    pen.fillStyle = i === isAt.row ? ink : muted;
    pen.textAlign = "right";
    pen.fillText(text, box.left - GAP, box.top + middle);
    pen.save();
    pen.translate(box.left + middle, box.top - GAP);
    pen.rotate(-Math.PI / 2);
    pen.fillStyle = i === isAt.column ? ink : muted;
    pen.textAlign = "left";
    pen.fillText(text, 0, 0);
    pen.restore();
  }
}

function paintTitles(pen: CanvasRenderingContext2D, box: Box, matrix: HeatMatrix, muted: string): void {
  const middle = (matrix.labels.length * box.size) / 2;
  pen.fillStyle = muted;
  pen.font = fontOf(pen, 11, 600);
  pen.textAlign = "center";
  pen.textBaseline = "top";
  pen.fillText(matrix.columnTitle, box.left + middle, 1);
  pen.save();
  pen.translate(1, box.top + middle);
  pen.rotate(-Math.PI / 2);
  pen.fillText(matrix.rowTitle, 0, 0);
  pen.restore();
}

function cut(pen: CanvasRenderingContext2D, text: string, room: number): string {
  if (pen.measureText(text).width <= room) return text;
  let kept = text.length;
  while (kept > 1 && pen.measureText(`${text.slice(0, kept)}…`).width > room) kept--;
  return `${text.slice(0, kept)}…`;
}

const fontOf = (pen: CanvasRenderingContext2D, size: number, weight = 400) =>
  `${weight} ${size}px ${getComputedStyle(pen.canvas).fontFamily}`;

/** By relative luminance, roughly. */
function isBright(hex: string): boolean {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 140;
}

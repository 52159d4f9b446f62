/** Paints a laid-out graph: what is on the screen, and no smaller than can be seen. */

import type { Layout, Placed } from "../../data/graph/layout";
import type { Operation } from "../../data/graph/model";

export interface Camera {
  /** CSS pixels a unit of the layout. */
  scale: number;
  /** Where the layout's origin lies, in CSS pixels. */
  x: number;
  y: number;
}

export interface Look {
  text: string;
  muted: string;
  line: string;
  surface: string;
  hover: string;
  accent: string;
  font: string;
  /** Of an operation or module. */
  fill(placed: Placed): string;
  /** What the text beside a box says, "" for nothing. */
  note(placed: Placed): string;
}

export interface Marked {
  /** The chosen box. */
  chosen: string | null;
  /** What a search found. */
  found: ReadonlySet<string>;
}

/** Below so many pixels a text is not written, and a box not outlined. */
const READABLE = 6;
const LEAST_AT_FIRST = 0.6;

export function paintGraph(
  pen: CanvasRenderingContext2D,
  layout: Layout,
  camera: Camera,
  size: { width: number; height: number },
  ratio: number,
  look: Look,
  marked: Marked,
): void {
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  const { scale, x, y } = camera;
  pen.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
  const view = {
    left: -x / scale,
    top: -y / scale,
    right: (size.width - x) / scale,
    bottom: (size.height - y) / scale,
  };
  const seen = layout.placed.filter(
    (box) =>
      box.x + box.width / 2 > view.left &&
      box.x - box.width / 2 < view.right &&
      box.y + box.height / 2 > view.top &&
      box.y - box.height / 2 < view.bottom,
  );
  for (const box of seen) paintBox(pen, box, scale, look, marked);
  paintEdges(pen, layout, view, scale, look, marked.chosen);
  for (const box of seen) paintText(pen, box, scale, look);
}

function paintBox(
  pen: CanvasRenderingContext2D,
  box: Placed,
  scale: number,
  look: Look,
  marked: Marked,
): void {
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
  const isChosen = box.item.id === marked.chosen;
  pen.fillStyle = box.open ? (box.depth % 2 === 0 ? look.surface : look.hover) : look.fill(box);
  pen.strokeStyle = isChosen || marked.found.has(box.item.id) ? look.accent : look.line;
  pen.lineWidth = (isChosen || marked.found.has(box.item.id) ? 2.5 : 1) / Math.min(1, Math.max(scale, 0.2));
  pen.beginPath();
  pen.roundRect(left, top, box.width, box.height, box.item.kind === "operation" ? box.height / 2 : 7);
  pen.fill();
  if (box.height * scale > READABLE || isChosen) pen.stroke();
}

function paintText(pen: CanvasRenderingContext2D, box: Placed, scale: number, look: Look): void {
  if (12 * scale < READABLE) return;
  const label = box.item.label;
  pen.font = `${box.item.kind === "module" ? "600 " : ""}12px ${look.font}`;
  pen.textBaseline = "middle";
  pen.fillStyle = look.text;
  if (box.open) {
    pen.textAlign = "left";
    pen.fillText(`− ${label}`, box.x - box.width / 2 + 10, box.y - box.height / 2 + 14);
    return;
  }
  pen.textAlign = "center";
  pen.fillText(box.item.kind === "module" ? `+ ${label}` : label, box.x, box.y);
  const note = look.note(box);
  if (!note || 10 * scale < READABLE) return;
  pen.font = `10px ${look.font}`;
  pen.fillStyle = look.muted;
  pen.fillText(note, box.x, box.y + box.height / 2 + 8);
}

function paintEdges(
  pen: CanvasRenderingContext2D,
  layout: Layout,
  view: { left: number; top: number; right: number; bottom: number },
  scale: number,
  look: Look,
  chosen: string | null,
): void {
  for (const edge of layout.edges) {
    const { points } = edge;
    let [left, top, right, bottom] = [points[0], points[1], points[0], points[1]];
    for (let i = 2; i < points.length; i += 2) {
      left = Math.min(left, points[i]);
      right = Math.max(right, points[i]);
      top = Math.min(top, points[i + 1]);
      bottom = Math.max(bottom, points[i + 1]);
    }
    if (right < view.left || left > view.right || bottom < view.top || top > view.bottom) continue;
    const isChosen = chosen !== null && (edge.from === chosen || edge.to === chosen);
    pen.strokeStyle = isChosen ? look.accent : look.muted;
    pen.globalAlpha = isChosen ? 1 : 0.55;
    pen.lineWidth = Math.min(5, 0.9 + Math.log2(edge.count) / 2) / Math.max(0.5, Math.min(1, scale));
    pen.setLineDash(edge.control ? [3, 3] : []);
    pen.beginPath();
    pen.moveTo(points[0], points[1]);
    for (let i = 2; i < points.length - 2; i += 2)
      pen.quadraticCurveTo(
        points[i],
        points[i + 1],
        (points[i] + points[i + 2]) / 2,
        (points[i + 1] + points[i + 3]) / 2,
      );
    pen.lineTo(points[points.length - 2], points[points.length - 1]);
    pen.stroke();
    if (7 * scale > 2) arrow(pen, points);
  }
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

function arrow(pen: CanvasRenderingContext2D, points: readonly number[]): void {
  const n = points.length;
  const [x, y] = [points[n - 2], points[n - 1]];
  const angle = Math.atan2(y - points[n - 3], x - points[n - 4]);
  pen.fillStyle = pen.strokeStyle;
  pen.beginPath();
  pen.moveTo(x, y);
  for (const side of [-0.4, 0.4]) pen.lineTo(x - 7 * Math.cos(angle + side), y - 7 * Math.sin(angle + side));
  pen.fill();
}

/** The innermost box at a place of the layout. */
export function boxAt(layout: Layout, x: number, y: number): Placed | null {
  let found: Placed | null = null;
  for (const box of layout.placed)
    if (Math.abs(box.x - x) <= box.width / 2 && Math.abs(box.y - y) <= box.height / 2)
      if (!found || box.depth >= found.depth) found = box;
  return found;
}

/** So that all of it is seen, not larger than it is. */
export function fitting(layout: Layout, size: { width: number; height: number }): Camera {
  const margin = 24;
  const scale = Math.min(
    1,
    (size.width - 2 * margin) / Math.max(1, layout.width),
    (size.height - 2 * margin) / Math.max(1, layout.height),
  );
  return {
    scale,
    x: (size.width - layout.width * scale) / 2,
    y: Math.max(margin, (size.height - layout.height * scale) / 2),
  };
}

/** As a person begins: readable, from above where it is too tall to be seen as a whole. */
export function opening(layout: Layout, size: { width: number; height: number }): Camera {
  const whole = fitting(layout, size);
  if (whole.scale >= LEAST_AT_FIRST) return whole;
  return { scale: LEAST_AT_FIRST, x: (size.width - layout.width * LEAST_AT_FIRST) / 2, y: 24 };
}

/** Which sort of operation a colour is for. */
export function sortOf(operation: Operation): "parameter" | "constant" | "input" | "other" {
  if (operation.parameters > 0 || /^(VariableV?2?|VarHandleOp|Parameter|initializer)$/.test(operation.op))
    return "parameter";
  if (/const/i.test(operation.op)) return "constant";
  return /^(Placeholder|IO Node|prim::Param|input|output)/i.test(operation.op) ? "input" : "other";
}

/** A chart with its title, axes, names and legend, as it is exported: the same curves by the same painters. */

import type { Axis } from "../api/types";
import type { Format } from "../i18n/format";
import { placedTicks, xTick } from "./axes";
import { type Drawing, hasRight, type Scene, sceneOf } from "./figure";
import { DASHES, type Pen } from "./paint";
import { type Look, paintCurves } from "./painting";
import { DURATIONS, linearTicks, logTicks, ticksBetween } from "./ticks";
import type { View } from "./view";

/** A pen that writes, too. `within`: what `paint` draws lies in a box, from its corner, and nothing beyond it. */
export type TextPen = Pen &
  Pick<CanvasRenderingContext2D, "font" | "textAlign" | "fillText" | "fillRect"> & {
    within(left: number, top: number, width: number, height: number, paint: () => void): void;
  };

export interface Entry {
  name: string;
  colour: string;
  /** Number of what is drawn, which has a dash. */
  part: number;
}

export interface Sheet {
  title: string;
  xName: string;
  leftName: string;
  rightName: string;
  legend: readonly Entry[];
  /** What stands in the legend for those that have no place in it. */
  more: string;
  drawing: Drawing;
}

export interface SheetLook extends Look {
  format(): Format;
  text(): string;
  grid(): string;
  fontFamily: string;
  measure(text: string, font: string): number;
}

export const WIDTH = 960;
const PLOT_HEIGHT = 420;
const EDGE = 20;
const TITLE = 40;
const NAMES = 22;
const Y_TICKS = 58;
const X_TICKS = 48;
const ROW = 20;
const SAMPLE = 26;
const GAP = 18;

interface Placed extends Entry {
  left: number;
  row: number;
}

/** How high the sheet is. */
export function sheetHeight(sheet: Sheet, look: SheetLook): number {
  return TITLE + NAMES + PLOT_HEIGHT + X_TICKS + legendRows(sheet, look).rows * ROW + EDGE;
}

export function paintSheet(pen: TextPen, sheet: Sheet, look: SheetLook): void {
  const { drawing } = sheet;
  const height = sheetHeight(sheet, look);
  const right = hasRight(drawing) ? Y_TICKS : EDGE;
  const box = {
    left: EDGE + Y_TICKS - 8,
    top: TITLE + NAMES,
    width: WIDTH - (EDGE + Y_TICKS - 8) - right,
    height: PLOT_HEIGHT,
  };
  pen.fillStyle = look.surface();
  pen.fillRect(0, 0, WIDTH, height);
  write(pen, sheet.title, EDGE, 28, { font: `600 16px ${look.fontFamily}`, colour: look.text() });
  const scene = sceneOf(drawing, { width: box.width, height: box.height }, 1);
  paintAxes(pen, sheet, scene, box, look);
  pen.within(box.left, box.top, box.width, box.height, () => {
    for (const _ of paintCurves(pen, drawing, scene, look));
  });
  paintLegend(pen, legendRows(sheet, look).placed, box.top + box.height + X_TICKS, look);
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function paintAxes(pen: TextPen, sheet: Sheet, scene: Scene, box: Box, look: SheetLook): void {
  const style = { font: `12px ${look.fontFamily}`, colour: look.muted() };
  const { left, top, width, height } = box;
  const bottom = top + height;
  for (const [place, text] of yTicks(scene.left, look.format())) {
    const y = top + (1 - (place - scene.left.y0) / (scene.left.y1 - scene.left.y0)) * height;
    line(pen, left, y, left + width, y, look.grid());
    write(pen, text, left - 8, y + 4, { ...style, align: "right" });
  }
  if (scene.right) {
    for (const [place, text] of yTicks(scene.right, look.format())) {
      const y = top + (1 - (place - scene.right.y0) / (scene.right.y1 - scene.right.y0)) * height;
      write(pen, text, left + width + 8, y + 4, style);
    }
  }
  line(pen, left, bottom, left + width, bottom, look.muted());
  for (const [place, text] of xTicks(scene.left, sheet.drawing, look.format())) {
    const x = left + ((place - scene.left.x0) / (scene.left.x1 - scene.left.x0)) * width;
    line(pen, x, bottom, x, bottom + 5, look.muted());
    write(pen, text, x, bottom + 19, { ...style, align: "center" });
  }
  write(pen, sheet.xName, left + width / 2, bottom + 38, { ...style, align: "center" });
  write(pen, fitting(sheet.leftName, style.font, width * 0.6, look), EDGE, top - 10, style);
  write(pen, fitting(sheet.rightName, style.font, width * 0.35, look), WIDTH - EDGE, top - 10, {
    ...style,
    align: "right",
  });
}

/** Places with their texts. */
function yTicks(view: View, format: Format): [number, string][] {
  const most = PLOT_HEIGHT / 48;
  const places = ticksBetween(view.y0, view.y1, view.y, most);
  if (view.y.kind !== "linear") return zipped(places, placedTicks(places, view.y, format));
  const stride = places.length > 1 ? places[1] - places[0] : 1;
  const largest = Math.max(...places.map(Math.abs));
  return zipped(
    places,
    places.map((place) => format.tick(place, stride, largest)),
  );
}

function xTicks(view: View, { axis, x }: Drawing, format: Format): [number, string][] {
  const kind = { axis, other: x !== "" };
  if (view.xLog) {
    const places = logTicks(view.x0, view.x1, 10);
    return zipped(
      places,
      places.map((place) => xTick(format, kind, 10 ** place, 10 ** place)),
    );
  }
  const places = kind.other ? linearTicks(view.x0, view.x1, 10) : placesAlong(axis, view.x0, view.x1);
  const stride = places.length > 1 ? places[1] - places[0] : 1;
  return zipped(
    places,
    places.map((place) => xTick(format, kind, place, stride)),
  );
}

/** Steps are whole; times stand at what clocks count in, days at midnight. */
export function placesAlong(axis: Axis, start: number, stop: number, most = 10): number[] {
  if (axis === "step") {
    const whole = linearTicks(start, stop, most).filter(Number.isInteger);
    return whole.length > 0 ? whole : linearTicks(start, stop, most);
  }
  const room = axis === "wall" ? most * 0.8 : most;
  const stride = DURATIONS.find((one) => (stop - start) / one <= room) ?? DURATIONS[DURATIONS.length - 1];
  const shift = axis === "wall" ? new Date(start * 1000).getTimezoneOffset() * 60 : 0;
  const places: number[] = [];
  for (let k = Math.ceil((start - shift) / stride); k * stride + shift <= stop; k++)
    places.push(k * stride + shift);
  return places;
}

function zipped(places: readonly number[], texts: readonly string[]): [number, string][] {
  return places.map((place, i) => [place, texts[i]]);
}

const MOST_ROWS = 12;

/** Entries side by side, in as many rows as it takes; what is beyond the last row is counted. */
function legendRows(sheet: Sheet, look: SheetLook): { placed: Placed[]; rows: number } {
  const font = `12px ${look.fontFamily}`;
  const placed: Placed[] = [];
  let left = EDGE;
  let row = 0;
  const step = (width: number) => {
    if (left > EDGE && left + width > WIDTH - EDGE) [left, row] = [EDGE, row + 1];
    const at = left;
    left += width + GAP;
    return at;
  };
  for (const entry of sheet.legend) {
    const name = fitting(entry.name, font, WIDTH / 2, look);
    const at = step(SAMPLE + look.measure(name, font));
    if (row >= MOST_ROWS) {
      placed.push({ name: sheet.more, colour: "", part: 0, left: EDGE, row });
      break;
    }
    placed.push({ ...entry, name, left: at, row });
  }
  return { placed, rows: placed.length === 0 ? 0 : row + 1 };
}

function paintLegend(pen: TextPen, placed: readonly Placed[], top: number, look: SheetLook): void {
  for (const { name, colour, part, left, row } of placed) {
    const y = top + row * ROW + ROW / 2;
    const style = { font: `12px ${look.fontFamily}`, colour: look.text() };
    if (colour === "") {
      write(pen, name, left, y + 4, style);
      continue;
    }
    pen.lineWidth = 2;
    pen.setLineDash([...DASHES[part % DASHES.length]]);
    line(pen, left, y, left + SAMPLE - 8, y, colour, 2);
    pen.setLineDash([]);
    write(pen, name, left + SAMPLE, y + 4, style);
  }
}

function line(pen: TextPen, x0: number, y0: number, x1: number, y1: number, colour: string, width = 1): void {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.globalAlpha = 1;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function write(
  pen: TextPen,
  text: string,
  x: number,
  y: number,
  { font, colour, align = "left" }: { font: string; colour: string; align?: CanvasTextAlign },
): void {
  if (text === "") return;
  pen.font = font;
  pen.fillStyle = colour;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}

/** `text`, or as much of it as is at most `width` wide. */
function fitting(text: string, font: string, width: number, look: SheetLook): string {
  if (look.measure(text, font) <= width) return text;
  const letters = [...text];
  while (letters.length > 1 && look.measure(`${letters.join("")}…`, font) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** Axes around a picture that is painted on one canvas. */

import type { Format } from "../i18n/format";
import { type Mapping, placed, valueAt } from "./scale";
import { linearTicks, ticksBetween } from "./ticks";

/** Where the picture lies on the canvas, in CSS pixels. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Look {
  text: string;
  faint: string;
  grid: string;
  surface: string;
  accent: string;
  bad: string;
  font: string;
  format: Format;
}

/** The page's own colours. */
export function lookOf(element: Element, format: Format): Look {
  const style = getComputedStyle(element);
  const css = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: css("--muted"),
    faint: css("--faint"),
    grid: css("--grid"),
    surface: css("--surface"),
    accent: css("--accent"),
    bad: css("--bad"),
    font: style.fontFamily,
    format,
  };
}

/** A range of an axis, as places of its mapping. */
export interface Side {
  mapping: Mapping;
  low: number;
  high: number;
}

export function sideOf(mapping: Mapping, low: number, high: number): Side {
  return { mapping, low: placed(mapping, low), high: placed(mapping, high) };
}

/** From 0 at the low end to 1. */
export function shareOf(side: Side, value: number): number {
  return (placed(side.mapping, value) - side.low) / (side.high - side.low);
}

export function valueAtShare(side: Side, share: number): number {
  return valueAt(side.mapping, side.low + share * (side.high - side.low));
}

/** Ticks of numbers: where, as a share, and what is written there. */
export function valueTicks(side: Side, most: number, format: Format): { share: number; text: string }[] {
  const places = ticksBetween(side.low, side.high, side.mapping, most);
  const values = places.map((place) => valueAt(side.mapping, place));
  const stride = places.length > 1 ? Math.abs(values[1] - values[0]) : Math.abs(values[0] ?? 1);
  const largest = Math.max(...values.map(Math.abs), 0);
  const isLinear = side.mapping.kind === "linear";
  return places.map((place, i) => ({
    share: (place - side.low) / (side.high - side.low),
    text: format.tick(values[i], isLinear ? stride : Math.abs(values[i]), isLinear ? largest : undefined),
  }));
}

/** Ticks of steps. */
export function stepTicks(
  start: number,
  stop: number,
  most: number,
  format: Format,
): { share: number; text: string }[] {
  if (!(stop > start)) return [{ share: 0.5, text: format.stepTick(start, 1) }];
  const steps = linearTicks(start, stop, most).filter((step) => Number.isInteger(step));
  const stride = steps.length > 1 ? steps[1] - steps[0] : 1;
  return steps.map((step) => ({
    share: (step - start) / (stop - start),
    text: format.stepTick(step, stride),
  }));
}

type Ticks = readonly { share: number; text: string }[];

export function paintBottom(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  ticks: Ticks,
  look: Look,
  grid = true,
): void {
  pen.font = `11px ${look.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (const { share, text } of ticks) {
    const x = Math.round(frame.left + share * frame.width) + 0.5;
    pen.strokeStyle = look.grid;
    line(pen, x, grid ? frame.top : frame.top + frame.height, x, frame.top + frame.height + 4);
    pen.fillStyle = look.text;
    const half = pen.measureText(text).width / 2;
    pen.fillText(
      text,
      Math.min(Math.max(x, half), frame.left + frame.width + 12 - half),
      frame.top + frame.height + 7,
    );
  }
}

export function paintLeft(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  ticks: Ticks,
  look: Look,
  grid = true,
): void {
  pen.font = `11px ${look.font}`;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const { share, text } of ticks) {
    const y = Math.round(frame.top + (1 - share) * frame.height) + 0.5;
    pen.strokeStyle = look.grid;
    line(pen, frame.left - 4, y, grid ? frame.left + frame.width : frame.left, y);
    pen.fillStyle = look.text;
    pen.fillText(text, frame.left - 7, Math.max(6, y));
  }
}

export function line(pen: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

/** Text without its middle, where it is too long: paths differ at both ends. */
export function cutText(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  const without = (n: number) => {
    const head = Math.floor((text.length - n) * 0.4);
    return `${text.slice(0, head)}…${text.slice(head + n)}`;
  };
  let [low, high] = [1, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pen.measureText(without(middle)).width <= width) high = middle;
    else low = middle + 1;
  }
  return without(low);
}

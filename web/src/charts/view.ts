/** What a chart shows, and where a number lies in it. */

import { LOG, type Mapping, placed } from "./scale";

export interface View {
  /** The range on the x axis, left and right edge; logarithms to base 10 when `xLog`. */
  x0: number;
  x1: number;
  xLog: boolean;
  /** The range on the y axis, lower and upper edge, as `y` places them. */
  y0: number;
  y1: number;
  y: Mapping;
  /** Pixels of the canvas. */
  width: number;
  height: number;
  /** Canvas pixels per CSS pixel. */
  ratio: number;
}

/** NaN for what a logarithmic axis cannot show. */
export function xPixel(view: View, x: number): number {
  const at = view.xLog ? Math.log10(x) : x;
  const pixel = ((at - view.x0) / (view.x1 - view.x0)) * view.width;
  return Number.isFinite(pixel) ? pixel : Number.NaN;
}

/** NaN for what a logarithmic axis cannot show. */
export function yPixel(view: View, y: number): number {
  const value = view.y.kind === "linear" ? y : placed(view.y, y);
  const pixel = (1 - (value - view.y0) / (view.y1 - view.y0)) * view.height;
  return Number.isFinite(pixel) ? pixel : Number.NaN;
}

/** What lies at a share of the view's width from the left. */
export function xAtShare(view: View, share: number): number {
  const at = view.x0 + share * (view.x1 - view.x0);
  return view.xLog ? 10 ** at : at;
}

/** Where an x lies as the axis counts: its logarithm on a logarithmic one. */
export function xPlace(view: View, x: number): number {
  return view.xLog ? placed(LOG, x) : x;
}

/**
 * Device pixels a column. One; with many curves more, since hundreds of lines cannot be told apart at that grain
 * and the answer and the painting shrink with it. Every point stays within its column's envelope.
 */
export function columnsFor(widthPixels: number, runs: number): number {
  const grain = runs > 200 ? 3 : runs > 60 ? 2 : 1;
  const fewest = Math.min(widthPixels, 200);
  return Math.round(Math.min(4096, Math.max(1, fewest, widthPixels / grain)));
}

/** A dragged range as it is asked for and written in the address: to a thousandth of its width, which no hand tells. */
export function roundZoom(start: number, stop: number): [number, number] {
  const digits = -Math.floor(Math.log10((stop - start) / 1000));
  const grain = (value: number) => {
    const factor = 10 ** Math.abs(digits);
    return digits > 0 ? Math.round(value * factor) / factor : Math.round(value / factor) * factor;
  };
  return [grain(start), grain(stop)];
}

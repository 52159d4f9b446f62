/** One row of values as a curve: small beside a name, or large with its range. */

import type { Frame, Side } from "./frame";
import { shareOf } from "./frame";

/** A line through the finite values; a gap where there is none. `xs`: where each column's middle is, 0 to 1. */
export function paintRow(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  values: Float32Array,
  side: Side,
  colour: string,
  width = 1.5,
): void {
  const n = values.length;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineJoin = "round";
  pen.beginPath();
  let open = false;
  for (let i = 0; i < n; i++) {
    const share = shareOf(side, values[i]);
    if (!Number.isFinite(share)) {
      if (!Number.isNaN(values[i])) open = false; // a gap in the columns is none in the curve
      continue;
    }
    const x = frame.left + ((i + 0.5) / n) * frame.width;
    const y = frame.top + (1 - share) * frame.height;
    if (open) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    open = true;
  }
  pen.stroke();
}

/** What lies between two rows. */
export function paintRange(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  low: Float32Array,
  high: Float32Array,
  side: Side,
  colour: string,
  opacity: number,
): void {
  const n = low.length;
  const point = (i: number, value: number): [number, number] => [
    frame.left + ((i + 0.5) / n) * frame.width,
    frame.top + (1 - Math.max(-0.2, Math.min(1.2, shareOf(side, value)))) * frame.height,
  ];
  pen.fillStyle = colour;
  pen.globalAlpha = opacity;
  pen.beginPath();
  let some = false;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(shareOf(side, high[i]))) continue;
    const [x, y] = point(i, high[i]);
    if (some) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    some = true;
  }
  for (let i = n - 1; i >= 0; i--) {
    if (!Number.isFinite(shareOf(side, low[i]))) continue;
    pen.lineTo(...point(i, low[i]));
  }
  pen.fill();
  pen.globalAlpha = 1;
}

/** The range of an axis that shows all of `values`, with some air. */
export function sideFor(values: Float32Array, log: boolean): Side {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    const place = log ? (value > 0 ? Math.log10(value) : Number.NaN) : value;
    if (place < low) low = place;
    if (place > high) high = place;
  }
  if (!(low <= high)) [low, high] = [0, 1];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return { mapping: { kind: log ? "log" : "linear", linear: 1 }, low: low - room, high: high + room };
}

/** Positive values that span decades are told apart on a logarithmic axis alone. */
export function spansDecades(values: Float32Array): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (value < 0) return false;
    if (value > 0 && value < low) low = value;
    if (value > high) high = value;
  }
  return high / low > 30;
}

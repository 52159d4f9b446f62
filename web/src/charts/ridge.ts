/** Histograms of many steps, one before the other, or all on one ground. */

import type { HistogramRun, Histograms } from "../api/histograms";
import type { Frame } from "./frame";
import {
  binsOf,
  groundOf,
  middles,
  peakOf,
  ROOM,
  rowAtStep,
  rowsOf,
  shareIn,
  thinned,
  valueSide,
} from "./histograms";

export interface RidgeLook {
  /** Of a run, as `#rrggbb`. */
  colour(run: number): string;
  surface: string;
  accent: string;
}

/** CSS pixels between two ridges, at least. */
const APART = 5;
const SEVERAL = 0.5;
/** How much of the height the greatest share takes. */
export const OVERLAY = 0.96;

/** The latest lies in front; older ones are paler. `step`: the one that is read, drawn strongly. */
export function paintRidge(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  data: Histograms,
  look: RidgeLook,
  step: number | null,
): void {
  const side = valueSide(data);
  const at = middles(data, side);
  const tall = (frame.height * ROOM) / peakOf(data, data.runs);
  const most = Math.floor((frame.height * (1 - ROOM)) / APART);
  for (const run of data.runs) {
    const read = step === null || rowsOf(run) === 0 ? -1 : rowAtStep(run, step);
    const rows = thinned(rowsOf(run), most);
    if (read >= 0 && !rows.includes(read)) rows.push(read);
    rows.sort((a, b) => a - b);
    for (const row of rows) {
      const ground = frame.top + groundOf(row, rowsOf(run)) * frame.height;
      outline(pen, frame, data, run, row, at, ground, tall);
      const depth = rowsOf(run) > 1 ? row / (rowsOf(run) - 1) : 1;
      pen.fillStyle = look.surface;
      pen.globalAlpha = data.runs.length > 1 ? SEVERAL : 0.85;
      pen.fill();
      pen.fillStyle = look.colour(run.run);
      pen.globalAlpha = (0.12 + 0.5 * depth) * (data.runs.length > 1 ? SEVERAL : 1);
      pen.fill();
      pen.globalAlpha = row === read ? 1 : 0.35 + 0.5 * depth;
      pen.strokeStyle = row === read ? look.accent : look.colour(run.run);
      pen.lineWidth = row === read ? 2 : 1;
      pen.stroke();
      pen.globalAlpha = 1;
    }
  }
}

/** All on one ground: lines alone, the older the paler. */
export function paintOverlay(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  data: Histograms,
  look: RidgeLook,
  step: number | null,
): void {
  const at = middles(data, valueSide(data));
  const tall = (frame.height * OVERLAY) / peakOf(data, data.runs);
  const ground = frame.top + frame.height;
  for (const run of data.runs) {
    const read = step === null || rowsOf(run) === 0 ? -1 : rowAtStep(run, step);
    for (const row of [...thinned(rowsOf(run), 40).filter((one) => one !== read), read]) {
      if (row < 0) continue;
      const depth = rowsOf(run) > 1 ? row / (rowsOf(run) - 1) : 1;
      outline(pen, frame, data, run, row, at, ground, tall);
      pen.strokeStyle = row === read ? look.accent : look.colour(run.run);
      pen.globalAlpha = row === read ? 1 : 0.1 + 0.8 * depth ** 2;
      pen.lineWidth = row === read ? 2 : 1.25;
      pen.stroke();
      if (row === read || (read < 0 && depth === 1)) {
        pen.fillStyle = pen.strokeStyle;
        pen.globalAlpha = 0.14;
        pen.fill();
      }
      pen.globalAlpha = 1;
    }
  }
}

function outline(
  pen: CanvasRenderingContext2D,
  frame: Frame,
  data: Histograms,
  run: HistogramRun,
  row: number,
  at: Float64Array,
  ground: number,
  tall: number,
): void {
  pen.beginPath();
  pen.moveTo(frame.left + at[0] * frame.width, ground);
  for (let bin = 0; bin < binsOf(data); bin++) {
    pen.lineTo(frame.left + at[bin] * frame.width, ground - shareIn(data, run, row, bin) * tall);
  }
  pen.lineTo(frame.left + at[at.length - 1] * frame.width, ground);
}

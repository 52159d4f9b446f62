/** Percentiles over the steps, as bands around the median; and all bins over the steps, as a heat map. */

import type { HistogramRun, Histograms } from "../api/histograms";
import type { Cells } from "./cells";
import { type Frame, type Side, shareOf } from "./frame";
import { binsOf, rowsOf, shareIn } from "./histograms";
import { levelsOf, type Norm, normFor } from "./normal";

/** Of the bands, from the outermost in. */
const OPACITY = [0.1, 0.14, 0.2, 0.3];

export interface Along {
  frame: Frame;
  side: Side;
  /** Steps at the left and the right edge. */
  start: number;
  stop: number;
}

export const xOfStep = ({ frame, start, stop }: Along, step: number) =>
  frame.left + ((step - start) / (stop - start)) * frame.width;

const yOfValue = ({ frame, side }: Along, value: number) =>
  frame.top + (1 - Math.max(-0.05, Math.min(1.05, shareOf(side, value)))) * frame.height;

/** The outermost pair, the next, … and the median as a line. */
export function paintBands(
  pen: CanvasRenderingContext2D,
  along: Along,
  data: Histograms,
  run: HistogramRun,
  colour: string,
): void {
  const n = data.percents.length;
  const middle = n >> 1;
  const value = (row: number, percent: number) => run.percentiles[row * n + percent];
  const rows = Array.from({ length: rowsOf(run) }, (_, row) => row).filter(
    (row) => !Number.isNaN(value(row, 0)),
  );
  pen.fillStyle = pen.strokeStyle = colour;
  for (let pair = 0; pair < middle; pair++) {
    pen.beginPath();
    for (const row of rows)
      pen.lineTo(xOfStep(along, run.step[row]), yOfValue(along, value(row, n - 1 - pair)));
    for (const row of [...rows].reverse())
      pen.lineTo(xOfStep(along, run.step[row]), yOfValue(along, value(row, pair)));
    pen.globalAlpha = OPACITY[Math.min(pair, OPACITY.length - 1)];
    pen.fill();
  }
  pen.globalAlpha = 1;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const row of rows) pen.lineTo(xOfStep(along, run.step[row]), yOfValue(along, value(row, middle)));
  pen.stroke();
}

/** The share of a step's values in each bin, as levels: [bins · steps], the highest values first. */
export function stepCells(data: Histograms, run: HistogramRun, log: boolean): { cells: Cells; norm: Norm } {
  const [bins, rows] = [binsOf(data), rowsOf(run)];
  const shares = new Float32Array(bins * rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    for (let bin = 0; bin < bins; bin++) {
      const share = shareIn(data, run, row, bin);
      if (share > 0) shares[(bins - 1 - bin) * rows + row] = share;
    }
  }
  const norm = normFor(shares, log ? "log" : "linear");
  if (!log) norm.low = 0;
  return { cells: { rows: bins, columns: rows, levels: levelsOf(shares, null, norm) }, norm };
}

/**
 * The same cells stretched to where steps and bins lie, in pixels: a step reaches half-way to its neighbours, and bins
 * may not be equally tall on the axis as it is drawn.
 */
export function stretched(
  cells: Cells,
  along: Along,
  data: Histograms,
  run: HistogramRun,
  width: number,
  height: number,
): Cells {
  const levels = new Uint8Array(width * height);
  const { step } = run;
  const columns = new Int32Array(width);
  let row = 0;
  for (let x = 0; x < width; x++) {
    const at = along.start + ((x + 0.5) / width) * (along.stop - along.start);
    while (row + 1 < step.length && (step[row] + step[row + 1]) / 2 <= at) row++;
    columns[x] = row;
  }
  let bin = binsOf(data) - 1;
  for (let y = 0; y < height; y++) {
    const share = 1 - (y + 0.5) / height;
    while (bin > 0 && shareOf(along.side, data.edges[bin]) > share) bin--;
    const from = (cells.rows - 1 - bin) * cells.columns;
    for (let x = 0; x < width; x++) levels[y * width + x] = cells.levels[from + columns[x]];
  }
  return { rows: height, columns: width, levels };
}

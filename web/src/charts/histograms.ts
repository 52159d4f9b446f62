/** What pictures of histograms over steps have in common: which axis they have, and where on it something lies. */

import type { HistogramRun, Histograms } from "../api/histograms";
import { nearestPlace } from "../data/steps";
import { type Frame, type Side, shareOf, sideOf } from "./frame";
import type { Mapping } from "./scale";

export type Drawn = "ridge" | "overlay" | "heat" | "distribution";
export const DRAWN: readonly Drawn[] = ["ridge", "overlay", "heat", "distribution"];

/** Whether values lie along the width; steps do otherwise. */
export const isAcross = (drawn: Drawn) => drawn === "ridge" || drawn === "overlay";

export const rowsOf = (run: HistogramRun) => run.step.length;
export const binsOf = (data: Histograms) => data.edges.length - 1;

/** The power of ten at or below: ticks of a symmetric logarithm are round then. */
export const decadeOf = (turn: number) => (turn > 0 ? 10 ** Math.floor(Math.log10(turn)) : 1);

/** The axis of the values: as far as the bins reach. */
export function valueSide({ scale, threshold, edges }: Histograms): Side {
  const mapping: Mapping = { kind: scale, linear: decadeOf(threshold) };
  return sideOf(mapping, edges[0], edges[edges.length - 1]);
}

/** The first and last step of all runs; never the same. */
export function stepRange(runs: readonly HistogramRun[]): [number, number] {
  const filled = runs.filter((run) => run.step.length > 0);
  const start = Math.min(...filled.map((run) => run.step[0]));
  const stop = Math.max(...filled.map((run) => run.step[run.step.length - 1]));
  return start < stop ? [start, stop] : [start - 0.5, start + 0.5];
}

/** The share of all values of a row that lies in a bin. */
export function shareIn(data: Histograms, run: HistogramRun, row: number, bin: number): number {
  return run.counts[row * (binsOf(data) + 2) + bin + 1] / (run.stats[row * 6] || 1);
}

/** The greatest share of all rows. */
export function peakOf(data: Histograms, runs: readonly HistogramRun[]): number {
  let peak = 0;
  const bins = binsOf(data);
  for (const run of runs)
    for (let row = 0; row < rowsOf(run); row++)
      for (let bin = 0; bin < bins; bin++) peak = Math.max(peak, shareIn(data, run, row, bin));
  return peak || 1;
}

/** Where the middle of each bin lies, 0 to 1. */
export function middles(data: Histograms, side: Side): Float64Array {
  return Float64Array.from({ length: binsOf(data) }, (_, bin) => {
    return (shareOf(side, data.edges[bin]) + shareOf(side, data.edges[bin + 1])) / 2;
  });
}

/** The bin at a share of the axis. */
export function binAt(data: Histograms, side: Side, share: number): number {
  const bins = binsOf(data);
  for (let bin = 0; bin < bins; bin++) if (share < shareOf(side, data.edges[bin + 1])) return bin;
  return bins - 1;
}

/** How far down each row's ground lies, from 0 to 1: the latest in front, lowest. */
export function groundOf(row: number, rows: number): number {
  return rows > 1 ? ROOM + (1 - ROOM) * (row / (rows - 1)) : 1;
}

/** What the first ridge may rise above its ground, as a share of the height. */
export const ROOM = 0.3;

/** The row whose ground is nearest below a share of the height. */
export function rowAtHeight(rows: number, share: number): number {
  for (let row = 0; row < rows; row++) if (groundOf(row, rows) >= share) return row;
  return rows - 1;
}

/** Where all rows share one ground: the one whose share of a bin, of the greatest, is nearest to `height`. */
export function rowAtShare(data: Histograms, run: HistogramRun, bin: number, height: number): number {
  const peak = peakOf(data, data.runs);
  let best = rowsOf(run) - 1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = rowsOf(run) - 1; row >= 0; row--) {
    const far = Math.abs(shareIn(data, run, row, bin) / peak - height);
    if (far < least) [best, least] = [row, far];
  }
  return best;
}

/** The row nearest to a step. */
export const rowAtStep = (run: HistogramRun, step: number) => nearestPlace(run.step, step);

/** Rows that are drawn when fewer fit: the last is always one. */
export function thinned(rows: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil(rows / Math.max(1, most)));
  const found: number[] = [];
  for (let row = rows - 1; row >= 0; row -= stride) found.unshift(row);
  return found;
}

export interface Layout {
  frame: Frame;
  side: Side;
  start: number;
  stop: number;
}

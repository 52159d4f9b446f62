/** Histograms of some runs over their steps, in typed arrays. */

import { addressOf, getPacked } from "./client";
import type { HistogramSeries, HistogramsData } from "./types";

/** Of a row of `stats`. */
export const STATS = ["count", "mean", "std", "norm", "min", "max"] as const;

/** One run's. Row by row: n entries. */
export interface HistogramRun {
  run: number;
  /** Every entry there is, as `api/entry` numbers them, and its step. */
  every: Int32Array;
  everyStep: Float64Array;
  /** Likewise of those that are here. */
  i: Int32Array;
  step: Float64Array;
  wall: Float64Array;
  /** [n · 6] */
  stats: Float64Array;
  /** [n · 3] how many are NaN, +∞, −∞. */
  bad: Float64Array;
  /** [n · percents] */
  percentiles: Float64Array;
  /** [n · (bins + 2)] below the bins, in each, above. */
  counts: Float64Array;
  failed: number;
}

export interface Histograms {
  tag: string;
  scale: "linear" | "symlog";
  threshold: number;
  /** [bins + 1] */
  edges: Float64Array;
  percents: readonly number[];
  runs: readonly HistogramRun[];
}

export interface HistogramsQuery {
  run: readonly number[];
  tag: string;
  most: number;
  bins: number;
  scale: "linear" | "symlog";
  low?: number | null;
  high?: number | null;
  outliers: boolean;
  /** Steps that are wanted beside the evenly chosen ones. */
  at?: readonly string[];
}

export async function fetchHistograms(query: HistogramsQuery, signal: AbortSignal): Promise<Histograms> {
  const asked = { ...query, run: query.run.map(String) };
  const data = await getPacked<HistogramsData>(addressOf("api/histograms", asked), signal);
  return { ...data, edges: doubles(data.edges), runs: data.series.map(decoded) };
}

function decoded(series: HistogramSeries): HistogramRun {
  return {
    run: series.run,
    every: new Int32Array(aligned(series.every)),
    everyStep: longs(series.every_step),
    i: new Int32Array(aligned(series.i)),
    step: longs(series.step),
    wall: doubles(series.wall),
    stats: doubles(series.stats),
    bad: longs(series.bad),
    percentiles: doubles(series.percentiles),
    counts: doubles(series.counts),
    failed: series.failed,
  };
}

const doubles = (bytes: Uint8Array) => new Float64Array(aligned(bytes));
const longs = (bytes: Uint8Array) => Float64Array.from(new BigInt64Array(aligned(bytes)), Number);

/** A typed array must begin at a multiple of its item size; msgpack's bytes begin anywhere. */
const aligned = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

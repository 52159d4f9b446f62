/** A chart as typed arrays: what `types.ts` calls `ChartData`, its byte columns viewed as numbers. */

import { decode } from "@msgpack/msgpack";
import { type Axis, type ChartData, type Curve, CurveFields, type Group } from "./types";

/** float32 when that holds every value of the series exactly, else float64. */
export type Values = Float32Array | Float64Array;

/** One run's curve. Arrays of one entry a pixel column that holds finite points, unless named `bad…`. */
export interface CurveColumns {
  run: number;
  /** Of one process of the run, when each was asked for. */
  rank: number | null;
  /** A branch that a later session replaced. */
  superseded: boolean;
  /** Index into the chart's groups. */
  group: number | null;
  /** Names what the curve is; see `ChartRequest.known`. */
  fingerprint: string;
  /** Entries of columns below are as the page has them. */
  fromColumn: number;
  total: number;
  points: number;
  wide: boolean;
  /** Where the first and the last point of the series lie, whatever the range. */
  begin: number;
  end: number;
  column: Uint16Array;
  x: Float64Array;
  /** Of the column's last point: its step, empty on the step axis; its wall time, on the step axis only. */
  step: BigInt64Array;
  wall: Float64Array;
  last: Values;
  /** Equal to `last` without smoothing. */
  smooth: Values;
  /** Null when every column holds one point; then first, min, max and mean are `last`. */
  count: Uint32Array | null;
  first: Values;
  min: Values;
  max: Values;
  mean: Values;
  /** The edges of a band; empty of a curve that is none. */
  low: Values;
  high: Values;
  before: [number, number, number] | null;
  after: [number, number, number] | null;
  badColumn: Uint16Array;
  badX: Float64Array;
  badCount: Uint32Array;
  /** 1 NaN + 2 +∞ + 4 −∞, whichever occur in the column. */
  badKind: Uint8Array;
}

export interface ChartColumns {
  tag: string;
  axis: Axis;
  columns: number;
  start: number;
  stop: number;
  /** Of a column. */
  width: number;
  revision: number;
  curves: CurveColumns[];
  /** Runs that the page knew a curve of and that have none any more. */
  gone: number[];
  /** All of them, when groups were asked for. */
  groups: Group[] | null;
  /** Of the answer that it came in. */
  bytes: number;
  error: string | null;
}

export function decodeChart(frame: Uint8Array): ChartColumns {
  const data = decode(frame) as Omit<ChartData, "curves"> & { curves: unknown[][] };
  const curves = data.curves.map((row) => curveColumns(named(row)));
  return { ...data, curves, bytes: frame.length, groups: data.groups ?? null, error: data.error ?? null };
}

/** Curves are sent as arrays, without the names of their fields. */
function named(row: unknown[]): Curve {
  return Object.fromEntries(CurveFields.map((name, i) => [name, row[i]])) as unknown as Curve;
}

function curveColumns(curve: Curve): CurveColumns {
  const values = (bytes: Uint8Array): Values =>
    curve.wide ? new Float64Array(aligned(bytes)) : new Float32Array(aligned(bytes));
  const last = values(curve.last);
  const several = curve.count.byteLength > 0;
  return {
    run: curve.run,
    rank: curve.rank,
    superseded: curve.superseded,
    group: curve.group,
    fingerprint: curve.fingerprint,
    fromColumn: curve.from_column,
    total: curve.total,
    points: curve.points,
    wide: curve.wide,
    begin: curve.begin,
    end: curve.end,
    column: new Uint16Array(aligned(curve.column)),
    x: new Float64Array(aligned(curve.x)),
    step: new BigInt64Array(aligned(curve.step)),
    wall: new Float64Array(aligned(curve.wall)),
    last,
    smooth: curve.smooth.byteLength > 0 ? values(curve.smooth) : last,
    count: several ? new Uint32Array(aligned(curve.count)) : null,
    first: several ? values(curve.first) : last,
    min: several ? values(curve.min) : last,
    max: several ? values(curve.max) : last,
    mean: several ? values(curve.mean) : last,
    low: curve.low.byteLength > 0 ? values(curve.low) : NO_VALUES,
    high: curve.high.byteLength > 0 ? values(curve.high) : NO_VALUES,
    before: curve.before,
    after: curve.after,
    badColumn: new Uint16Array(aligned(curve.bad_column)),
    badX: new Float64Array(aligned(curve.bad_x)),
    badCount: new Uint32Array(aligned(curve.bad_count)),
    badKind: new Uint8Array(aligned(curve.bad_kind)),
  };
}

const NOTHING = new ArrayBuffer(0);
const NO_VALUES = new Float32Array();

/** A typed array must begin at a multiple of its item size; msgpack's bytes begin anywhere. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.byteLength === 0 ? NOTHING : (bytes.slice().buffer as ArrayBuffer);
}

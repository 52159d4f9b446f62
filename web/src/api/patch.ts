/** Brings a chart up to date with the answer to a request that said what the page has. */

import type { ChartColumns, CurveColumns, Values } from "./columns";
import { halved } from "./halve";
import type { ChartRequest } from "./types";

/** What to ask for, to bring `chart` up to date. */
export interface Renewal {
  /** For the runs that changed, with what the page has of them. */
  request: ChartRequest;
  /** The chart that the answer goes on from. */
  held: ChartColumns;
}

export function renewal(chart: ChartColumns, request: ChartRequest, changed: number[]): Renewal | null {
  if (chart.error !== null || chart.width === 0 || !hasOneCurveARun(request)) return null;
  const isZoomed = request.stop != null;
  // Of columns that stay as they are there are more and more.
  const held = !isZoomed && chart.columns >= 1.9 * (request.columns ?? chart.columns) ? halved(chart) : chart;
  return { request: { ...request, ...known(held, changed, isZoomed) }, held };
}

function hasOneCurveARun({ group = [], superseded, ranks }: ChartRequest): boolean {
  return group.length === 0 && !superseded && ranks !== "each";
}

function known(chart: ChartColumns, changed: number[], isZoomed: boolean): Partial<ChartRequest> {
  const fingerprints = new Map(chart.curves.map((curve) => [curve.run, curve.fingerprint]));
  return {
    runs: changed,
    start: chart.start,
    ...(isZoomed ? {} : { width: chart.width }),
    known: changed.map((run) => fingerprints.get(run) ?? ""),
  };
}

/** `chart` with what is new in `answer`, as if `request` had been asked anew; null when that takes asking anew. */
export function patched(
  chart: ChartColumns,
  answer: ChartColumns,
  request: ChartRequest,
): ChartColumns | null {
  if (answer.width !== chart.width || answer.start !== chart.start) return null;
  const curves = new Map(chart.curves.map((curve) => [curve.run, curve]));
  for (const run of answer.gone) curves.delete(run);
  for (const curve of answer.curves) {
    const old = curves.get(curve.run);
    if (curve.fromColumn > 0 && !old) return null;
    curves.set(curve.run, curve.fromColumn > 0 && old ? joined(old, curve) : curve);
  }
  const ordered = request.runs.flatMap((run) => curves.get(run) ?? []);
  if (request.stop != null) return { ...answer, curves: ordered };
  if (ordered.length === 0) return null;
  if (Math.min(...ordered.map((curve) => curve.begin)) !== chart.start) return null;
  return {
    ...answer,
    curves: ordered,
    stop: Math.max(...ordered.map((curve) => curve.end)),
    columns:
      1 + Math.max(...ordered.map((curve) => Math.max(...lastOf(curve.column), ...lastOf(curve.badColumn)))),
  };
}

function lastOf(column: Uint16Array): Uint16Array {
  return column.subarray(-1);
}

/** The entries of `old` below `part.fromColumn`, then those of `part`; all else is as `part` has it. */
function joined(old: CurveColumns, part: CurveColumns): CurveColumns {
  const n = countBelow(old.column, part.fromColumn);
  const m = countBelow(old.badColumn, part.fromColumn);
  const values = (a: Values, b: Values): Values =>
    join(a, n, b, part.wide ? new Float64Array(n + b.length) : new Float32Array(n + b.length));
  const last = values(old.last, part.last);
  const several = old.count !== null || part.count !== null;
  const counts = (curve: CurveColumns) => curve.count ?? new Uint32Array(curve.last.length).fill(1);
  return {
    ...part,
    fromColumn: 0,
    column: join(old.column, n, part.column, new Uint16Array(n + part.column.length)),
    x: join(old.x, n, part.x, new Float64Array(n + part.x.length)),
    step: join(old.step, n, part.step, new BigInt64Array(Math.min(n, old.step.length) + part.step.length)),
    wall: join(old.wall, n, part.wall, new Float64Array(Math.min(n, old.wall.length) + part.wall.length)),
    last,
    smooth: part.smooth === part.last && old.smooth === old.last ? last : values(old.smooth, part.smooth),
    count: several ? join(counts(old), n, counts(part), new Uint32Array(n + part.last.length)) : null,
    first: several ? values(old.first, part.first) : last,
    min: several ? values(old.min, part.min) : last,
    max: several ? values(old.max, part.max) : last,
    mean: several ? values(old.mean, part.mean) : last,
    badColumn: join(old.badColumn, m, part.badColumn, new Uint16Array(m + part.badColumn.length)),
    badX: join(old.badX, m, part.badX, new Float64Array(m + part.badX.length)),
    badCount: join(old.badCount, m, part.badCount, new Uint32Array(m + part.badCount.length)),
    badKind: join(old.badKind, m, part.badKind, new Uint8Array(m + part.badKind.length)),
  };
}

/** The first `n` entries of `a`, then `b`, in `into`, which is as long as that. */
function join<
  T extends { subarray(begin: number, end: number): T; set(from: T, at?: number): void; length: number },
>(a: T, n: number, b: T, into: T): T {
  const kept = a.subarray(0, n);
  into.set(kept);
  into.set(b, kept.length);
  return into;
}

/** How many entries of an ascending array are below `limit`. */
function countBelow(sorted: Uint16Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Charts made by hand, for tests. */

import type { ChartColumns, CurveColumns } from "../api/columns";

const NONE = new Float64Array();

/** A curve with one point a column; what `more` gives instead counts. */
export function curve(values: number[], more: Partial<CurveColumns> = {}): CurveColumns {
  const last = Float64Array.from(values);
  return {
    run: 1,
    rank: null,
    superseded: false,
    group: null,
    fingerprint: "",
    fromColumn: 0,
    total: last.length,
    points: last.length,
    wide: true,
    begin: 0,
    end: last.length - 1,
    column: Uint16Array.from(last.keys()),
    x: Float64Array.from(last.keys()),
    step: new BigInt64Array(),
    wall: new Float64Array(),
    last,
    smooth: last,
    count: null,
    first: last,
    min: last,
    max: last,
    mean: last,
    low: NONE,
    high: NONE,
    before: null,
    after: null,
    badColumn: new Uint16Array(),
    badX: new Float64Array(),
    badCount: new Uint32Array(),
    badKind: new Uint8Array(),
    ...more,
  };
}

/** Column c spans [c - ½, c + ½). */
export function chart(
  curves: CurveColumns[],
  columns = Math.max(1, ...curves.map((c) => c.x.length)),
): ChartColumns {
  return {
    tag: "loss",
    axis: "step",
    columns,
    start: -0.5,
    stop: columns - 0.5,
    width: 1,
    revision: 1,
    curves,
    gone: [],
    groups: null,
    bytes: 0,
    error: null,
  };
}

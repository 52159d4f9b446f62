/** Joins a chart's columns in pairs, so that it has room to grow without being asked for anew. */

import type { ChartColumns, CurveColumns, Values } from "./columns";

/**
 * The chart in columns twice as wide: what the server would answer for these, but for the last bit of means. Curves have
 * no fingerprints then, so what grows is asked for whole once more.
 */
export function halved(chart: ChartColumns): ChartColumns {
  return {
    ...chart,
    columns: Math.ceil(chart.columns / 2),
    width: chart.width * 2,
    curves: chart.curves.map(halvedCurve),
  };
}

function halvedCurve(curve: CurveColumns): CurveColumns {
  const firsts = pairs(curve.column);
  const lasts = firsts.map((_, i) => (firsts[i + 1] ?? curve.column.length) - 1);
  const badFirsts = pairs(curve.badColumn);
  const single = curve.count === null && firsts.length === curve.column.length;
  const last = taken(curve.last, lasts);
  return {
    ...curve,
    fingerprint: "",
    column: taken(curve.column, firsts).map((column) => column >> 1),
    x: taken(curve.x, lasts),
    step: curve.step.length > 0 ? taken(curve.step, lasts) : curve.step,
    wall: curve.wall.length > 0 ? taken(curve.wall, lasts) : curve.wall,
    last,
    smooth: curve.smooth === curve.last ? last : taken(curve.smooth, lasts),
    ...(single
      ? { count: null, first: last, min: last, max: last, mean: last }
      : {
          count: joined(new Uint32Array(firsts.length), firsts, lasts, (i) => countAt(curve, i), add),
          first: taken(curve.first, firsts),
          min: joined(taken(curve.min, firsts), firsts, lasts, (i) => curve.min[i], Math.min),
          max: joined(taken(curve.max, firsts), firsts, lasts, (i) => curve.max[i], Math.max),
          mean: means(curve, firsts, lasts),
        }),
    badColumn: taken(curve.badColumn, badFirsts).map((column) => column >> 1),
    badX: taken(curve.badX, badFirsts),
    ...halvedBad(curve, badFirsts),
  };
}

function halvedBad(curve: CurveColumns, firsts: number[]): Pick<CurveColumns, "badCount" | "badKind"> {
  const lasts = firsts.map((_, i) => (firsts[i + 1] ?? curve.badColumn.length) - 1);
  return {
    badCount: joined(new Uint32Array(firsts.length), firsts, lasts, (i) => curve.badCount[i], add),
    badKind: joined(
      new Uint8Array(firsts.length),
      firsts,
      lasts,
      (i) => curve.badKind[i],
      (a, b) => a | b,
    ),
  };
}

/** Where each pair of columns begins that has an entry. */
function pairs(column: Uint16Array): number[] {
  const begins: number[] = [];
  for (let i = 0; i < column.length; i++) {
    if (i === 0 || column[i] >> 1 !== column[i - 1] >> 1) begins.push(i);
  }
  return begins;
}

function countAt(curve: CurveColumns, i: number): number {
  return curve.count ? curve.count[i] : 1;
}

const add = (a: number, b: number) => a + b;

/** `of` each pair's first entry and, where it has two, of both. */
function joined<T extends Values | Uint32Array | Uint8Array>(
  into: T,
  firsts: number[],
  lasts: number[],
  of: (i: number) => number,
  both: (a: number, b: number) => number,
): T {
  for (let k = 0; k < firsts.length; k++) {
    into[k] = firsts[k] === lasts[k] ? of(firsts[k]) : both(of(firsts[k]), of(lasts[k]));
  }
  return into;
}

function means(curve: CurveColumns, firsts: number[], lasts: number[]): Values {
  const into = taken(curve.mean, firsts);
  for (let k = 0; k < firsts.length; k++) {
    const [i, j] = [firsts[k], lasts[k]];
    const [a, b] = [countAt(curve, i), countAt(curve, j)];
    // Shares before sums: two of the greatest floats together are infinite.
    if (i !== j) into[k] = curve.mean[i] * (a / (a + b)) + curve.mean[j] * (b / (a + b));
  }
  return into;
}

type Columns = Values | Uint16Array | Uint32Array | Uint8Array | BigInt64Array;

function taken<T extends Columns>(values: T, at: number[]): T {
  const into = new (values.constructor as new (length: number) => T)(at.length);
  for (let k = 0; k < at.length; k++) into[k] = values[at[k]];
  return into;
}

import { describe, expect, it } from "vitest";
import { chart, curve } from "../charts/sample";
import type { CurveColumns } from "./columns";
import { halved } from "./halve";

interface Point {
  x: number;
  y: number;
}

/** By the definition: each column of `width` from 0 on, out of its points. */
function reduced(points: Point[], width: number): CurveColumns {
  const columns = new Map<number, { good: Point[]; bad: Point[] }>();
  for (const point of points) {
    const column = Math.floor(point.x / width);
    const held = columns.get(column) ?? { good: [], bad: [] };
    columns.set(column, held);
    (Number.isFinite(point.y) ? held.good : held.bad).push(point);
  }
  const good = [...columns].filter(([, held]) => held.good.length > 0);
  const bad = [...columns].filter(([, held]) => held.bad.length > 0);
  const of = (take: (ys: number[]) => number) =>
    Float64Array.from(good, ([, held]) => take(held.good.map((p) => p.y)));
  const single = good.every(([, held]) => held.good.length === 1);
  const last = of((ys) => ys[ys.length - 1]);
  const several = {
    count: Uint32Array.from(good, ([, held]) => held.good.length),
    first: of((ys) => ys[0]),
    min: of((ys) => Math.min(...ys)),
    max: of((ys) => Math.max(...ys)),
    mean: of((ys) => ys.reduce((a, b) => a + b) / ys.length),
  };
  return {
    ...curve([]),
    column: Uint16Array.from(good, ([column]) => column),
    x: Float64Array.from(good, ([, held]) => held.good[held.good.length - 1].x),
    wall: Float64Array.from(good, ([, held]) => 1e9 + held.good[held.good.length - 1].x),
    last,
    smooth: of((ys) => 2 * ys[ys.length - 1]),
    ...(single ? { count: null, first: last, min: last, max: last, mean: last } : several),
    badColumn: Uint16Array.from(bad, ([column]) => column),
    badX: Float64Array.from(bad, ([, held]) => held.bad[0].x),
    badCount: Uint32Array.from(bad, ([, held]) => held.bad.length),
    badKind: Uint8Array.from(bad, ([, held]) =>
      held.bad.reduce((kind, p) => kind | (Number.isNaN(p.y) ? 1 : p.y > 0 ? 2 : 4), 0),
    ),
  };
}

/** Numbers from 0 to 1, the same ones every time (Park and Miller's generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

describe("halved", () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))("is what wider columns hold (%i)", (seed) => {
    const random = numbers(seed);
    const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const points = Array.from({ length: 1 + Math.floor(random() * 60) }, () => ({
      x: random() * 40,
      y: random() < 0.2 ? bad[Math.floor(random() * 3)] : random() * 10 - 5,
    })).sort((a, b) => a.x - b.x);
    const { mean, ...got } = halved(chart([reduced(points, 1)], 40)).curves[0];
    const { mean: wanted, ...rest } = reduced(points, 2);
    expect(got).toEqual(rest);
    for (let i = 0; i < mean.length; i++) expect(mean[i]).toBeCloseTo(wanted[i], 12);
    expect(mean).toHaveLength(wanted.length);
  });

  it("leaves the range as it is, and curves without fingerprints", () => {
    const whole = { ...chart([curve([1, 2, 3], { fingerprint: "a" })]), columns: 7, width: 0.5 };
    const half = halved(whole);
    expect([half.start, half.stop, half.columns, half.width]).toEqual([whole.start, whole.stop, 4, 1]);
    expect(half.curves[0].fingerprint).toBe("");
  });

  it("keeps steps and what is left out", () => {
    const steps = curve([1, 2, 3], { step: BigInt64Array.of(5n, 6n, 7n), column: Uint16Array.of(0, 2, 5) });
    const [half] = halved(chart([steps])).curves;
    expect([...half.step]).toEqual([5n, 6n, 7n]);
    expect([half.count, half.smooth === half.last, half.mean === half.last]).toEqual([null, true, true]);
    expect(half.last).toEqual(Float64Array.of(1, 2, 3));
  });
});

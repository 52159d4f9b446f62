import { describe, expect, it } from "vitest";
import { nearest, nearestReading, readings, sortReadings } from "./hover";
import { chart, curve } from "./sample";
import { LINEAR } from "./scale";
import type { View } from "./view";

const view: View = {
  x0: 0,
  x1: 100,
  y0: 0,
  y1: 10,
  xLog: false,
  y: LINEAR,
  width: 1000,
  height: 100,
  ratio: 1,
};
const at = (x: number, ...curves: ReturnType<typeof curve>[]) => readings(chart(curves, 100), view, x, 50);

describe("nearest", () => {
  it("agrees with a search of everything", () => {
    const sorted = [-3, -3, 0, 0.5, 2, 8, 8, 9];
    for (let x = -5; x < 12; x += 0.25) {
      const best = Math.min(...sorted.map((s) => Math.abs(s - x)));
      expect(Math.abs(sorted[nearest(sorted, x)] - x)).toBe(best);
    }
    expect(nearest([], 1)).toBe(-1);
  });
});

describe("readings", () => {
  it("names every run that has points there, with its own nearest point", () => {
    const a = curve([1, 2, 3], { run: 1, x: Float64Array.of(0, 10, 20) });
    const b = curve([4, 5, 6], { run: 2, x: Float64Array.of(1, 11, 21) });
    expect(at(12, a, b).map(({ run, x, value, step }) => [run, x, value, step])).toEqual([
      [1, 10, 2, 10],
      [2, 11, 5, 11],
    ]);
  });

  it("leaves out a run that ended before, but not by a hair", () => {
    const ended = curve([1, 2], { x: Float64Array.of(0, 10) });
    expect(at(10.5, ended)).toHaveLength(1);
    expect(at(40, ended)).toHaveLength(0);
    expect(at(40, { ...ended, after: [200, 3, 3] })).toHaveLength(1);
  });

  it("says NaN and infinities where they are", () => {
    const bad = curve([1, 2], {
      x: Float64Array.of(0, 20),
      badX: Float64Array.of(5, 10, 15),
      badKind: Uint8Array.of(1, 2, 4),
      badCount: Uint32Array.of(1, 1, 1),
    });
    expect([5, 10, 15, 20].map((x) => at(x, bad)[0].value)).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2,
    ]);
  });

  it("says NaN where its mark is pointed at, though a point is nearer", () => {
    const bad = curve([1, 2, 3], {
      x: Float64Array.of(0, 10, 20),
      badX: Float64Array.of(10.2),
      badKind: Uint8Array.of(1),
      badCount: Uint32Array.of(1),
    });
    const value = (x: number, py: number) => readings(chart([bad], 100), view, x, py)[0].value;
    expect(value(10, 88)).toBeNaN();
    expect(value(10, 50)).toBe(2);
    expect(value(9, 88)).toBe(2);
  });

  it("finds a spike by its tip: a column's whole envelope is near", () => {
    const spike = { count: Uint32Array.of(9), min: Float64Array.of(1), max: Float64Array.of(9) };
    const tip = readings(chart([curve([1], spike)], 100), view, 0, 12)[0];
    expect(tip.distance).toBeLessThan(10);
    const above = readings(chart([curve([1], spike)], 100), view, 0, 0)[0];
    expect(above.distance).toBeGreaterThan(10);
  });

  it("knows step and wall time as far as the chart does", () => {
    const byStep = curve([1], { wall: Float64Array.of(1.7e9) });
    expect(at(0, byStep)[0]).toMatchObject({ step: 0, wall: 1.7e9 });
    const byTime = { ...chart([curve([1], { step: BigInt64Array.of(7n) })]), axis: "relative" as const };
    expect(readings(byTime, view, 0, 50)[0]).toMatchObject({ step: 7, wall: null });
  });
});

describe("sortReadings and nearestReading", () => {
  const level = (run: number, value: number) => curve([value], { run });
  const list = at(0, level(1, 1), level(2, 8), level(3, 4.9));

  it("orders by value, greatest first, and by nearness", () => {
    expect(sortReadings(list, "value").map((r) => r.run)).toEqual([2, 3, 1]);
    expect(sortReadings(list, "nearest").map((r) => r.run)).toEqual([3, 2, 1]);
  });

  it("points at the nearest line, if it is near", () => {
    expect(nearestReading(list, 40)?.run).toBe(3);
    expect(nearestReading(list, 0.5)).toBeNull();
  });
});

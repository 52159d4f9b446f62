import { describe, expect, it } from "vitest";
import { curve } from "./sample";
import { statisticsOf } from "./statistics";

describe("statistics", () => {
  it("are of all points of all columns", () => {
    const c = curve([3, 8], {
      points: 6,
      count: Uint32Array.of(1, 4),
      first: Float64Array.of(3, 4),
      min: Float64Array.of(3, 1),
      max: Float64Array.of(3, 9),
      mean: Float64Array.of(3, 5),
      badCount: Uint32Array.of(1),
    });
    expect(statisticsOf(c)).toEqual({
      points: 6,
      bad: 1,
      min: 1,
      max: 9,
      mean: (3 + 4 * 5) / 5,
      start: 3,
      end: 8,
      change: 5 / 3,
    });
  });

  it("tell a fall of something negative as one", () => {
    expect(statisticsOf(curve([-2, -3])).change).toBe(-0.5);
    expect(statisticsOf(curve([0, 1])).change).toBeNaN();
    expect(statisticsOf(curve([])).min).toBeNaN();
  });

  it("do not overflow", () => {
    expect(statisticsOf(curve([1.7e308, 1.7e308])).mean).toBe(1.7e308);
  });
});

import { describe, expect, it } from "vitest";
import { countUpTo, nearestPlace, placeOf, unionOfSteps } from "./steps";

describe("steps", () => {
  const steps = [0, 10, 10, 25, 100];

  it("finds the last one at or before", () => {
    expect([-1, 0, 9, 10, 24, 25, 1000].map((step) => countUpTo(steps, step))).toEqual([0, 1, 1, 3, 3, 4, 5]);
    expect([-1, 0, 10, 30, null].map((step) => placeOf(steps, step))).toEqual([0, 0, 2, 3, 4]);
    expect(placeOf([], null)).toBe(-1);
  });

  it("finds the nearest, the earlier of two", () => {
    expect([-5, 4, 5, 6, 18, 62.5, 63, 500].map((step) => nearestPlace([0, 10, 25, 100], step))).toEqual([
      0, 0, 0, 1, 2, 2, 3, 3,
    ]);
  });

  it("joins series", () => {
    expect(unionOfSteps([[3, 1], [], [2, 3]])).toEqual([1, 2, 3]);
  });
});

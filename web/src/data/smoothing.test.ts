import { describe, expect, it } from "vitest";
import { smoothingOf, weightFor, widthFor } from "./smoothing";

describe("smoothing", () => {
  it("is as wide as a moving average of that weight reaches", () => {
    expect(widthFor("mean", 0.9)).toBe(19);
    expect(widthFor("median", 0.99)).toBe(199);
    expect(widthFor("gaussian", 0.9)).toBeCloseTo(19 / Math.sqrt(12), 1);
    expect(widthFor("mean", 0)).toBe(0);
    expect(widthFor("mean", 0.9999)).toBeLessThanOrEqual(10_001);
  });

  it("is found again by its width", () => {
    for (const kind of ["mean", "median", "gaussian"] as const)
      for (const width of [3, 19, 101]) expect(widthFor(kind, weightFor(kind, width))).toBeCloseTo(width, 0);
  });

  it("is asked for in the words of its kind", () => {
    expect(smoothingOf("ema", 0.6)).toEqual({ smoothing: 0.6 });
    expect(smoothingOf("median", 0.9)).toEqual({ smoothing_kind: "median", smoothing_width: 19 });
  });
});

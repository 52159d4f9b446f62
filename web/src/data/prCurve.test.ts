import { describe, expect, it } from "vitest";
import {
  area,
  averagePrecision,
  bestF1,
  f1,
  isoF1,
  isPrCurve,
  nearest,
  type PrValue,
  precisionRecall,
  receiver,
  spread,
} from "./prCurve";

/** Labels 1 1 0 1 0 with scores 0.9 0.8 0.6 0.4 0.1, at thresholds 0, 0.5, 0.7, 1. */
const value: PrValue = {
  kind: "pr_curve",
  thresholds: [0, 0.5, 0.7, 1],
  true_positives: [3, 2, 2, 0],
  false_positives: [2, 1, 0, 0],
  true_negatives: [0, 1, 2, 2],
  false_negatives: [0, 1, 1, 3],
  precision: [0.6, 2 / 3, 1, 0],
  recall: [1, 2 / 3, 2 / 3, 0],
};

describe("PR curves", () => {
  it("go from the highest threshold at which something is positive to the lowest", () => {
    expect(isPrCurve(value)).toBe(true);
    expect(precisionRecall(value).map(({ at }) => at)).toEqual([2, 1, 0]);
    expect(averagePrecision(precisionRecall(value))).toBeCloseTo(2 / 3 + 0 + 0.6 / 3);
    expect(averagePrecision([])).toBe(0);
  });

  it("have a ROC where there are counts", () => {
    const points = receiver(value);
    expect(points?.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [0, 2 / 3],
      [0.5, 2 / 3],
      [1, 1],
    ]);
    expect(area(points ?? [])).toBeCloseTo(1 / 3 + (2 / 3 + 1) / 4);
    expect(area([])).toBe(0.5);
    expect(receiver({ ...value, true_negatives: [0, 0, 0, 0], false_positives: [0, 0, 0, 0] })).toBeNull();
  });

  it("leave out what is no number", () => {
    const odd = { ...value, precision: ["NaN", 0.5, 1, 0] as unknown as number[] };
    expect(precisionRecall(odd).map(({ at }) => at)).toEqual([2, 1]);
  });

  it("have a best threshold, and lines of equal F1", () => {
    expect(bestF1(value)).toEqual({ f1: f1(1, 2 / 3), threshold: 0.7 });
    expect(bestF1({ ...value, thresholds: [] })).toBeNull();
    for (const { x, y } of isoF1(0.6)) expect(f1(y, x)).toBeCloseTo(0.6);
    expect(isoF1(0.6)[0].y).toBeCloseTo(1);
  });

  it("are looked up", () => {
    expect(nearest(precisionRecall(value), 0.9, 0.5)?.at).toBe(0);
    expect(nearest([], 0, 0)).toBeNull();
    expect([spread(3, 5), spread(100, 3), spread(0, 3)]).toEqual([[0, 1, 2], [0, 50, 99], []]);
  });
});

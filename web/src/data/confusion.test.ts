import { describe, expect, it } from "vitest";
import {
  accuracy,
  confusions,
  differences,
  isMatrix,
  type MatrixValue,
  mean,
  report,
  shares,
} from "./confusion";

const matrix: MatrixValue = {
  kind: "confusion_matrix",
  labels: ["cat", "dog", "cow"],
  counts: [
    [8, 2, 0],
    [4, 6, 0],
    [0, 0, 0],
  ],
};

describe("confusion matrices", () => {
  it("have shares of rows, columns and all", () => {
    expect(isMatrix(matrix)).toBe(true);
    expect([...shares(matrix, "counts")].slice(0, 5)).toEqual([8, 2, 0, 4, 6]);
    expect([...shares(matrix, "actual")].slice(0, 3)).toEqual([0.8, 0.2, 0]);
    expect([...shares(matrix, "predicted")].slice(0, 2)).toEqual([8 / 12, 0.25]);
    expect(shares(matrix, "all")[4]).toBe(0.3);
    expect(shares(matrix, "actual")[8]).toBe(0);
  });

  it("say what each class is worth", () => {
    expect(report(matrix)).toEqual([
      { label: "cat", support: 10, predicted: 12, precision: 8 / 12, recall: 0.8, f1: 16 / 22 },
      { label: "dog", support: 10, predicted: 8, precision: 0.75, recall: 0.6, f1: 12 / 18 },
      { label: "cow", support: 0, predicted: 0, precision: null, recall: null, f1: null },
    ]);
    expect(accuracy(matrix)).toBe(0.7);
    expect(accuracy({ ...matrix, counts: [[0]], labels: ["a"] })).toBeNull();
    expect([mean([0.5, null, 1]), mean([null])]).toEqual([0.75, null]);
  });

  it("say which classes are confused", () => {
    expect(confusions(matrix, 1)).toEqual([{ actual: 1, predicted: 0, count: 4, share: 0.4 }]);
    expect(confusions(matrix, 9)).toHaveLength(2);
  });

  it("differ, whatever the order of their classes", () => {
    const before: MatrixValue = {
      kind: "confusion_matrix",
      labels: ["dog", "cat"],
      counts: [
        [5, 5],
        [1, 9],
      ],
    };
    expect([...differences(before, matrix, "counts")]).toEqual([-1, 1, 0, -1, 1, 0, 0, 0, 0]);
    expect(differences(before, matrix, "actual")[0]).toBeCloseTo(-0.1);
  });
});

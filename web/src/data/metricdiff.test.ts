import { expect, test } from "vitest";
import type { TagColumn } from "../api/types";
import { bestOf, cellOf, commonStep, judged } from "./metricdiff";

const column = (tag: string): TagColumn => ({
  tag,
  last: [0.5, 0.4, null],
  last_step: [100, 80, null],
  min: [0.3, 0.35, null],
  min_step: [60, 70, null],
  max: [0.9, 0.8, null],
  max_step: [1, 2, null],
  points: [100, 80, 0],
});

test("the last value, and the best as the name says", () => {
  expect(cellOf(column("loss"), 0, "last")).toEqual({ value: 0.5, step: 100 });
  expect(cellOf(column("loss"), 0, "best")).toEqual({ value: 0.3, step: 60 });
  expect(cellOf(column("accuracy"), 1, "best")).toEqual({ value: 0.8, step: 2 });
  expect(cellOf(undefined, 0, "best")).toEqual({ value: null, step: null });
});

test("the last step that all have in common", () => {
  expect(commonStep(column("loss"), [0, 1, 2])).toBe(80);
  expect(commonStep(column("loss"), [0, 2])).toBeNull();
});

test("better or worse than the baseline", () => {
  expect(judged("eval/loss", 0.4, 0.5)).toMatchObject({ better: true });
  expect(judged("eval/loss", 0.4, 0.5)?.share).toBeCloseTo(-0.2);
  expect(judged("accuracy", 0.4, 0.5)?.better).toBe(false);
  expect(judged("lr", 1, 2)?.better).toBeNull();
  expect(judged("loss", 1, 0)?.share).toBeNull();
  expect(judged("loss", null, 1)).toBeNull();
});

test("the best of several", () => {
  expect(bestOf("loss", [0.5, null, 0.2])).toBe(2);
  expect(bestOf("acc", [0.5, null, 0.2])).toBe(0);
  expect(bestOf("loss", [0.5, 0.5])).toBe(-1);
  expect(bestOf("lr", [0.5, 0.2])).toBe(-1);
});

import { describe, expect, it } from "vitest";
import type { Heat } from "../api/heat";
import { changed } from "./changed";
import { arePositive, changes, columnAt, picked, stepOf, valueNear } from "./heatrows";

function heat(rows: number[][], bad: number[] = []): Heat {
  const columns = rows[0].length;
  const mean = Float32Array.from(rows.flat());
  const marks = new Uint8Array(mean.length);
  for (const cell of bad) marks[cell] = 1;
  const finite = rows.map((row) => row.filter(Number.isFinite));
  return {
    run: 1,
    revision: 1,
    tags: rows.map((_, i) => `t${i}`),
    columns,
    start: 0,
    stop: 10 * (columns - 1),
    width: (10 * (columns - 1)) / (columns - 0.5),
    mean,
    min: mean,
    max: mean,
    bad: marks,
    points: new Uint32Array(rows.length).fill(columns),
    least: Float32Array.from(finite, (row) => Math.min(...row)),
    greatest: Float32Array.from(finite, (row) => Math.max(...row)),
    filled: rows.length,
    error: null,
  };
}

describe("columns", () => {
  it("are where steps are, and steps where they are", () => {
    const one = heat([Array(40).fill(1)]);
    for (let c = 0; c < 40; c++) {
      expect(stepOf(one, c)).toBe(10 * c);
      expect(columnAt(one, 10 * c)).toBe(c);
    }
    expect(columnAt(one, -5)).toBe(0);
    expect(columnAt(one, 1e9)).toBe(39);
    expect(columnAt(one, null)).toBe(39);
    expect(columnAt({ start: 5, width: 0, columns: 1 }, 5)).toBe(0);
  });
});

it("picks rows in an order", () => {
  expect([...picked(Float32Array.of(1, 2, 3, 4, 5, 6), 2, [2, 0])]).toEqual([5, 6, 1, 2]);
});

it("takes the value before an empty cell", () => {
  const row = Float32Array.of(Number.NaN, 1, Number.NaN, 3);
  expect([0, 1, 2, 3].map((c) => valueNear(row, c))).toEqual([1, 1, 1, 3]);
});

describe("changes since a step", () => {
  it("are doublings of positive values", () => {
    expect([...changes(Float32Array.of(1, 2, 4, 8, 8, 8), 3, 1, true)]).toEqual([-1, 0, 1, 0, 0, 0]);
  });
  it("are spreads of others, and nothing where there is none", () => {
    const found = changes(Float32Array.of(-2, 0, 2, Number.NaN), 4, 1, false);
    expect([...found.slice(0, 3)]).toEqual([-1, 0, 1]);
    expect(found[3]).toBeNaN();
  });
});

describe("the rows that changed most", () => {
  const steady = Array.from({ length: 30 }, (_, i) => 1 + (i % 2) / 10);
  const rising = steady.map((value, i) => value * (i < 15 ? 1 : 100));
  const spike = steady.map((value, i) => (i === 29 ? 1e6 : value));
  it("are those whose level did, not those with one odd point", () => {
    const found = changed(heat([steady, spike, rising]), 2, 27, true);
    expect(found.map((one) => one.row)).toEqual(
      [2, 0, 1].sort((a, b) => (a === 2 ? -1 : b === 2 ? 1 : a - b)),
    );
    expect(found[0].change).toBeCloseTo(Math.log2(100), 0);
    expect(Math.abs(found[1].change)).toBeLessThan(0.3);
  });
  it("come after those that are not finite between the steps", () => {
    const [first] = changed(heat([steady, rising], [7]), 0, 29, true);
    expect([first.row, first.odd]).toEqual([0, 1]);
    expect(changed(heat([steady, rising], [7]), 10, 29, true)[0].row).toBe(1);
  });
  it("are measured in their own spread where values may be negative", () => {
    const line = Array.from({ length: 41 }, (_, i) => i - 20);
    const [first] = changed(heat([line, line.map(() => -1)]), 0, 40, false);
    expect(first.row).toBe(0);
    expect(first.change).toBeCloseTo(36 / 20, 5);
  });
});

it("knows what has ratios", () => {
  expect(arePositive(heat([[1, 2, 0]]))).toBe(true);
  expect(arePositive(heat([[1, 2, -1]]))).toBe(false);
  expect(arePositive(heat([[0, 0]]))).toBe(false);
});

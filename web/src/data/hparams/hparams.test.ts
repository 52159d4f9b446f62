import { describe, expect, it } from "vitest";
import { associate, associations, between, correlation, FEWEST, ranks } from "./association";
import { columnOf, differs, place } from "./column";

const numbers = (values: (number | null)[], id = "config.x") => columnOf(id, id, values);

describe("columns", () => {
  it("lay numbers out evenly, and by powers of ten where they span some", () => {
    const even = numbers([1, 2, 3, null]);
    expect([0, 1, 2, 3].map((run) => place(even, run))).toEqual([0, 0.5, 1, null]);
    const rates = numbers([1e-4, 1e-3, 1e-2]);
    expect(rates.log).toBe(true);
    expect(place(rates, 1)).toBeCloseTo(0.5);
    expect(numbers([0, 1e5]).log).toBe(false);
  });

  it("put whatever is no number side by side, and bools too", () => {
    const column = columnOf("config.opt", "opt", ["sgd", "adam", null, "lion"]);
    expect(column.categories).toEqual(["adam", "lion", "sgd"]);
    expect([0, 1, 2, 3].map((run) => place(column, run))).toEqual([1, 0, null, 0.5]);
    expect(columnOf("b", "b", [true, false]).categories).toHaveLength(2);
    expect(columnOf("b", "b", [1, "auto"]).categories).toEqual(["1", "auto"]);
  });

  it("of one value, and of none, have a width", () => {
    expect(place(numbers([7, 7]), 0)).toBe(0.5);
    expect(place(columnOf("c", "c", ["a"]), 0)).toBe(0.5);
    expect(differs(numbers([7, 7, null]))).toBe(false);
    expect(differs(numbers([]))).toBe(false);
    expect(numbers([Number.NaN, 1]).values).toEqual([null, 1]);
  });
});

describe("associations", () => {
  it("rank, with equal ones at their mean", () => {
    expect(ranks([30, 10, 20, 10])).toEqual([4, 1.5, 3, 1.5]);
  });

  it("of a metric that follows a setting monotonically are whole", () => {
    const x = Array.from({ length: 12 }, (_, i) => i + 1);
    const found = associate(numbers(x), numbers(x.map((value) => -Math.exp(value))));
    expect(found?.share).toBeCloseTo(1);
    expect(found?.direction).toBe(-1);
    expect(found?.chance).toBeGreaterThan(0.1);
    expect(found?.chance).toBeLessThan(0.7);
  });

  it("see that the best is in the middle", () => {
    const x = Array.from({ length: 20 }, (_, i) => i);
    const found = associate(numbers(x), numbers(x.map((value) => (value - 9.5) ** 2)));
    expect(found?.share).toBeGreaterThan(0.7);
    expect(found?.direction).toBe(0);
  });

  it("of categories are the share between the groups", () => {
    expect(between(["a", "a", "b", "b"], [1, 1, 3, 3])).toBe(1);
    expect(between(["a", "b", "a", "b"], [1, 1, 3, 3])).toBe(0);
    expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0);
  });

  it("need enough runs and a difference", () => {
    const few = Array.from({ length: FEWEST - 1 }, (_, i) => i);
    expect(associate(numbers(few), numbers(few))).toBeNull();
    const same = Array.from({ length: FEWEST }, () => 1);
    expect(associate(numbers(same), numbers(same.map((_, i) => i)))).toBeNull();
  });

  it("put what is beyond chance first", () => {
    const n = 40;
    const metric = numbers(
      Array.from({ length: n }, (_, i) => i),
      "metric",
    );
    const noise = numbers(
      Array.from({ length: n }, (_, i) => (i * 7919) % 41),
      "config.noise",
    );
    const real = columnOf(
      "config.opt",
      "opt",
      Array.from({ length: n }, (_, i) => (i < n / 2 ? "a" : "b")),
    );
    const found = associations([noise, real], metric);
    expect(found.map(({ column }) => column.id)).toEqual(["config.opt", "config.noise"]);
    expect(found[0].share).toBeGreaterThan(found[0].chance);
    expect(found[1].share).toBeLessThan(found[1].chance);
  });
});

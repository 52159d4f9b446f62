import { describe, expect, it } from "vitest";
import { random } from "../data/random";
import { quantile, symlogFor, yRange } from "./range";
import { curve } from "./sample";
import { LINEAR, LOG } from "./scale";

const noise = (seed: number, n: number) => Array.from({ length: n }, random(seed));

describe("yRange", () => {
  it("holds everything, with room, when outliers count", () => {
    const range = yRange([curve([1, 5]), curve([3, 101])], LINEAR, false);
    expect(range).toEqual({ min: 1 - 6, max: 101 + 6, cut: 0 });
  });

  it("counts the curves that leave the frame, as brute force does", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const pick = random(seed);
      const curves = Array.from({ length: 1 + Math.floor(pick() * 12) }, (_, i) => {
        const values = noise(seed * 100 + i, 5 + Math.floor(pick() * 60));
        if (pick() < 0.4) values[Math.floor(pick() * values.length)] = (pick() - 0.5) * 10 ** (pick() * 6);
        return curve(values);
      });
      const range = yRange(curves, LINEAR, true);
      const leaving = curves.filter((c) =>
        c.last.some((v) => v < (range?.min ?? 0) || v > (range?.max ?? 0)),
      );
      // The room at the edges may still show the very nearest of those that are cut.
      expect(range?.cut).toBeGreaterThanOrEqual(leaving.length);
      const everything = yRange(curves, LINEAR, false);
      if (range?.cut === 0) expect(range).toEqual(everything);
      else
        expect((range?.max ?? 0) - (range?.min ?? 0)).toBeLessThan(
          (everything?.max ?? 0) - (everything?.min ?? 0),
        );
    }
  });

  it("cuts a spike off a steady curve", () => {
    const values = noise(7, 500);
    values[250] = 100;
    const range = yRange([curve(values)], LINEAR, true);
    expect(range?.max).toBeLessThan(5);
    expect(range?.cut).toBe(1);
  });

  it("sees a spike that hides in a column's greatest value", () => {
    const max = Float64Array.from(noise(8, 500));
    max[9] = 1e6;
    const range = yRange([curve(noise(9, 500), { max })], LINEAR, true);
    expect(range?.cut).toBe(1);
    expect(yRange([curve(noise(9, 500), { max })], LINEAR, false)?.max).toBeGreaterThan(1e6);
  });

  it("cuts off one run of five that diverged", () => {
    const steady = [1, 2, 3, 4].map((seed) => curve(noise(seed, 100)));
    const diverged = curve(noise(5, 100).map((v, i) => v + (i > 40 ? 1e5 * i : 0)));
    const range = yRange([...steady, diverged], LINEAR, true);
    expect(range?.cut).toBe(1);
    expect(range?.max).toBeLessThan(10);
  });

  it("never hides a run that is merely different", () => {
    const alike = [1, 2, 3, 4].map((seed) => curve([1 + seed * 1e-4]));
    const range = yRange([...alike, curve([5])], LINEAR, true);
    expect(range).toMatchObject({ cut: 0 });
    expect(range?.max).toBeGreaterThan(5);
  });

  it("keeps every curve when they merely differ", () => {
    const curves = [1, 2, 3, 4, 5, 6].map((level) => curve(noise(level, 50).map((v) => v + level)));
    expect(yRange(curves, LINEAR, true)?.cut).toBe(0);
  });

  it("gives a constant some room", () => {
    expect(yRange([curve([0, 0])], LINEAR, true)).toEqual({ min: -1, max: 1, cut: 0 });
    expect(yRange([curve([5])], LINEAR, true)).toEqual({ min: 4.5, max: 5.5, cut: 0 });
  });

  it("is in decades on a log axis, and ignores what is not positive", () => {
    const range = yRange([curve([-1, 0, 1, 100])], LOG, false);
    expect(range?.min).toBeCloseTo(-0.12);
    expect(range?.max).toBeCloseTo(2.12);
    expect(yRange([curve([-1, 0])], LOG, false)).toBeNull();
    expect(yRange([], LINEAR, true)).toBeNull();
  });

  it("stays finite at the ends of floating point", () => {
    const range = yRange([curve([-1.7e308, 1.7e308])], LINEAR, false);
    expect(Number.isFinite(range?.min)).toBe(true);
    expect(Number.isFinite((range?.max ?? 0) / 2 - (range?.min ?? 0) / 2)).toBe(true);
  });
});

describe("quantile", () => {
  it("interpolates between order statistics", () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([3], 0.9)).toBe(3);
    expect(quantile([1, 2, 3, 4, 5], 0.5)).toBe(3);
  });
});

describe("limits", () => {
  it("are what a person says, each by itself", () => {
    const curves = [curve([1, 5])];
    expect(yRange(curves, LINEAR, true, { min: 0, max: 2 })).toEqual({ min: 0, max: 2, cut: 0 });
    expect(yRange(curves, LINEAR, true, { min: 0, max: null })?.min).toBe(0);
    expect(yRange(curves, LINEAR, true, { min: 0, max: null })?.max).toBeCloseTo(5.24);
    expect(yRange(curves, LOG, true, { min: 0.1, max: null })?.min).toBeCloseTo(-1);
  });

  it("are nothing where the axis cannot show them", () => {
    const curves = [curve([1, 5])];
    expect(yRange(curves, LOG, true, { min: 0, max: null })).toEqual(yRange(curves, LOG, true));
  });

  it("always leave a range", () => {
    const curves = [curve([1, 5])];
    for (const limits of [
      { min: 100, max: null },
      { min: null, max: -100 },
      { min: 3, max: 3 },
      { min: 7, max: 2 },
    ]) {
      const range = yRange(curves, LINEAR, true, limits);
      expect((range?.max ?? 0) - (range?.min ?? 0)).toBeGreaterThan(0);
    }
    expect(yRange([], LINEAR, true, { min: 2, max: 3 })).toEqual({ min: 2, max: 3, cut: 0 });
  });
});

describe("bands", () => {
  it("are shown to their edges", () => {
    const band = curve([1, 2], {
      low: Float64Array.of(-3, Number.NaN),
      high: Float64Array.of(8, Number.NaN),
    });
    const range = yRange([band], LINEAR, false);
    expect(range?.min).toBeLessThan(-3);
    expect(range?.max).toBeGreaterThan(8);
  });
});

describe("symlogFor", () => {
  it("is straight up to the least of what is not zero", () => {
    expect(symlogFor([curve([0, 0.02, -3, 500])]).linear).toBe(0.01);
    expect(symlogFor([curve([0, 0])]).linear).toBe(1);
    expect(symlogFor([]).linear).toBe(1);
  });

  it("is not drawn out by rounding errors", () => {
    expect(symlogFor([curve([1e-17, 1, 10, 100])]).linear).toBe(1e-6);
  });
});

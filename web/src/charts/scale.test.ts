import { describe, expect, it } from "vitest";
import { LINEAR, LOG, placed, valueAt } from "./scale";
import { symlogTicks, ticksBetween } from "./ticks";

const symlog = { kind: "symlog", linear: 0.1 } as const;

describe("mappings", () => {
  it("lead there and back", () => {
    for (const mapping of [LINEAR, LOG, symlog])
      for (const value of [1e-9, 0.05, 0.1, 1, 12345])
        expect(valueAt(mapping, placed(mapping, value)) / value).toBeCloseTo(1, 12);
    for (const value of [0, -0.05, -0.1, -7])
      expect(valueAt(symlog, placed(symlog, value))).toBeCloseTo(value, 12);
  });

  it("are monotonous, symlog through zero", () => {
    const places = [-100, -1, -0.1, -0.01, 0, 0.01, 0.1, 1, 100].map((value) => placed(symlog, value));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[4]).toBe(0);
  });

  it("have no place for what cannot be shown", () => {
    expect(Number.isFinite(placed(LOG, 0))).toBe(false);
    expect(Number.isFinite(placed(LOG, -1))).toBe(false);
  });
});

describe("symlog ticks", () => {
  it("are zero and decades on both sides", () => {
    const ticks = symlogTicks(placed(symlog, -20), placed(symlog, 2000), symlog, 12);
    expect(ticks.map((place) => Number(valueAt(symlog, place).toPrecision(6)))).toEqual([
      -10, -1, -0.1, 0, 0.1, 1, 10, 100, 1000,
    ]);
  });

  it("are never more than fit", () => {
    for (const most of [3, 5, 9])
      for (const [min, max] of [
        [-9, 9],
        [-2, 30],
        [3, 4],
      ])
        expect(symlogTicks(min, max, symlog, most).length).toBeLessThanOrEqual(most + 1);
  });

  it("are linear in the straight part", () => {
    expect(symlogTicks(-0.5, 0.5, symlog, 5).map((p) => Number(valueAt(symlog, p).toPrecision(6)))).toEqual([
      -0.04, -0.02, 0, 0.02, 0.04,
    ]);
    expect(ticksBetween(0, 10, LINEAR, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  });
});

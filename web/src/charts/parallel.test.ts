import { describe, expect, it } from "vitest";
import { columnOf } from "../data/hparams/column";
import { frameOf, lineOf, nearestRun, passes, ticksOf } from "./parallel";

const columns = [
  columnOf("config.lr", "lr", [1e-4, 1e-3, 1e-2]),
  columnOf("config.opt", "opt", ["adam", "sgd", null]),
  columnOf("metric", "loss", [1, 2, 3]),
];
const frame = frameOf(columns, 528, 264);

describe("parallel coordinates", () => {
  it("stand side by side, the least below", () => {
    expect(frame.lanes.map(({ x }) => x)).toEqual([64, 264, 464]);
    expect(lineOf(frame, 0)).toEqual([
      [64, 244],
      [264, 244],
      [464, 244],
    ]);
    expect(lineOf(frame, 2)).toEqual([[64, 44], null, [464, 44]]);
  });

  it("find the run under the pointer, along the painted curve", () => {
    expect(nearestRun(frame, [0, 1], 120, 243, 10)).toBe(0);
    expect(nearestRun(frame, [0, 1], 164, 94, 3)).toBe(1); // half-way from 144 to 44
    expect(nearestRun(frame, [0, 1], 120, 60, 10)).toBeNull();
    expect(nearestRun(frame, [2], 120, 44, 10)).toBeNull(); // its line is broken there
  });

  it("let runs through that all brushes hold", () => {
    expect([0, 1, 2].filter((run) => passes(columns, { metric: [0, 0.5] }, run))).toEqual([0, 1]);
    expect([0, 1, 2].filter((run) => passes(columns, { "config.opt": [0, 1] }, run))).toEqual([0, 1]);
    expect([0, 1, 2].filter((run) => passes(columns, {}, run))).toEqual([0, 1, 2]);
  });

  it("write nice numbers at an axis", () => {
    expect(ticksOf(columns[0], 4).map(({ value }) => value)).toEqual([
      expect.closeTo(1e-4, 12),
      expect.closeTo(1e-3, 12),
      expect.closeTo(1e-2, 12),
    ]);
    expect(ticksOf(columns[1], 4)).toEqual([
      { at: 0, value: "adam" },
      { at: 1, value: "sgd" },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { HistogramRun, Histograms } from "../api/histograms";
import { type Bucket, barsOf, bucketAt, bucketSide, bucketsOf } from "./buckets";
import { ODD } from "./colourmap";
import { stepCells, stretched } from "./distribution";
import {
  binAt,
  groundOf,
  middles,
  peakOf,
  ROOM,
  rowAtHeight,
  rowAtShare,
  shareIn,
  stepRange,
  thinned,
  valueSide,
} from "./histograms";

/** Two bins from −1 over 0 to 1; each row: below, first, second, above. */
function run(rows: number[][], step = rows.map((_, i) => i * 10)): HistogramRun {
  return {
    run: 1,
    every: Int32Array.from(rows.keys()),
    everyStep: Float64Array.from(step),
    i: Int32Array.from(rows.keys()),
    step: Float64Array.from(step),
    wall: new Float64Array(rows.length),
    stats: Float64Array.from(rows.flatMap((row) => [row.reduce((a, b) => a + b), 0, 1, 1, -1, 1])),
    bad: new Float64Array(3 * rows.length),
    percentiles: new Float64Array(3 * rows.length),
    counts: Float64Array.from(rows.flat()),
    failed: 0,
  };
}

function data(runs: HistogramRun[], scale: Histograms["scale"] = "linear"): Histograms {
  return { tag: "w", scale, threshold: 0.02, edges: Float64Array.of(-1, 0, 1), percents: [0, 50, 100], runs };
}

const one = run([
  [0, 1, 1, 0],
  [0, 3, 1, 0],
  [4, 0, 4, 0],
]);

describe("shares", () => {
  it("are of all values, those beyond the axis too", () => {
    const both = data([one]);
    expect(shareIn(both, one, 1, 0)).toBe(0.75);
    expect(shareIn(both, one, 2, 1)).toBe(0.5);
    expect(peakOf(both, [one])).toBe(0.75);
    expect(rowAtShare(both, one, 0, 1)).toBe(1);
    expect(rowAtShare(both, one, 0, 0)).toBe(2);
  });
  it("have a place on the axis", () => {
    const side = valueSide(data([one]));
    expect([...middles(data([one]), side)]).toEqual([0.25, 0.75]);
    expect([0, 0.4, 0.6, 1].map((share) => binAt(data([one]), side, share))).toEqual([0, 0, 1, 1]);
    const symlog = valueSide(data([one], "symlog"));
    expect(symlog.mapping.linear).toBe(0.01);
    expect([symlog.low, symlog.high]).toEqual([-3, 3]);
  });
});

describe("rows", () => {
  it("have the latest lowest", () => {
    expect([0, 1, 2].map((row) => groundOf(row, 3))).toEqual([ROOM, ROOM + (1 - ROOM) / 2, 1]);
    expect(groundOf(0, 1)).toBe(1);
    for (const row of [0, 1, 2]) expect(rowAtHeight(3, groundOf(row, 3) - 0.01)).toBe(row);
    expect(rowAtHeight(3, 2)).toBe(2);
  });
  it("are thinned with the last one in", () => {
    expect(thinned(10, 4)).toEqual([0, 3, 6, 9]);
    expect(thinned(3, 4)).toEqual([0, 1, 2]);
    expect(thinned(0, 4)).toEqual([]);
  });
  it("reach from the first to the last step", () => {
    expect(stepRange([one, run([[0, 1, 1, 0]], [55])])).toEqual([0, 55]);
    expect(stepRange([run([[0, 1, 1, 0]], [5])])).toEqual([4.5, 5.5]);
  });
});

describe("cells over steps", () => {
  it("have the highest values first, and nothing where nothing lies", () => {
    const { cells } = stepCells(data([one]), one, false);
    expect([cells.rows, cells.columns]).toEqual([2, 3]);
    expect(cells.levels[3 + 2]).toBe(0);
    expect(cells.levels[3 + 1]).toBeGreaterThan(cells.levels[3]);
    expect([...cells.levels]).not.toContain(ODD);
  });
  it("are stretched to where steps lie", () => {
    const uneven = run(
      [
        [0, 1, 1, 0],
        [0, 3, 1, 0],
        [4, 0, 4, 0],
      ],
      [0, 10, 100],
    );
    const { cells } = stepCells(data([uneven]), uneven, true);
    const along = {
      frame: { left: 0, top: 0, width: 20, height: 2 },
      side: valueSide(data([uneven])),
      start: 0,
      stop: 100,
    };
    const wide = stretched(cells, along, data([uneven]), uneven, 20, 2);
    const of = (column: number) => [...cells.levels].filter((_, i) => i % 3 === column);
    const columns = Array.from({ length: 20 }, (_, x) => [wide.levels[x], wide.levels[20 + x]]);
    expect(columns[0]).toEqual(of(0));
    expect(columns[5]).toEqual(of(1));
    expect(columns.slice(11)).toEqual(Array(9).fill(of(2)));
  });
});

describe("buckets", () => {
  const buckets: Bucket[] = [
    [-1, 0, 4],
    [0, 0.5, 4],
    [0.5, 0.5, 2],
  ];
  it("are read of whatever there is", () => {
    expect(bucketsOf({ buckets: [[0, 1, 2], [1, "NaN", 3], [1, 0, 1], 7, [0, 1]] })).toEqual([[0, 1, 2]]);
    expect([bucketsOf(null), bucketsOf({}), bucketsOf({ buckets: 1 })]).toEqual([[], [], []]);
  });
  it("are bars whose areas are their counts", () => {
    const side = bucketSide(buckets, false);
    const [first, second, third] = barsOf(buckets, side, 0.001);
    expect(first.height * (first.to - first.from)).toBeCloseTo(second.height * (second.to - second.from));
    expect(third.height).toBe(1);
    expect(bucketAt(buckets, 0.2)).toBe(1);
    expect(bucketAt(buckets, 3)).toBeNull();
  });
  it("have an axis even when there are none, or but one value", () => {
    expect(bucketSide([], true).high).toBeGreaterThan(0);
    const side = bucketSide([[5, 5, 1]], false);
    expect(side.high).toBeGreaterThan(side.low);
  });
});

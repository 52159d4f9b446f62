import { describe, expect, it } from "vitest";
import { LOG } from "./scale";
import { linearTicks, logTicks } from "./ticks";
import { columnsFor, roundZoom, type View, xPixel, yPixel } from "./view";

describe("ticks", () => {
  it("are multiples of 1, 2 or 5", () => {
    expect(linearTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(linearTicks(3, 3, 5)).toEqual([]);
  });

  it("stand on decades of a log axis, never more than fit", () => {
    expect(logTicks(-3.2, 2.1, 10)).toEqual([-3, -2, -1, 0, 1, 2]);
    for (const [min, max] of [
      [-300, 300],
      [-6, 2],
      [0, 40],
    ])
      expect(logTicks(min, max, 6).length).toBeLessThanOrEqual(7);
  });

  it("are plain numbers within a decade", () => {
    expect(logTicks(Math.log10(2), Math.log10(5), 4).map((e) => Math.round(10 ** e))).toEqual([2, 3, 4, 5]);
  });
});

describe("view", () => {
  const view: View = {
    x0: 10,
    x1: 20,
    y0: -1,
    y1: 1,
    xLog: false,
    y: LOG,
    width: 200,
    height: 100,
    ratio: 2,
  };

  it("places numbers", () => {
    expect(xPixel(view, 15)).toBe(100);
    expect(yPixel(view, 1)).toBe(50);
    expect(yPixel(view, 0)).toBeNaN();
    expect(yPixel(view, -1)).toBeNaN();
  });

  it("asks for a column a pixel, fewer when there are many runs, within the server's limits", () => {
    expect(columnsFor(420, 8)).toBe(420);
    expect(columnsFor(420, 500)).toBe(200);
    expect(columnsFor(1200, 500)).toBe(400);
    expect(columnsFor(9999, 1)).toBe(4096);
    expect(columnsFor(0.4, 1)).toBe(1);
  });

  it("rounds a dragged range to what a hand can tell", () => {
    expect(roundZoom(8792.676767, 12309.7474)).toEqual([8793, 12310]);
    expect(roundZoom(1.23456789, 1.33456789)).toEqual([1.2346, 1.3346]);
    expect(roundZoom(1234567, 91234567)).toEqual([1230000, 91230000]);
  });
});

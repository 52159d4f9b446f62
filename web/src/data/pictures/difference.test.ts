import { describe, expect, it } from "vitest";
import { difference, type Pixels } from "./difference";

function picture(width: number, height: number, pixels: number[][]): Pixels {
  return { width, height, data: new Uint8ClampedArray(pixels.flat()) };
}
const black = [0, 0, 0, 255];

describe("difference", () => {
  it("is absolute, and amplified up to white", () => {
    const a = picture(2, 1, [black, [10, 20, 200, 255]]);
    const b = picture(2, 1, [black, [12, 15, 0, 255]]);
    const found = difference(a, b, 4);
    expect([...found.pixels.data]).toEqual([0, 0, 0, 255, 8, 20, 255, 255]);
    expect(found).toMatchObject({ same: true, largest: 200, share: 0.5 });
    expect(found.mean).toBeCloseTo((2 + 5 + 200) / 6);
    expect(found.psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / ((4 + 25 + 40000) / 6)));
    expect([...difference(b, a, 4).pixels.data]).toEqual([...found.pixels.data]);
  });

  it("of equal pictures is black", () => {
    const a = picture(1, 2, [black, [1, 2, 3, 4]]);
    const found = difference(a, a, 8);
    expect([...found.pixels.data]).toEqual([...black, ...black]);
    expect(found).toMatchObject({ largest: 0, mean: 0, share: 0, psnr: Number.POSITIVE_INFINITY });
  });

  it("compares what both have when sizes differ", () => {
    const a = picture(2, 2, [black, [9, 9, 9, 255], [3, 0, 0, 255], black]);
    const b = picture(1, 3, [black, black, black]);
    const found = difference(a, b, 1);
    expect(found.same).toBe(false);
    expect([found.pixels.width, found.pixels.height]).toEqual([1, 2]);
    expect([...found.pixels.data]).toEqual([...black, 3, 0, 0, 255]);
  });

  it("sees what is more or less transparent", () => {
    const found = difference(picture(1, 1, [[5, 5, 5, 255]]), picture(1, 1, [[5, 5, 5, 250]]), 1);
    expect([...found.pixels.data]).toEqual([5, 5, 5, 255]);
    expect(found.share).toBe(1);
  });
});

import { describe, expect, it } from "vitest";
import { paintCells, whole } from "./cells";
import { colourMap, LEVELS, NOTHING, ODD } from "./colourmap";
import { levelsOf, normAround, normFor, valueOfShare } from "./normal";

const sequential = colourMap("sequential", false);

function painted(
  levels: number[],
  columns: number,
  width: number,
  height: number,
  map = sequential,
  part = {},
) {
  const cells = { rows: levels.length / columns, columns, levels: Uint8Array.from(levels) };
  const pixels = new Uint32Array(width * height);
  paintCells(pixels, width, height, cells, { ...whole(cells), ...part }, map);
  return [...pixels].map((pixel) => map.pixels.indexOf(pixel));
}

describe("cells", () => {
  it("fill the picture", () => {
    expect(painted([1, 2, 3, 4], 2, 4, 2)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(painted([1, 2, 3, 4], 2, 2, 2, sequential, { row0: 1, row1: 2 })).toEqual([3, 4, 3, 4]);
    expect(painted([1, 2, 3, 4], 2, 2, 2, sequential, { column0: 1 })).toEqual([2, 2, 4, 4]);
  });
  it("show the greatest where several share a pixel", () => {
    expect(painted([1, 9, 3, 4, 5, 6, 7, 8], 4, 2, 1)).toEqual([9, 8]);
    expect(painted([NOTHING, 1, ODD, 4], 4, 2, 1)[0]).toBe(1);
  });
  it("show what is farthest from the middle of a diverging map", () => {
    expect(painted([100, 3, 250, 128], 4, 2, 1, colourMap("diverging", false))).toEqual([3, 250]);
  });
  it("stripe what is not finite, whatever is around it", () => {
    const pixels = painted([ODD, 1], 1, 4, 2);
    expect(pixels.filter((level) => level === ODD)).toHaveLength(3);
  });
});

describe("levels", () => {
  it("reach from the least to the greatest, and beyond them stay there", () => {
    const norm = normFor(
      Float32Array.from({ length: 1000 }, (_, i) => i),
      "linear",
    );
    expect(norm.mapping.kind).toBe("linear");
    const levels = levelsOf(
      Float32Array.of(-1e9, 0, 500, 999, 1e9, Number.NaN),
      Uint8Array.of(0, 0, 0, 0, 0, 1),
      norm,
    );
    expect([...levels]).toEqual([1, 1, 128, LEVELS, LEVELS, ODD]);
    expect([norm.under, norm.over]).toEqual([true, true]);
  });
  it("take logarithms of what spans decades", () => {
    const norm = normFor(
      Float32Array.from({ length: 1000 }, (_, i) => 10 ** (i / 200)),
      "auto",
    );
    expect(norm.mapping.kind).toBe("log");
    expect(valueOfShare(norm, 0.5)).toBeCloseTo(10 ** 2.5, -1);
    expect(levelsOf(Float32Array.of(0, Number.NaN), null, norm)[1]).toBe(NOTHING);
    expect(normFor(Float32Array.of(-1, 1e6, 1), "auto").mapping.kind).toBe("linear");
  });
  it("are not bothered by one that explodes", () => {
    const norm = normFor(
      Float32Array.from({ length: 1000 }, (_, i) => (i === 7 ? 1e9 : 1 + i / 1000)),
      "linear",
    );
    expect(norm.high).toBeLessThan(3);
    expect(norm.over).toBe(true);
  });
  it("are alike on both sides of zero", () => {
    const norm = normAround(Float32Array.of(-1, 0, 3));
    expect(norm.low).toBe(-norm.high);
    expect(levelsOf(Float32Array.of(0), null, norm)[0]).toBe(128);
  });
  it("take nothing, and what is all the same", () => {
    expect(normFor(new Float32Array(), "auto").high).toBe(1);
    const same = normFor(Float32Array.of(5, 5, 5), "auto");
    expect(same.high).toBeGreaterThan(same.low);
  });
});

it("has colours whose lightness alone tells the order", () => {
  for (const dark of [false, true]) {
    const { css } = colourMap("sequential", dark);
    const lights = css.slice(1, ODD).map((hex) => {
      const [r, g, b] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    const steps = lights.slice(1).map((light, i) => (dark ? light - lights[i] : lights[i] - light));
    expect(steps.filter((step) => step < -0.004)).toEqual([]);
  }
});

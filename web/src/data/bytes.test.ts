import { expect, it } from "vitest";
import { hexLines } from "./bytes";
import { summarise } from "./numbers";

it("writes bytes as hexadecimal and letters", () => {
  const bytes = new Uint8Array([...new TextEncoder().encode("headway, a text\n")].concat([0, 255]));
  expect(hexLines(bytes)).toEqual([
    { offset: "0000", hex: "68 65 61 64 77 61 79 2c  20 61 20 74 65 78 74 0a", letters: "headway, a text." },
    { offset: "0010", hex: "00 ff", letters: ".." },
  ]);
  expect(hexLines(new Uint8Array())).toEqual([]);
});

it("sums numbers up", () => {
  const found = summarise(Float64Array.of(0, 1, 2, 3, Number.NaN, Number.POSITIVE_INFINITY));
  expect(found).toMatchObject({
    count: 6,
    finite: 4,
    nan: 1,
    infinite: 1,
    zeros: 1,
    min: 0,
    max: 3,
    mean: 1.5,
  });
  expect(found.std).toBeCloseTo(Math.sqrt(1.25));
  expect(found.bins).toHaveLength(48);
  expect([found.bins[0], found.bins[47]]).toEqual([1, 1]);
  expect(summarise([5, 5]).bins).toEqual([2]);
  expect(summarise([]).min).toBeNaN();
  expect(summarise([1e6 + 1, 1e6 + 2]).std).toBeCloseTo(0.5);
});

import { expect, it } from "vitest";
import { sparkOf } from "./sparklines.svelte";

it("a sparkline fills its box", () => {
  const spark = sparkOf([0, 10, 39], [5, 1, 3], 40);
  expect([...(spark?.y ?? [])]).toEqual([1, 0, 0.5]);
  expect([spark?.x[0], spark?.x[2]]).toEqual([0, 1]);
  expect([...(sparkOf([0, 39], [2, 2], 40)?.y ?? [])]).toEqual([0.5, 0.5]);
  expect(sparkOf([], [], 40)).toBeNull();
});

import { expect, it } from "vitest";
import { average } from "./statistics";

it("a mean has Student's interval", () => {
  expect(average([])).toBeNull();
  expect(average([3])).toEqual({ mean: 3, half: null, count: 1 });
  const three = average([1, 2, 3]);
  expect(three?.mean).toBe(2);
  expect(three?.half).toBeCloseTo(4.303 / Math.sqrt(3), 3);
  const many = average(Array.from({ length: 61 }, (_, i) => i % 2));
  expect(many?.half).toBeCloseTo((2.0003 * 0.50403) / Math.sqrt(61), 4);
});

import { describe, expect, it } from "vitest";
import { Heights } from "./heights";

describe("Heights", () => {
  it("finds rows by where they lie, and where rows lie", () => {
    const heights = new Heights(1000, 20);
    expect([heights.total, heights.offset(10), heights.at(205), heights.at(200), heights.at(199)]).toEqual([
      20_000, 200, 10, 10, 9,
    ]);
    expect([heights.set(3, 50), heights.set(3, 50.2), heights.set(999, 5)]).toEqual([true, false, true]);
    expect([heights.total, heights.offset(4), heights.offset(3), heights.at(109)]).toEqual([
      20_015, 110, 60, 3,
    ]);
    expect([heights.at(-5), heights.at(1e9)]).toEqual([0, 999]);
  });

  it("agrees with adding up", () => {
    for (const count of [1, 2, 3, 7, 8, 100]) {
      const heights = new Heights(count, 10);
      const plain = Array.from({ length: count }, (_, i) => 5 + ((i * 7919) % 31));
      plain.forEach((height, i) => {
        heights.set(i, height);
      });
      let begin = 0;
      plain.forEach((height, i) => {
        expect(heights.offset(i)).toBe(begin);
        expect(heights.at(begin)).toBe(i);
        expect(heights.at(begin + height - 0.25)).toBe(i);
        begin += height;
      });
      expect(heights.total).toBe(begin);
    }
    expect(new Heights(0, 10).at(5)).toBe(0);
  });
});

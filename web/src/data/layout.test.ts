import { describe, expect, it } from "vitest";
import { placeSections, totalHeight, visiblePart } from "./layout";

const sections = Array.from({ length: 30 }, (_, s) => ({
  name: `s${s}`,
  tags: Array.from({ length: 1 + (s % 7) }, (_, t) => ({ name: `s${s}/t${t}`, runs: [1] })),
}));
const placed = placeSections(
  sections,
  1100,
  (name) => name !== "s3",
  (tag) => tag.endsWith("t1"),
);

describe("layout", () => {
  it("never lets cards overlap or stick out", () => {
    for (const { boxes, height } of placed) {
      for (const [i, a] of boxes.entries()) {
        expect(a.left + a.width).toBeLessThanOrEqual(1100);
        expect(a.top + a.height).toBeLessThanOrEqual(height);
        for (const b of boxes.slice(i + 1)) {
          const apart = a.left + a.width <= b.left || b.left + b.width <= a.left || a.top + a.height <= b.top;
          expect(apart).toBe(true);
        }
      }
    }
  });

  it("stacks sections without gap, closed ones as their heading", () => {
    for (const [i, section] of placed.entries()) {
      expect(section.top).toBe(i === 0 ? 0 : placed[i - 1].top + placed[i - 1].height);
    }
    expect(placed[3]).toMatchObject({ open: false, boxes: [], height: 40, count: 4 });
  });

  it("shows exactly what touches the window", () => {
    for (let top = 0; top < totalHeight(placed); top += 333) {
      const seen = visiblePart(placed, top, top + 800).flatMap((s) => s.boxes.map((b) => b.tag.name));
      const truth = placed.flatMap((s) =>
        s.boxes
          .filter((b) => s.top + b.top < top + 800 && s.top + b.top + b.height > top)
          .map((b) => b.tag.name),
      );
      expect(seen).toEqual(truth);
      expect(seen.length).toBeLessThan(20);
    }
  });

  it("has one column on a phone", () => {
    const [first] = placeSections(
      sections.slice(6, 7),
      358,
      () => true,
      () => false,
    );
    expect(new Set(first.boxes.map((b) => b.left))).toEqual(new Set([0]));
    expect(first.boxes.every((b) => b.width === 358)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { frameOf, placeSections, totalHeight, visiblePart } from "./layout";

const sections = Array.from({ length: 30 }, (_, s) => ({
  name: `s${s}`,
  ids: Array.from({ length: 1 + (s % 7) }, (_, t) => `s${s}/t${t}`),
}));
const sizes = Object.fromEntries(
  sections
    .slice(0, 25)
    .flatMap(({ ids }, s) =>
      ids.slice(1, 3).map((id, t) => [id, { columns: 1 + ((s + t) % 4), rows: 1 + (t % 2) }]),
    ),
);
const frame = frameOf(1100);
const placed = placeSections(sections, frame, (name) => name !== "s3", sizes);
const cardOf = (id: string) => ({ id, drawn: [{ y: id }] });
const seenFrom = (top: number, bottom: number) => visiblePart(placed, frame, top, bottom, cardOf);
const all = seenFrom(0, 1e6);

describe("layout", () => {
  it("never lets cards overlap or stick out", () => {
    expect(all.flatMap((section) => section.boxes).length).toBeGreaterThan(100);
    for (const { boxes, height } of all) {
      for (const [i, a] of boxes.entries()) {
        expect(a.left + a.width).toBeLessThanOrEqual(1100);
        expect(a.top + a.height).toBeLessThanOrEqual(height);
        for (const b of boxes.slice(i + 1)) {
          const apart =
            a.left + a.width <= b.left ||
            b.left + b.width <= a.left ||
            a.top + a.height <= b.top ||
            b.top + b.height <= a.top;
          expect(apart).toBe(true);
        }
      }
    }
  });

  it("fills the place beside a tall card", () => {
    const one = { name: "s", ids: ["a", "b", "c", "d"] };
    const tall = placeSections([one], frame, () => true, { b: { columns: 2, rows: 2 } });
    const [{ boxes }] = visiblePart(tall, frame, 0, 1e6, cardOf);
    expect(
      boxes.map((box) => [box.card.id, Math.round(box.left / 370), Math.round((box.top - 40) / 276)]),
    ).toEqual([
      ["a", 0, 0],
      ["b", 1, 0],
      ["c", 0, 1],
      ["d", 0, 2],
    ]);
  });

  it("stacks sections without gap, closed ones as their heading", () => {
    for (const [i, section] of placed.entries()) {
      expect(section.top).toBe(i === 0 ? 0 : placed[i - 1].top + placed[i - 1].height);
    }
    expect(placed[3]).toMatchObject({ open: false, height: 40 });
  });

  it("shows exactly what touches the window", () => {
    for (let top = 0; top < totalHeight(placed); top += 333) {
      const seen = seenFrom(top, top + 800).flatMap((s) => s.boxes.map((b) => b.card.id));
      const truth = all.flatMap((s) =>
        s.boxes
          .filter((b) => s.top + b.top < top + 800 && s.top + b.top + b.height > top)
          .map((b) => b.card.id),
      );
      expect(seen).toEqual(truth);
      expect(seen.length).toBeLessThan(20);
    }
  });

  it("has one column on a phone", () => {
    const phone = frameOf(358);
    const [first] = visiblePart(
      placeSections(sections.slice(6, 7), phone, () => true, sizes),
      phone,
      0,
      1e6,
      cardOf,
    );
    expect(new Set(first.boxes.map((b) => b.left))).toEqual(new Set([0]));
    expect(first.boxes.every((b) => b.width === 358)).toBe(true);
  });
});

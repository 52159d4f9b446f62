import { describe, expect, it } from "vitest";
import { seenIn, shiftOf } from "./anchor";
import { dropAt, follower } from "./drop";
import { frameOf, placeSections, visiblePart } from "./layout";

const frame = frameOf(1100);
const ids = (name: string, n: number) => Array.from({ length: n }, (_, i) => `${name}/${i}`);
const place = (...sections: [string, string[]][]) =>
  placeSections(
    sections.map(([name, ids]) => ({ name, ids })),
    frame,
    (name) => name !== "closed",
    {},
  );
const see = (placed: ReturnType<typeof place>, top: number) =>
  visiblePart(placed, frame, top, top + 800, (id) => ({ id, drawn: [{ y: id }] }));

describe("anchor", () => {
  const was = place(["a", ids("a", 30)], ["b", ids("b", 30)]);
  const seen = seenIn(see(was, 4000), 4000, 4800);

  it("follows what is seen when something comes above it", () => {
    expect(seen.length).toBeGreaterThan(3);
    expect(shiftOf(seen, was, frame)).toBe(0);
    const now = place(["0", ids("0", 7)], ["a", ids("a", 30)], ["b", ids("b", 30)]);
    expect(shiftOf(seen, now, frame)).toBe(now[2].top - was[1].top);
  });

  it("stays where most of it is when one of it goes elsewhere", () => {
    const [gone, ...rest] = seen.map((one) => one.id);
    const others = ids("b", 30).filter((id) => id !== gone);
    expect(rest.length).toBeGreaterThan(1);
    expect(shiftOf(seen, place(["a", ids("a", 30)], ["b", [...others, gone]]), frame)).toBe(0);
  });

  it("gives up when nothing is left", () => {
    expect(shiftOf(seen, place(["a", ids("a", 30)]), frame)).toBe(0);
    expect(shiftOf(seen, place(["closed", ids("b", 30)]), frame)).toBe(0);
  });
});

describe("drop", () => {
  const placed = place(["a", ids("a", 5)]);
  const visible = see(placed, 0);
  const [first, second] = visible[0].boxes;
  const at = (box: typeof first, share: number) =>
    dropAt(visible, box.left + share * box.width, box.top + box.height / 2);

  it("falls before or behind the chart below the pointer", () => {
    const left = at(second, 0.2);
    const right = at(second, 0.8);
    expect(left).toMatchObject({ section: "a", over: second, after: false });
    expect(left && follower(placed[0].ids, "a/4", left)).toBe("a/1");
    expect(right && follower(placed[0].ids, "a/4", right)).toBe("a/2");
    expect(right && follower(placed[0].ids, "a/2", right)).toBe("a/3");
    const last = at(visible[0].boxes[4], 0.9);
    expect(last && follower(placed[0].ids, "a/0", last)).toBe("");
  });

  it("falls nowhere beside the charts", () => {
    expect(dropAt(visible, first.left + first.width + 3, first.top + 10)).toBeNull();
  });
});

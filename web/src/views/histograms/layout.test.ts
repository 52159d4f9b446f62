import { describe, expect, it } from "vitest";
import { cellOf, GAP, HEADING, heightOf, laidOut } from "./layout";

const tags = ["w/a", "w/b", "w/c", "g/a"].map((name) => ({ name, runs: [1, 2] }));
const all = () => true;

describe("cells", () => {
  it("are as many as fit, in whole groups where one fits", () => {
    expect(cellOf(1000, 300, 200).columns).toBe(3);
    expect(cellOf(1000, 300, 200, 2).columns).toBe(2);
    expect(cellOf(1000, 300, 200, 5).columns).toBe(3);
    expect(cellOf(100, 300, 200).columns).toBe(1);
    expect(cellOf(1000, 300, 200, 2).width).toBe((1000 - GAP) / 2);
  });
});

describe("the layout", () => {
  const cell = { columns: 4, width: 100, height: 50 };
  it("lets neighbours share a line, and a group begin another that does not fit", () => {
    const groups = laidOut(tags, cell, false, all);
    expect(groups.map((group) => group.section ?? group.tag)).toEqual(["w", "w/a", "w/b", "w/c", "g", "g/a"]);
    expect(groups.map((group) => group.top)).toEqual([
      0,
      HEADING,
      HEADING,
      HEADING + 50 + GAP,
      HEADING + 2 * (50 + GAP),
      2 * HEADING + 2 * (50 + GAP),
    ]);
    expect(groups[2].cells.map(({ left }) => left)).toEqual([2 * (100 + GAP), 3 * (100 + GAP)]);
    expect(heightOf(groups)).toBe(2 * HEADING + 3 * (50 + GAP));
  });
  it("breaks a group that is wider than a line", () => {
    const [, group] = laidOut([{ name: "w/a", runs: [1, 2, 3, 4, 5] }], { ...cell, columns: 2 }, false, all);
    expect(group.cells.map(({ left, top }) => [left, top])).toEqual([
      [0, 0],
      [112, 0],
      [0, 62],
      [112, 62],
      [0, 124],
    ]);
    expect(group.height).toBe(174);
  });
  it("has one cell a tag for all runs, and none of a closed section", () => {
    expect(laidOut(tags, cell, true, all)[1].cells).toHaveLength(1);
    expect(laidOut(tags, cell, true, (section) => section !== "w").map((group) => group.tag)).toEqual([
      "",
      "",
      "g/a",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { rowFilter, wordsOf } from "./tableFilter";
import {
  arranged,
  type Cell,
  compareCells,
  differs,
  isTable,
  isText,
  keyColumn,
  matched,
  nextOrder,
  ranges,
  readOrder,
  type TableValue,
  widths,
  writeOrder,
} from "./tables";

const table = (...rows: Cell[][]): TableValue => ({
  kind: "table",
  columns: [
    { name: "id", type: "number" },
    { name: "prompt", type: "text" },
    { name: "answer", type: "text" },
    { name: "score", type: "number" },
  ],
  rows,
});
const small = table(
  [1, "cat", "A big cat", 0.25],
  [2, "dog", "a dog", null],
  [10, "cow", "", 2],
  [3, "cat", "b", -1],
);

describe("tables", () => {
  it("are told from texts", () => {
    expect([isTable(small), isText(small), isTable(null), isText({ kind: "text" })]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("have a column that names the rows", () => {
    expect(["", "id", "?"].map((wanted) => keyColumn(small.columns, wanted))).toEqual([1, 0, 1]);
    expect(
      keyColumn(
        [
          { name: "a", type: "number" },
          { name: "b", type: "text" },
        ],
        "",
      ),
    ).toBe(1);
    expect(keyColumn([{ name: "a", type: "number" }], "")).toBe(0);
  });

  it("are sorted, what is missing last", () => {
    expect(arranged(small, null, null)).toEqual([0, 1, 2, 3]);
    expect(arranged(small, null, readOrder("score"))).toEqual([3, 0, 2, 1]);
    expect(arranged(small, null, readOrder("-score"))).toEqual([2, 0, 3, 1]);
    expect(arranged(small, null, readOrder("prompt"))).toEqual([0, 3, 2, 1]);
    expect(arranged(small, null, readOrder("nothing"))).toEqual([0, 1, 2, 3]);
    expect(compareCells("a10", "a9")).toBeGreaterThan(0);
    expect(compareCells(3, "NaN")).toBeLessThan(0);
  });

  it("are sorted by a click, the other way, and no longer", () => {
    const first = nextOrder(null, "score");
    const second = nextOrder(first, "score");
    expect([writeOrder(first), writeOrder(second), writeOrder(nextOrder(second, "score"))]).toEqual([
      "-score",
      "score",
      "",
    ]);
    expect(readOrder("")).toBeNull();
  });

  it("have ranges of numbers and widths", () => {
    expect(ranges(small)).toEqual([[1, 10], null, null, [-1, 2]]);
    expect(widths(small)).toHaveLength(4);
  });

  it("are matched by their keys, also where these stand several times", () => {
    const before = table([1, "cat", "old", 0], [2, "cat", "old 2", 0], [3, "gone", "x", 0]);
    const after = table([1, "cat", "new", 1], [4, "dog", "y", 1], [2, "cat", "old 2", 0]);
    const pairs = matched(before, 1, after, 1);
    expect(pairs.map(({ key, before, after }) => [key, before?.[2], after?.[2]])).toEqual([
      ["cat", "old", "new"],
      ["dog", undefined, "y"],
      ["cat", "old 2", "old 2"],
      ["gone", "x", undefined],
    ]);
    expect(pairs.map((pair) => differs(pair, before, after))).toEqual([true, true, false, true]);
  });
});

describe("rowFilter", () => {
  const found = (text: string) => arranged(small, rowFilter(text, small.columns), null);
  it.each([
    ["", [0, 1, 2, 3]],
    ["CAT", [0, 3]],
    ["cat big", [0]],
    ['"a dog"', [1]],
    ["prompt:cat", [0, 3]],
    ["prompt:cat -big", [3]],
    ["score>0", [0, 2]],
    ["score>=0.25 id<10", [0]],
    ["score<=-1", [3]],
    ["prompt=cow", [2]],
    ["id=10", [2]],
    ["other:cat", []],
    ['answer:"big cat"', [0]],
    ["-", [3]],
  ])("%s", (text, rows) => {
    expect(found(text)).toEqual(rows);
  });

  it("says which words to mark", () => {
    expect(wordsOf('cat prompt:dog score>1 -no "two words"', small.columns)).toEqual([
      "cat",
      "dog",
      "two words",
    ]);
  });
});

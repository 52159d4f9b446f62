import { describe, expect, it } from "vitest";
import { groupRuns, heldOrder, itemsOf, pinnedFirst, sortBy } from "./runorder";

describe("the order of runs", () => {
  const values = new Map<number, string | number | null>([
    [1, 3],
    [2, null],
    [3, 1],
    [4, Number.NaN],
    [5, 3],
    [6, "text"],
  ]);
  const of = (id: number) => values.get(id) ?? null;

  it("is stable, with what is missing last", () => {
    expect(sortBy([1, 2, 3, 4, 5, 6], of, false)).toEqual([3, 1, 5, 6, 2, 4]);
    expect(sortBy([1, 2, 3, 4, 5, 6], of, true)).toEqual([6, 1, 5, 3, 2, 4]);
  });

  it("counts as people do, and takes 10,000 in a blink", () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => i);
    const began = performance.now();
    const sorted = sortBy(ids, (id) => Math.sin(id), false);
    expect(performance.now() - began).toBeLessThan(200);
    expect(Math.sin(sorted[0])).toBeLessThan(Math.sin(sorted[9999]));
    expect(sortBy([1, 2, 3], (id) => `run${[10, 9, 1][id - 1]}`, false)).toEqual([3, 2, 1]);
  });

  it("has pinned runs first", () => {
    expect(pinnedFirst([1, 2, 3, 4], (id) => id > 2)).toEqual([3, 4, 1, 2]);
  });

  it("stays while somebody looks at it", () => {
    expect(heldOrder([3, 1, 2], [1, 2, 4])).toEqual([1, 2, 4]);
    expect(heldOrder([2, 1], [1, 2, 3])).toEqual([2, 1, 3]);
  });

  it("lists the runs of open groups under them", () => {
    const groups = groupRuns([1, 2, 3], (id) => [String(id % 2)]);
    expect(groups.map((group) => [group.key, group.runs])).toEqual([
      ["1", [1, 3]],
      ["0", [2]],
    ]);
    const items = itemsOf(groups, (key) => key === "1");
    expect(items.map((item) => (item.kind === "run" ? item.run : item.group.key))).toEqual(["1", 1, 3, "0"]);
  });
});

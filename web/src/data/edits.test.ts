import { describe, expect, it } from "vitest";
import type { Mark } from "../api/types";
import { type Change, inverseOf, runsOf, setting, stillOurs, tagging } from "./edits";

const NOTHING: Mark = { name: "", note: "", tags: [], archived: false, group: "", colour: "", pinned: false };
const marks: Record<number, Mark> = {
  1: NOTHING,
  2: { ...NOTHING, tags: ["a"], group: "g" },
  3: { ...NOTHING, archived: true },
};
const markOf = (run: number) => marks[run];
const done = (changes: readonly Change[]) => (run: number) => {
  const mark = { ...marks[run] };
  for (const change of changes) if (change.runs.includes(run)) Object.assign(mark, change.fields);
  return mark;
};

describe("edits of marks", () => {
  it("leave alone what is so already", () => {
    expect(setting([1, 2, 3], markOf, { archived: true })).toEqual([
      { runs: [1, 2], fields: { archived: true } },
    ]);
    expect(tagging([1, 2], markOf, ["a"], [])).toEqual([{ runs: [1], fields: { tags: ["a"] } }]);
  });

  it("say different things of different runs", () => {
    const changes = tagging([1, 2, 3], markOf, ["b"], ["a"]);
    expect(changes).toEqual([{ runs: [1, 2, 3], fields: { tags: ["b"] } }]);
    expect(tagging([1, 2], markOf, ["b"], [])).toEqual([
      { runs: [1], fields: { tags: ["b"] } },
      { runs: [2], fields: { tags: ["a", "b"] } },
    ]);
    expect(runsOf(changes)).toBe(3);
  });

  it("are taken back", () => {
    const changes = setting([1, 2, 3], markOf, { group: "x" });
    const inverse = inverseOf(changes, markOf);
    expect(inverse).toEqual([
      { runs: [1, 3], fields: { group: "" } },
      { runs: [2], fields: { group: "g" } },
    ]);
    expect(stillOurs(inverse, changes, done(changes))).toEqual(inverse);
  });

  it("of somebody else since are not", () => {
    const changes = setting([1, 2], markOf, { group: "x" });
    const now = (run: number) => (run === 2 ? { ...marks[2], group: "other" } : done(changes)(run));
    expect(stillOurs(inverseOf(changes, markOf), changes, now)).toEqual([
      { runs: [1], fields: { group: "" } },
    ]);
  });
});

import { describe, expect, it } from "vitest";
import { choose, chooseAll, meant, NOTHING_CHOSEN, stillThere } from "./rowselection";

const runs = [5, 4, 3, 2, 1];
const chosen = (selection: { chosen: ReadonlySet<number> }) => [...selection.chosen].sort();

describe("choosing rows", () => {
  it("goes one by one, with Ctrl more, with Shift all between", () => {
    const one = choose(NOTHING_CHOSEN, runs, 4);
    expect(chosen(one)).toEqual([4]);
    expect(chosen(choose(one, runs, 2, { toggle: true }))).toEqual([2, 4]);
    expect(chosen(choose(one, runs, 4, { toggle: true }))).toEqual([]);
    const three = choose(one, runs, 2, { range: true });
    expect(chosen(three)).toEqual([2, 3, 4]);
    expect(chosen(choose(three, runs, 5, { range: true }))).toEqual([4, 5]);
    expect(chosen(choose(three, runs, 1, { range: true, toggle: true }))).toEqual([1, 2, 3, 4]);
  });

  it("means all that are chosen, or the one that is not", () => {
    const all = chooseAll(NOTHING_CHOSEN, [1, 2]);
    expect(meant(all, 2)).toEqual([1, 2]);
    expect(meant(all, 3)).toEqual([3]);
  });

  it("forgets runs that went", () => {
    const two = choose(choose(NOTHING_CHOSEN, runs, 4), runs, 2, { toggle: true });
    const left = stillThere(two, new Set([4]));
    expect([chosen(left), left.cursor]).toEqual([[4], null]);
    expect(stillThere(two, new Set(runs))).toBe(two);
  });
});

import { expect, test } from "vitest";
import { candidates, filterOf, runNamed, runsNamed } from "./chosenrun";
import { shortName } from "./names";

const RUNS = ["a", "sweep/lr 1e-3", "sweep/lr 1e-4", '"odd"'].map((name, id) => ({ id, name }));

test("runs of an address, in its order, each once", () => {
  const [a, b] = [shortName("a"), shortName("sweep/lr 1e-4")];
  expect(runNamed(RUNS, b)?.id).toBe(2);
  expect(runNamed(RUNS, "")).toBeNull();
  expect(runsNamed(RUNS, [b, "nothing0", a, b].join(".")).map((run) => run.id)).toEqual([2, 0]);
});

test("a filter of names with quotes in them", () => {
  expect(filterOf(["a", '"odd"'])).toBe('name in ["a", """odd"""]');
});

test("what a picker lists", () => {
  expect(candidates(RUNS, "LR sweep", 1)).toEqual({ found: [RUNS[1]], more: 1 });
  expect(candidates(RUNS, "", 9).found.length).toBe(4);
});

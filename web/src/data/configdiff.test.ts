import { expect, test } from "vitest";
import { delta, nested, rowsOf, shown, treeOf, yaml } from "./configdiff";

test("a row for each name of any run, and whether they differ", () => {
  const rows = rowsOf([{ lr: 1e-3, seed: 1, opt: "adam" }, { lr: 1e-4, seed: 1, wd: 0 }, null]);
  expect(rows.map(({ name, values }) => [name, ...values])).toEqual([
    ["lr", 1e-3, 1e-4, undefined],
    ["seed", 1, 1, undefined],
    ["opt", "adam", undefined, undefined],
    ["wd", undefined, 0, undefined],
  ]);
  const two = rowsOf([
    { a: 1, b: [1] },
    { a: 1, b: [1] },
  ]);
  expect(two.map((row) => row.differs)).toEqual([false, false]);
  expect(rowsOf([{ a: 1 }, { a: "1" }])[0].differs).toBe(true);
});

test("names that every object has are names like others", () => {
  expect(rowsOf([{ toString: 1 }, {}])[0].values).toEqual([1, undefined]);
});

test("by how much numbers differ", () => {
  expect(delta(3e-4, 1e-4)?.times).toBeCloseTo(3);
  expect(delta(5, 0)).toEqual({ by: 5, times: null });
  expect(delta(-1, 1)).toEqual({ by: -2, times: null });
  expect(delta("a", 1)).toBeNull();
  expect(delta(1, 1)).toBeNull();
});

test("dotted keys as a tree, in their order", () => {
  const tree = treeOf({ lr: 1, "model.layers": 12, "model.attention.heads": 8, "model.name": "x" });
  expect(tree.map((one) => one.path)).toEqual(["lr", "model"]);
  expect(tree[1].branches?.map((one) => one.name)).toEqual(["layers", "attention", "name"]);
  expect(nested({ "a.b": 1, a: 2, "a.c": "[1, 2]", d: "[oops" })).toEqual({
    a: { b: 1, c: [1, 2] },
    "a.": 2,
    d: "[oops",
  });
});

test("what is shown and what is copied", () => {
  expect([shown("x y"), shown(true), shown(null), shown(undefined), shown(0.1)]).toEqual([
    "x y",
    "true",
    "null",
    "",
    "0.1",
  ]);
  expect(
    yaml({ lr: 0.001, on: true, name: "no", "a b": ["x", { y: null }], empty: {}, text: "a: b\n" }),
  ).toBe(
    `lr: 0.001
"on": true
name: "no"
a b:
  - x
  -
    "y": null
empty: {}
text: "a: b\\n"`,
  );
});

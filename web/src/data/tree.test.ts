import { describe, expect, it } from "vitest";
import { beginning, childrenOf, linesOf, rootOf } from "./tree";

const of = (...paths: string[]) => rootOf(paths.map((path) => ({ path, tag: path })));
const labels = (root: ReturnType<typeof of>, ...open: string[]) =>
  linesOf(root, new Set(open)).map(
    (node) => `${" ".repeat(node.depth - 1)}${node.label} ${node.leaves.length}`,
  );

describe("the tree", () => {
  const root = of("g/l.0.q", "g/l.0.k", "g/l.10.q", "g/l.2.q", "g/embed", "train/loss", "lr");
  it("is folded at first, in natural order", () => {
    expect(labels(root)).toEqual(["g/ 5", "lr 1", "train/loss 1"]);
    expect(labels(root, "g/")).toEqual(["g/ 5", " embed 1", " l. 4", "lr 1", "train/loss 1"]);
  });
  it("puts a chain of folders on one line", () => {
    expect(labels(root, "g/", "g/l.").slice(2)).toEqual([
      " l. 4",
      "  0. 2",
      "  2.q 1",
      "  10.q 1",
      "lr 1",
      "train/loss 1",
    ]);
    expect(labels(of("a.b.c.x", "a.b.c.y"))).toEqual(["a.b.c. 2"]);
  });
  it("tells a folder from a leaf of its name, and dots from slashes", () => {
    expect(labels(of("a", "a.b", "a/b"))).toEqual(["a 1", "a.b 1", "a/b 1"]);
    expect(labels(of("a", "a/b", "a/c"), "a/")).toEqual(["a 1", "a/ 2", " b 1", " c 1"]);
  });
  it("takes names that are cut oddly", () => {
    expect(labels(of("/", "..", "a//b", "a//c", "", "x."), "a//")).toEqual([
      " 1",
      ".. 1",
      "/ 1",
      "a// 2",
      " b 1",
      " c 1",
      "x. 1",
    ]);
  });
  it("opens a little by itself", () => {
    expect([...beginning(root, 16)].sort()).toEqual(["g/", "g/l.", "g/l.0."]);
    const wide = of(...Array.from({ length: 1000 }, (_, i) => `a.${i}`), "b");
    expect(beginning(wide, 16).size).toBe(0);
    expect(childrenOf(wide)).toHaveLength(2);
  });
});

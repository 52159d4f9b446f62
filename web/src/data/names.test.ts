import { describe, expect, it } from "vitest";
import { compareNames, hashName, matcher, shortName, sortByName } from "./names";
import { groupTags, sortTags, title } from "./sections";

describe("names", () => {
  it("are abbreviated without meeting", () => {
    const names = Array.from({ length: 20000 }, (_, i) => `exp/run${i}`);
    expect(new Set(names.map(shortName)).size).toBe(names.length);
    expect(shortName("x")).toMatch(/^[0-9a-z]{8}$/);
    expect(hashName("headway")).toBe(hashName("headway"));
  });

  it("are sorted as people count", () => {
    expect(["run10", "run2", "run1"].sort(compareNames)).toEqual(["run1", "run2", "run10"]);
  });

  it("are sorted in bulk as one by one", () => {
    const parts = [
      "run",
      "Run",
      "a_b",
      "a-b",
      "a b",
      "lr",
      "10",
      "2",
      "007",
      "/",
      ".",
      "loss",
      "B",
      "x2y10",
      "x2y9",
      "_",
    ];
    const names = parts.flatMap((a) => parts.map((b) => a + b));
    const counted = sortByName(names, (name) => name);
    for (const [a, b] of [
      ["run2", "run10"],
      ["a2/x", "a10/x"],
      ["Run2", "run10"],
      ["layer007", "layer10"],
    ])
      expect(sortByName([b, a], (name) => name)).toEqual([a, b]);
    expect(sortByName([...counted].reverse(), (name) => name)).toEqual(counted);
    expect(sortByName(["ünder10", "ünder2"], (name) => name)).toEqual(["ünder2", "ünder10"]);
    expect(
      sortByName(
        ["b", "a", "c"],
        (name) => name,
        (name) => (name === "c" ? 0 : 1),
      ),
    ).toEqual(["c", "a", "b"]);
  });

  it("are matched by regular expression, or as text when it is none", () => {
    expect(matcher("^SFT.*5$").matches("sft-7b/lr-1e-5")).toBe(true);
    expect(matcher("").matches("anything")).toBe(true);
    const odd = matcher("lr(");
    expect(odd.error).not.toBeNull();
    expect(odd.matches("a-LR(x")).toBe(true);
    expect(odd.matches("lr")).toBe(false);
  });
});

describe("sections", () => {
  const tag = (name: string) => ({ name, runs: [1] });

  it("group tags by what stands before the first slash", () => {
    const sections = groupTags(
      sortTags(["eval/loss", "train/lr", "lr", "train/loss", "opt/a/b", "/odd"].map(tag)),
    );
    expect(sections.map((s) => [s.name, s.tags.map((t) => t.name)])).toEqual([
      ["train", ["train/loss", "train/lr"]],
      ["eval", ["eval/loss"]],
      ["", ["/odd", "lr"]],
      ["opt", ["opt/a/b"]],
    ]);
  });

  it("title a chart with the rest", () => {
    expect(title("opt/a/b", "opt")).toBe("a/b");
    expect(title("lr", "")).toBe("lr");
  });
});

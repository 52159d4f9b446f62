import { describe, expect, it } from "vitest";
import { catcher, nothingColour, readRule, schemeOf, writeRule } from "./colouring";

describe("the rule", () => {
  it("comes back from the address", () => {
    for (const rule of [
      { by: "run" },
      { by: "group" },
      { by: "config", key: "optim.lr:x" },
      { by: "regex", pattern: "seed(\\d+):" },
    ] as const)
      expect(readRule(writeRule(rule), false)).toEqual(rule);
  });

  it("follows the groups when nobody chose one", () => {
    expect(readRule("", true)).toEqual({ by: "group" });
    expect(readRule("", false)).toEqual({ by: "run" });
    expect(readRule("run", true)).toEqual({ by: "run" });
  });

  it("catches what the parenthesis does", () => {
    expect(catcher("lr=([^/]+)")("a/lr=0.1/b")).toBe("0.1");
    expect(catcher("sft|dpo")("x-DPO-1")).toBe("DPO");
    expect(catcher("sft")("x")).toBe("");
    expect(catcher("(")("x")).toBe("");
  });
});

describe("a scheme", () => {
  it("gives names a colour each, which later names leave alone", () => {
    const few = schemeOf(["adam", "sgd", "adam"], false);
    const more = schemeOf(["adam", "sgd", "adam", "lion"], false);
    expect(few.colour("adam")).not.toBe(few.colour("sgd"));
    expect(more.colour("sgd")).toBe(few.colour("sgd"));
    expect(few.legend).toMatchObject({
      entries: [
        { text: "adam", runs: 2 },
        { text: "sgd", runs: 1 },
      ],
    });
  });

  it("says nothing by grey, last in the legend", () => {
    const scheme = schemeOf([null, "a", undefined], true);
    expect(scheme.colour(null)).toBe(nothingColour(true));
    expect(scheme.legend).toMatchObject({ entries: [{ text: "a" }, { text: "", runs: 2 }] });
  });

  it("lays few numbers evenly on a scale, in their order", () => {
    const scheme = schemeOf([0.1, 0.001, 0.0001, 0.1], false);
    const colours = [1e-4, 1e-3, 1e-1].map((value) => scheme.colour(value));
    expect(new Set(colours).size).toBe(3);
    expect(scheme.legend).toMatchObject({
      kind: "values",
      entries: [{ text: "0.0001" }, { text: "0.001" }, { text: "0.1", runs: 2 }],
    });
    expect(schemeOf([1, 2], false, false).colour(1)).not.toBe(schemeOf([1, 2], false).colour(1));
  });

  it("lays many where they are, by their logarithm when they are far apart", () => {
    const far = schemeOf(
      Array.from({ length: 40 }, (_, i) => 10 ** (-i / 10)),
      false,
    ).legend;
    expect(far).toMatchObject({ kind: "scale", high: 1, log: true });
    const near = schemeOf(
      Array.from({ length: 40 }, (_, i) => i),
      false,
    ).legend;
    expect(near).toMatchObject({ kind: "scale", low: 0, high: 39, log: false });
  });
});

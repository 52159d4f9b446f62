import { describe, expect, it } from "vitest";
import { cardOf, isLayout, type LayoutValue, MOST_TAGS, merged, patternsOf } from "./customLayout";
import { fits } from "./patterns";

const lines = { title: "lines", tags: ["loss.*", "acc"], margins: [] };
const margin = { title: "", tags: [], margins: [{ value: "v", lower: "l", upper: "u" }] };
const layout = (...categories: LayoutValue["categories"]): LayoutValue => ({ kind: "layout", categories });

describe("layouts", () => {
  it("of several runs are put together", () => {
    const one = layout({ title: "a", closed: true, charts: [lines] });
    const other = layout(
      { title: "a", closed: false, charts: [lines, margin] },
      { title: "b", closed: true, charts: [margin] },
    );
    const found = merged([one, other, one]);
    expect(found).toEqual([
      { title: "a", closed: false, charts: [lines, margin] },
      { title: "b", closed: true, charts: [margin] },
    ]);
    expect(patternsOf(found)).toEqual(["loss.*", "acc"]);
    expect([isLayout(one), isLayout({ kind: "text" })]).toEqual([true, false]);
  });

  it("become cards", () => {
    const fitting = new Map([["loss.*", ["loss", "loss/val"]]]);
    expect(cardOf(lines, "c1", fitting)).toEqual({
      card: { id: "c1", title: "lines", drawn: [{ y: "loss" }, { y: "loss/val" }] },
      left: 0,
    });
    expect(cardOf(margin, "c2", fitting).card).toEqual({
      id: "c2",
      title: "v",
      drawn: [{ y: "v", between: ["l", "u"] }],
      smoothing: 0,
    });
    const many = new Map([["acc", Array.from({ length: 100 }, (_, i) => `acc${i}`)]]);
    expect(cardOf(lines, "c3", many)).toMatchObject({ left: 100 - MOST_TAGS });
  });
});

describe("patterns", () => {
  it("fit from the beginning, as TensorBoard has it; what is none is a name", () => {
    const names = ["loss", "train/loss", "loss/val", "a(b"];
    expect(fits(["loss", "a(b", ".*loss$"], names)).toEqual([
      ["loss", ["loss", "loss/val"]],
      ["a(b", ["a(b"]],
      [".*loss$", ["loss", "train/loss"]],
    ]);
  });
});

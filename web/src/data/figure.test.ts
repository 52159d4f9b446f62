import { describe, expect, it } from "vitest";
import { DEFAULTS } from "./address";
import { figureOf, requestFor, runsOf, sharesAxis } from "./figure";

const card = { id: "loss", drawn: [{ y: "loss" }] };
const asking = { runs: [1], columns: 100, zoom: null, group: [], band: "interval" } as const;

describe("figureOf", () => {
  it("takes from the page what the card leaves open", () => {
    const page = { ...DEFAULTS, axis: "relative", smoothing: 0.3, yScale: "log" } as const;
    expect(figureOf(card, page)).toMatchObject({ axis: "relative", smoothing: 0.3, left: { scale: "log" } });
    expect(figureOf({ ...card, axis: "step", smoothing: 0, yMin: 1 }, page)).toMatchObject({
      axis: "step",
      smoothing: 0,
      left: { limits: { min: 1, max: null } },
    });
  });

  it("knows no logarithm of wall times, and no page's x where the card has an axis", () => {
    expect(figureOf({ ...card, axis: "wall", xScale: "log" }, DEFAULTS).xLog).toBe(false);
    expect(figureOf({ ...card, xScale: "log" }, DEFAULTS).xLog).toBe(true);
    expect(figureOf({ ...card, axis: "wall" }, { ...DEFAULTS, x: "tokens" }).x).toBe("");
    expect(sharesAxis(figureOf({ ...card, x: "tokens" }, DEFAULTS), DEFAULTS)).toBe(false);
    expect(sharesAxis(figureOf(card, DEFAULTS), DEFAULTS)).toBe(true);
  });
});

describe("requestFor", () => {
  it("leaves out what the server has anyway", () => {
    expect(requestFor("loss", figureOf(card, DEFAULTS), { ...asking, runs: [1] })).toEqual({
      tag: "loss",
      runs: [1],
      axis: "step",
      columns: 100,
      smoothing: 0.6,
      start: null,
      stop: null,
    });
  });

  it("says what differs", () => {
    const figure = figureOf(
      { ...card, x: "tokens", xScale: "log", ranks: "each", superseded: true, smoothingKind: "mean" },
      DEFAULTS,
    );
    expect(requestFor("loss", figure, { ...asking, runs: [1], group: ["lr"], zoom: [1, 2] })).toMatchObject({
      x: "tokens",
      x_scale: "log",
      ranks: "each",
      superseded: true,
      smoothing_kind: "mean",
      group: ["lr"],
      band: "interval",
      start: 1,
      stop: 2,
    });
  });
});

describe("runsOf", () => {
  const tags = new Map([
    ["loss", { runs: [1, 2] }],
    ["val/loss", { runs: [2, 3] }],
    ["lr", { runs: [4] }],
  ]);

  it("are the tag's own, or those of what an expression names", () => {
    const shown = new Set([1, 2, 3, 4]);
    expect(runsOf("loss", tags, shown)).toEqual([1, 2]);
    expect(runsOf("val/loss * 2", tags, shown)).toEqual([1, 2, 3]);
    expect(runsOf("loss", tags, new Set([2]))).toEqual([2]);
    expect(runsOf("nothing +", tags, shown)).toEqual([1]);
  });
});

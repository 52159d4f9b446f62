import { describe, expect, it } from "vitest";
import { Format } from "../i18n/format";
import type { Drawing } from "./figure";
import { FREE } from "./range";
import { chart, curve } from "./sample";
import { paintSheet, placesAlong, type Sheet, type SheetLook, sheetHeight } from "./sheet";
import { SvgPen } from "./svg";

const side = { scale: "linear", limits: FREE } as const;
const drawing: Drawing = {
  parts: [
    { name: "loss", chart: chart([curve([1, 2, 3])]), right: false, number: 0 },
    { name: "lr", chart: chart([curve([10, 20, 30])]), right: true, number: 1 },
  ],
  axis: "step",
  x: "",
  xLog: false,
  left: side,
  right: side,
  ignoreOutliers: false,
  zoom: null,
  points: false,
  markers: [{ x: 1, text: "resumed", kind: "session" }],
};
const sheet: Sheet = {
  title: "loss & <lr>",
  xName: "Step",
  leftName: "loss",
  rightName: "lr",
  legend: [
    { name: "a · loss", colour: "#123456", part: 0 },
    { name: "a · lr", colour: "#654321", part: 1 },
  ],
  more: "…",
  drawing,
};
const look: SheetLook = {
  format: () => new Format("en"),
  colour: (_, part) => (part.number === 0 ? "#123456" : "#654321"),
  surface: () => "#ffffff",
  text: () => "#000000",
  muted: () => "#555555",
  grid: () => "#eeeeee",
  fontFamily: "sans-serif",
  measure: (text) => text.length * 7,
};

function written(some: Sheet): string {
  const pen = new SvgPen();
  paintSheet(pen, some, look);
  return pen.document(960, sheetHeight(some, look), some.title);
}

describe("a sheet as SVG", () => {
  it("is well-formed, with title, names, legend, ticks of both axes, and curves as paths", () => {
    const text = written(sheet);
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
    const texts = [...parsed.querySelectorAll("text")].map((one) => one.textContent);
    expect(texts).toEqual(
      expect.arrayContaining(["loss & <lr>", "Step", "loss", "lr", "a · loss", "a · lr"]),
    );
    expect(texts).toEqual(expect.arrayContaining(["1", "2", "3", "10", "20", "30"]));
    expect(text).not.toContain("<image");
    const strokes = [...parsed.querySelectorAll("g path")].map((one) => one.getAttribute("stroke"));
    expect(strokes).toEqual(expect.arrayContaining(["#123456", "#654321"]));
    expect(parsed.querySelector('g path[stroke="#654321"]')?.getAttribute("stroke-dasharray")).toBeTruthy();
  });

  it("has a legend of as many rows as it takes, and counts no further than fits", () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ name: `run ${i}`, colour: "#123456", part: 0 }));
    const text = written({ ...sheet, legend: many });
    expect(text).toContain("run 20<");
    expect(text).not.toContain("run 499<");
    expect(text).toContain(">…<");
    expect(sheetHeight({ ...sheet, legend: many }, look)).toBeLessThan(1000);
  });

  it("survives names that are no XML", () => {
    const odd = { ...sheet, title: '"\u0000\ud800</title><script>' };
    const parsed = new DOMParser().parseFromString(written(odd), "image/svg+xml");
    expect(parsed.querySelector("script, parsererror")).toBeNull();
  });
});

describe("ticks of a sheet", () => {
  it("stand at whole steps and at what clocks count in", () => {
    expect(placesAlong("step", 0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(placesAlong("relative", 0, 3600)).toEqual([0, 600, 1200, 1800, 2400, 3000, 3600]);
    for (const axis of ["step", "relative", "wall"] as const)
      expect(placesAlong(axis, 1.7e9, 1.7e9 + 86400 * 30).length).toBeLessThanOrEqual(11);
  });
});

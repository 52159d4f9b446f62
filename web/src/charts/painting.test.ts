import { describe, expect, it } from "vitest";
import type { Drawing } from "./figure";
import { sceneOf } from "./figure";
import { markersAt } from "./painting";
import { FREE } from "./range";
import { chart, curve } from "./sample";

const side = { scale: "linear", limits: FREE } as const;
const drawing: Drawing = {
  parts: [{ name: "loss", chart: chart([curve([1, 2, 3])]), right: false, number: 0 }],
  axis: "step",
  x: "",
  xLog: false,
  left: side,
  right: side,
  ignoreOutliers: false,
  zoom: null,
  points: false,
  markers: [
    { x: 1, text: "a", kind: "session" },
    { x: -5, text: "b", kind: "note" },
  ],
};
const size = { width: 300, height: 100 };

describe("sceneOf", () => {
  it("spans all that is drawn, or the zoom", () => {
    const { left, right } = sceneOf(drawing, size, 1);
    expect([left.x0, left.x1, right]).toEqual([-0.5, 2.5, null]);
    expect(sceneOf({ ...drawing, zoom: [1, 2] }, size, 1).left).toMatchObject({ x0: 1, x1: 2 });
  });

  it("has a view of its own on the right", () => {
    const more = { name: "lr", chart: chart([curve([100, 300])]), right: true, number: 1 };
    const scene = sceneOf({ ...drawing, parts: [...drawing.parts, more] }, size, 1);
    expect(scene.left.y1).toBeLessThan(4);
    expect(scene.right?.y1).toBeGreaterThan(300);
  });

  it("begins a logarithmic axis where something is positive", () => {
    const at = (start: number, zoom: Drawing["zoom"]) =>
      sceneOf(
        {
          ...drawing,
          xLog: true,
          zoom,
          parts: [{ ...drawing.parts[0], chart: { ...drawing.parts[0].chart, start, stop: 100 } }],
        },
        size,
        1,
      ).left;
    expect(at(1, null)).toMatchObject({ x0: 0, x1: 2 });
    expect(at(1, [-3, 10])).toMatchObject({ x0: 0, x1: 1 });
    expect(Number.isFinite(at(0, null).x0)).toBe(true);
  });
});

describe("markersAt", () => {
  it("are those whose flag is near", () => {
    const { left } = sceneOf(drawing, size, 1);
    expect(markersAt(drawing, left, 1.02).map((one) => one.text)).toEqual(["a"]);
    expect(markersAt(drawing, left, 1.5)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import {
  MINUS,
  NAN,
  type Pen,
  PLUS,
  paintBand,
  paintEnvelope,
  paintLine,
  paintMarks,
  type Style,
  styleFor,
  styleOf,
} from "./paint";
import { chart, curve } from "./sample";
import { LINEAR, LOG } from "./scale";
import type { View } from "./view";

/** Writes down what is drawn, rounded to pixels. */
class Recorder {
  strokeStyle = "";
  fillStyle = "";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  log: string[] = [];
  #note = (what: string, ...at: number[]) => this.log.push([what, ...at.map(Math.round)].join(" "));
  beginPath = () => {};
  closePath = () => {};
  moveTo = (x: number, y: number) => this.#note("M", x, y);
  lineTo = (x: number, y: number) => this.#note("L", x, y);
  arc = (x: number, y: number) => this.#note("dot", x, y);
  stroke = () => this.#note("stroke");
  fill = () => this.#note("fill");
  setLineDash = (dash: number[]) => this.#note("dash", ...dash);
}

const view: View = {
  x0: 0,
  x1: 10,
  y0: 0,
  y1: 10,
  xLog: false,
  y: LINEAR,
  width: 100,
  height: 100,
  ratio: 1,
};
const style: Style = { ...styleFor("#123456", 1), dots: "none" };

function drawn(paint: (pen: Pen) => void): string {
  const pen = new Recorder();
  paint(pen as unknown as Pen);
  return pen.log.join(" ");
}
const line = (c: ReturnType<typeof curve>, v = view, s = style) =>
  drawn((pen) => paintLine(pen, chart([c]), c, v, s));

describe("paintLine", () => {
  it("joins points", () => {
    expect(line(curve([0, 10, 5]))).toBe("M 0 100 L 10 0 L 20 50 stroke");
  });

  it("takes the smoothed values when there are some", () => {
    expect(line(curve([0, 10], { smooth: Float64Array.of(1, 2) }))).toBe("M 0 90 L 10 80 stroke");
  });

  it("enters and leaves through the edges", () => {
    const c = curve([5], { x: Float64Array.of(5), before: [-5, 5, 9], after: [20, 0, 9] });
    expect(line(c)).toBe("M -50 50 L 50 50 L 200 100 stroke");
  });

  it("breaks where every point of a stretch is non-finite, and only there", () => {
    const c = curve([1, 2, 3], {
      x: Float64Array.of(0, 2, 3),
      column: Uint16Array.of(0, 2, 3),
      badColumn: Uint16Array.of(1, 2), // column 2 has a finite point too
    });
    expect(line(c)).toBe("M 0 90 M 20 80 L 30 70 stroke");
  });

  it("does not leave towards a later point beyond a non-finite one", () => {
    const c = curve([1], { badColumn: Uint16Array.of(4), after: [20, 1, 1] });
    expect(line(c)).toBe("M 0 90 stroke");
  });

  it("leaves out what a log axis cannot show", () => {
    const log = { ...view, y0: -1, y1: 1, y: LOG };
    expect(line(curve([1, 0, -3, 10]), log)).toBe("M 0 50 M 30 0 stroke");
  });

  it("stays within a few heights of the canvas, however large a value", () => {
    expect(line(curve([0, 1e300]))).toBe("M 0 100 L 10 -200 stroke");
  });

  it("dots points that lie far apart, and a lone one", () => {
    const dotted = { ...style, dots: "apart" as const };
    expect(line(curve([1, 2], { x: Float64Array.of(0, 9) }), view, dotted)).toContain(
      "dot 0 90 M 92 80 dot 90 80 fill",
    );
    expect(line(curve([1, 2, 3]), view, dotted)).not.toContain("dot");
    expect(line(curve([4]), view, dotted)).toContain("dot 0 60");
  });
});

describe("paintEnvelope", () => {
  it("goes through first, least, greatest and last of a column", () => {
    const c = curve([5, 5], {
      count: Uint32Array.of(1, 9),
      first: Float64Array.of(5, 4),
      min: Float64Array.of(5, 1),
      max: Float64Array.of(5, 10),
      mean: Float64Array.of(5, 5),
    });
    const got = drawn((pen) => paintEnvelope(pen, chart([c]), c, view, style));
    expect(got).toBe("M 0 50 L 10 60 L 10 90 L 10 0 L 10 50 stroke");
  });

  it("is nothing when the line goes through every point", () => {
    const c = curve([1, 2]);
    expect(drawn((pen) => paintEnvelope(pen, chart([c]), c, view, style))).toBe("");
  });
});

describe("paintBand", () => {
  const band = (low: number[], high: number[], v = view) => {
    const c = curve(
      low.map(() => 5),
      { low: Float64Array.from(low), high: Float64Array.from(high) },
    );
    return drawn((pen) => paintBand(pen, chart([c]), c, v, style));
  };

  it("fills what lies between the edges, and nothing where there are none", () => {
    expect(band([4, 2], [6, 8])).toBe("M 0 40 L 10 20 L 10 80 L 0 60 fill");
    expect(band([4, Number.NaN, 2], [6, Number.NaN, 8])).toBe("M 0 40 L 0 60 M 20 20 L 20 80 fill");
    const c = curve([1, 2]);
    expect(drawn((pen) => paintBand(pen, chart([c]), c, view, style))).toBe("");
  });

  it("goes down to the bottom of a log axis", () => {
    expect(band([-1], [10], { ...view, y0: -1, y1: 1, y: LOG })).toBe("M 0 0 L 0 100 fill");
  });
});

describe("dashes", () => {
  it("are set for the line alone", () => {
    expect(line(curve([1, 2]), view, { ...style, dash: [7, 3] })).toBe("dash 7 3 M 0 90 L 10 80 stroke dash");
  });

  it("mark what a later session replaced", () => {
    expect(styleOf(curve([1], { superseded: true }), style).dash).not.toEqual([]);
    expect(styleOf(curve([1]), style)).toBe(style);
  });
});

describe("paintMarks", () => {
  it("tells NaN, +∞ and −∞ apart, and shows all that a column has", () => {
    const one = (kind: number) =>
      drawn((pen) =>
        paintMarks(
          pen,
          curve([], { badX: Float64Array.of(5), badKind: Uint8Array.of(kind) }),
          view,
          "#fff",
          "#000",
        ),
      );
    const [nan, plus, minus] = [NAN, PLUS, MINUS].map(one);
    expect(plus).toMatch(/^M 50 0 /);
    expect(minus).toMatch(/^M 50 100 /);
    expect(new Set([nan, plus, minus]).size).toBe(3);
    const parts = [plus, minus, nan].map((text) => text.replace(" stroke fill", ""));
    expect(one(NAN | PLUS | MINUS)).toBe(`${parts.join(" ")} stroke fill`);
  });
});

import { describe, expect, it } from "vitest";
import { MINUS, NAN, type Pen, PLUS, paintEnvelope, paintLine, paintMarks, styleFor } from "./paint";
import { chart, curve } from "./sample";
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
}

const view: View = { x0: 0, x1: 10, y0: 0, y1: 10, log: false, width: 100, height: 100, ratio: 1 };
const style = { ...styleFor("#123456", 1), dots: false };

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
    const log = { ...view, y0: -1, y1: 1, log: true };
    expect(line(curve([1, 0, -3, 10]), log)).toBe("M 0 50 M 30 0 stroke");
  });

  it("stays within a few heights of the canvas, however large a value", () => {
    expect(line(curve([0, 1e300]))).toBe("M 0 100 L 10 -200 stroke");
  });

  it("dots points that lie far apart, and a lone one", () => {
    const dotted = { ...style, dots: true };
    expect(line(curve([1, 2], { x: Float64Array.of(0, 9) }), view, dotted)).toContain(
      "dot 0 90 fill dot 90 80 fill",
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

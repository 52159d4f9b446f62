/** Paints all that a chart draws, in slices that may be interrupted. On a canvas, or on whatever has its pen. */

import type { ChartColumns, CurveColumns } from "../api/columns";
import { countCurves, type Drawing, type Part, type Scene } from "./figure";
import {
  DASHES,
  type Pen,
  paintBand,
  paintEnvelope,
  paintLine,
  paintMarks,
  type Style,
  styleFor,
  styleOf,
} from "./paint";
import type { View } from "./view";

export interface Look {
  colour(curve: CurveColumns, part: Part): string;
  /** Behind the curves. */
  surface(): string;
}

type Painter = (pen: Pen, chart: ChartColumns, curve: CurveColumns, view: View, style: Style) => void;

/** Yields after every eighth curve. */
export function* paintCurves(pen: Pen, drawing: Drawing, scene: Scene, look: Look): Generator<void, void> {
  const runs = countCurves(drawing);
  // All bands and envelopes lie below all lines; what is drawn first, and its first run, lie on top.
  for (const painter of [paintBand, paintEnvelope, paintLine]) {
    let painted = 0;
    for (const part of [...drawing.parts].reverse()) {
      const view = viewOf(scene, part);
      for (let i = part.chart.curves.length - 1; i >= 0; i--) {
        const curve = part.chart.curves[i];
        painter(pen, part.chart, curve, view, styleIn(drawing, part, curve, runs, look));
        if (painted++ % 8 === 7) yield;
      }
    }
  }
  for (const part of drawing.parts)
    for (const curve of part.chart.curves)
      paintMarks(pen, curve, viewOf(scene, part), look.colour(curve, part), look.surface());
}

/** One curve, strongly. */
export function paintStrongly(
  pen: Pen,
  drawing: Drawing,
  scene: Scene,
  look: Look,
  part: Part,
  curve: CurveColumns,
): void {
  const view = viewOf(scene, part);
  const style = { ...styleIn(drawing, part, curve, 1, look), width: 2.2 };
  for (const painter of [paintBand, paintEnvelope, paintLine] as Painter[])
    painter(pen, part.chart, curve, view, style);
  paintMarks(pen, curve, view, style.colour, look.surface());
}

export function viewOf(scene: Scene, part: Part): View {
  return (part.right && scene.right) || scene.left;
}

function styleIn(drawing: Drawing, part: Part, curve: CurveColumns, runs: number, look: Look): Style {
  const style = styleFor(look.colour(curve, part), runs);
  if (drawing.points) style.dots = "all";
  if (part.number > 0) style.dash = DASHES[part.number % DASHES.length];
  return styleOf(curve, style);
}

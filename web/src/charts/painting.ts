/** Paints all that a chart draws, in slices that may be interrupted. On a canvas, or on whatever has its pen. */

import type { ChartColumns, CurveColumns } from "../api/columns";
import { countCurves, type Drawing, type Marker, type Part, type Scene } from "./figure";
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
import { type View, xPixel } from "./view";

export interface Look {
  colour(curve: CurveColumns, part: Part): string;
  /** Behind the curves. */
  surface(): string;
  /** Of what happened. */
  muted(): string;
}

type Painter = (pen: Pen, chart: ChartColumns, curve: CurveColumns, view: View, style: Style) => void;

/** Yields after every eighth curve. */
export function* paintCurves(pen: Pen, drawing: Drawing, scene: Scene, look: Look): Generator<void, void> {
  const runs = countCurves(drawing);
  paintMarkers(pen, drawing.markers, scene.left, look.muted());
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

/** Half the width of a flag, in CSS pixels. */
const FLAG = 4;

/** A faint line where something happened, and a flag on the axis. */
function paintMarkers(pen: Pen, markers: readonly Marker[], view: View, muted: string): void {
  const size = FLAG * view.ratio;
  for (const { x, colour = muted } of markers) {
    const px = xPixel(view, x);
    if (!(px >= 0 && px <= view.width)) continue;
    Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineWidth: view.ratio, globalAlpha: 0.55 });
    pen.setLineDash([2 * view.ratio, 4 * view.ratio]);
    pen.beginPath();
    pen.moveTo(px, 0);
    pen.lineTo(px, view.height);
    pen.stroke();
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    pen.beginPath();
    pen.moveTo(px, view.height - 1.6 * size);
    pen.lineTo(px + size, view.height);
    pen.lineTo(px - size, view.height);
    pen.closePath();
    pen.fill();
  }
}

/** How near the pointer must be to a flag for its text to be told, in CSS pixels. */
const NEAR = 7;

/** What happened at a place of the axis. */
export function markersAt(drawing: Drawing, view: View, x: number): Marker[] {
  const at = xPixel(view, x);
  return drawing.markers.filter((marker) => Math.abs(xPixel(view, marker.x) - at) <= NEAR * view.ratio);
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

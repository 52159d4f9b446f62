/** What one chart draws: series or expressions over runs, on one or two y axes; and where that puts everything. */

import type { ChartColumns, CurveColumns } from "../api/columns";
import type { Axis } from "../api/types";
import { type Limits, type Range, symlogFor, yRange } from "./range";
import { LINEAR, LOG, type Mapping, type Scale } from "./scale";
import type { View } from "./view";

/** One tag or expression of a chart. */
export interface Part {
  /** As a legend names it. */
  name: string;
  chart: ChartColumns;
  right: boolean;
  /** Its number among what the chart draws. */
  number: number;
}

/** A y axis. */
export interface Side {
  scale: Scale;
  limits: Limits;
}

/** Something that happened at a place of the x axis. */
export interface Marker {
  x: number;
  text: string;
  kind: "session" | "note" | "finding";
  colour?: string;
}

export interface Drawing {
  parts: readonly Part[];
  axis: Axis;
  /** What the x axis is instead of `axis`; "" for nothing else. */
  x: string;
  xLog: boolean;
  left: Side;
  right: Side;
  ignoreOutliers: boolean;
  zoom: readonly [number, number] | null;
  /** A dot at every point. */
  points: boolean;
  markers: readonly Marker[];
}

export interface Size {
  width: number;
  height: number;
}

/** Where everything of a drawing lies. */
export interface Scene {
  left: View;
  /** The same but for the y axis; null without anything on the right. */
  right: View | null;
  /** Null when there is nothing to be shown. */
  range: Range | null;
}

export const hasRight = (drawing: Pick<Drawing, "parts">) => drawing.parts.some((part) => part.right);

/** `size` in canvas pixels. */
export function sceneOf(drawing: Drawing, size: Size, ratio: number): Scene {
  const { x0, x1 } = xRange(drawing);
  const side = (right: boolean): { view: View; range: Range | null } => {
    const curves = curvesOn(drawing, right);
    const { scale, limits } = right ? drawing.right : drawing.left;
    const y = mappingFor(scale, curves);
    const range = yRange(curves, y, drawing.ignoreOutliers, limits);
    const [y0, y1] = range ? [range.min, range.max] : [0, 1];
    return { view: { x0, x1, xLog: drawing.xLog, y0, y1, y, ...size, ratio }, range };
  };
  const left = side(false);
  if (!hasRight(drawing)) return { left: left.view, right: null, range: left.range };
  const right = side(true);
  const cut = (left.range?.cut ?? 0) + (right.range?.cut ?? 0);
  const range = left.range ?? right.range;
  return { left: left.view, right: right.view, range: range && { ...range, cut } };
}

function curvesOn(drawing: Drawing, right: boolean): CurveColumns[] {
  return drawing.parts.filter((part) => part.right === right).flatMap((part) => part.chart.curves);
}

function mappingFor(scale: Scale, curves: readonly CurveColumns[]): Mapping {
  if (scale === "symlog") return symlogFor(curves);
  return scale === "log" ? LOG : LINEAR;
}

/** As the axis places it. */
function xRange({ parts, zoom, xLog }: Drawing): { x0: number; x1: number } {
  const drawn = parts.map((part) => part.chart).filter((chart) => chart.curves.length > 0);
  let [x0, x1] = zoom ?? [
    Math.min(...drawn.map((chart) => chart.start)),
    Math.max(...drawn.map((chart) => chart.stop)),
  ];
  if (xLog) {
    if (!(x1 > 0) || x1 === Number.POSITIVE_INFINITY) x1 = 10;
    if (!(x0 > 0) || x0 >= x1) x0 = firstPositive(drawn, x1);
    [x0, x1] = [Math.log10(x0), Math.log10(x1)];
  }
  if (!Number.isFinite(x0) || !Number.isFinite(x1)) return { x0: 0, x1: 1 };
  return x0 === x1 ? { x0: x0 - 0.5, x1: x1 + 0.5 } : { x0, x1 };
}

function firstPositive(charts: readonly ChartColumns[], below: number): number {
  const starts = charts.map((chart) => chart.start).filter((start) => start > 0 && start < below);
  return starts.length > 0 ? Math.min(...starts) : below / 10;
}

/** Curves of all parts. */
export function countCurves(drawing: Pick<Drawing, "parts">): number {
  return drawing.parts.reduce((sum, part) => sum + part.chart.curves.length, 0);
}

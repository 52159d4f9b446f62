/** The axes of a chart on the page, as uPlot draws them. */

import uPlot from "uplot";
import type { Axis } from "../api/types";
import type { Format } from "../i18n/format";
import type { Drawing } from "./figure";
import { type Mapping, valueAt } from "./scale";
import { DURATIONS, logTicks, STEPS, symlogTicks } from "./ticks";

export const Y_AXIS = 52;
const X_AXIS = 24;
const RIGHT = 14;

/** What an axis looks like. */
export interface AxisLook {
  format(): Format;
  text(): string;
  grid(): string;
}

/** How the axes of a chart are made; another one is another plot. */
export interface AxesKind {
  axis: Axis;
  /** It counts something else: a tag or an expression. */
  other: boolean;
  xLog: boolean;
  left: Drawing["left"]["scale"];
  /** Null without a right axis. */
  right: Drawing["left"]["scale"] | null;
}

/** CSS pixels between the axes of a chart that is `width` wide. */
export function plotWidth(width: number, right = false): number {
  return Math.max(1, width - Y_AXIS - (right ? Y_AXIS : RIGHT));
}

export function paddingFor(kind: AxesKind): uPlot.Padding {
  return [8, kind.right === null ? RIGHT : 0, 0, 0];
}

export function axesFor(kind: AxesKind, look: AxisLook, mapping: (right: boolean) => Mapping): uPlot.Axis[] {
  const common = { stroke: look.text, font: `11px ${getComputedStyle(document.body).fontFamily}` };
  const line = { show: true, stroke: look.grid, width: 1 / uPlot.pxRatio };
  const x = {
    ...common,
    size: X_AXIS,
    gap: 3,
    space: kind.axis === "wall" && !kind.other ? 68 : 54,
    grid: { show: false },
    ticks: { ...line, size: 4 },
    border: line,
    ...xTicks(kind, look),
  };
  const axes: uPlot.Axis[] = [x, { ...common, grid: line, ...yTicks(kind.left, look, () => mapping(false)) }];
  if (kind.right !== null)
    axes.push({
      ...common,
      scale: "right",
      side: 1,
      grid: { show: false },
      ...yTicks(kind.right, look, () => mapping(true)),
    });
  return axes;
}

function xTicks(kind: AxesKind, look: AxisLook): Partial<uPlot.Axis> {
  if (kind.xLog) {
    return {
      splits: (u, _, min, max) => logTicks(min, max, Math.max(2, u.bbox.width / uPlot.pxRatio / 60)),
      values: (_, splits) => splits.map((place) => xTick(look.format(), kind, 10 ** place, 10 ** place)),
    };
  }
  const incrs = kind.other || kind.axis === "wall" ? {} : { incrs: kind.axis === "step" ? STEPS : DURATIONS };
  return {
    ...incrs,
    values: (_, splits, __, ___, stride) => splits.map((value) => xTick(look.format(), kind, value, stride)),
  };
}

function yTicks(scale: AxesKind["left"], look: AxisLook, mapping: () => Mapping): Partial<uPlot.Axis> {
  const common = { size: Y_AXIS, gap: 5, space: 32, ticks: { show: false } };
  const format = () => look.format();
  const most = (u: uPlot) => Math.max(2, u.bbox.height / uPlot.pxRatio / 32);
  if (scale === "linear") {
    return {
      ...common,
      values: (_, splits, __, ___, stride) => {
        const largest = Math.max(...splits.map(Math.abs));
        return splits.map((value) => format().tick(value, stride, largest));
      },
    };
  }
  return {
    ...common,
    splits: (u, _, min, max) =>
      scale === "log" ? logTicks(min, max, most(u)) : symlogTicks(min, max, mapping(), most(u)),
    values: (_, splits) => placedTicks(splits, mapping(), format()),
  };
}

/** What stands at the ticks of an axis that is not linear. */
export function placedTicks(places: readonly number[], mapping: Mapping, format: Format): string[] {
  const values = places.map((place) => Number(valueAt(mapping, place).toPrecision(12)));
  return values.map((value, i) => {
    const stride = i > 0 ? Math.abs(value - values[i - 1]) : Math.abs(value);
    return format.tick(
      value,
      mapping.kind === "symlog" ? Math.min(stride, Math.abs(value) || stride) : stride,
    );
  });
}

export function xTick(
  format: Format,
  kind: Pick<AxesKind, "axis" | "other">,
  value: number,
  stride: number,
): string {
  if (kind.other) return format.tick(value, stride);
  if (kind.axis === "relative") return format.durationTick(value, stride);
  return kind.axis === "wall" ? format.timeTick(value, stride) : format.stepTick(value, stride);
}

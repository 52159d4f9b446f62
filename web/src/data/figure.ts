/** How one chart is drawn: what was said of it and, where that leaves something open, of the page. */

import type { Axis, ChartRequest } from "../api/types";
import type { Side } from "../charts/figure";
import type { Settings } from "./address";
import type { Card, SmoothingKind } from "./card";
import { smoothingOf } from "./smoothing";

export interface Figure {
  axis: Axis;
  /** Instead of the axis: a tag or an expression; "" for neither. */
  x: string;
  xLog: boolean;
  left: Side;
  right: Side;
  smoothing: number;
  smoothingKind: SmoothingKind;
  ignoreOutliers: boolean;
  points: boolean;
  ranks: NonNullable<ChartRequest["ranks"]>;
  superseded: boolean;
}

export function figureOf(card: Card, page: Settings): Figure {
  const axis = card.axis ?? page.axis;
  const x = card.x ?? (card.axis === undefined ? page.x : "");
  const limits = (min?: number, max?: number) => ({ min: min ?? null, max: max ?? null });
  return {
    axis,
    x,
    // Wall times have no zero that a logarithm could count from.
    xLog: (card.xScale ?? page.xScale) === "log" && (x !== "" || axis !== "wall"),
    left: { scale: card.yScale ?? page.yScale, limits: limits(card.yMin, card.yMax) },
    right: { scale: card.rightScale ?? "linear", limits: limits(card.rightMin, card.rightMax) },
    smoothing: card.smoothing ?? page.smoothing,
    smoothingKind: card.smoothingKind ?? page.smoothingKind,
    ignoreOutliers: card.ignoreOutliers ?? page.ignoreOutliers,
    points: card.points ?? false,
    ranks: card.ranks ?? "merged",
    superseded: card.superseded ?? false,
  };
}

/** Whether the page's zoom is one of this chart: it counts along the same axis. */
export const sharesAxis = (figure: Pick<Figure, "axis" | "x">, page: Settings) =>
  figure.x === page.x && (figure.x !== "" || figure.axis === page.axis);

export interface Asking {
  runs: number[];
  columns: number;
  zoom: readonly [number, number] | null;
  group: readonly string[];
  band: NonNullable<ChartRequest["band"]>;
}

/** What the server is asked for one tag or expression of a chart. What is as the server has it anyway is left out. */
export function requestFor(tag: string, figure: Figure, asking: Asking): ChartRequest {
  const { runs, columns, zoom, group, band } = asking;
  return {
    tag,
    runs,
    axis: figure.axis,
    columns,
    start: zoom?.[0] ?? null,
    stop: zoom?.[1] ?? null,
    ...smoothingOf(figure.smoothingKind, figure.smoothing),
    ...(figure.x === "" ? {} : { x: figure.x }),
    ...(figure.xLog ? { x_scale: "log" } : {}),
    ...(figure.ranks === "merged" ? {} : { ranks: figure.ranks }),
    ...(figure.superseded ? { superseded: true } : {}),
    ...(group.length === 0 ? {} : { group: [...group], band }),
  };
}

/** What must be the same for two answers to stand in one drawing. */
export function frameOf({ axis, x, x_scale }: ChartRequest): string {
  return JSON.stringify([axis, x ?? "", x_scale ?? "linear"]);
}

/** The runs that an expression may be drawn of: those that have one of the tags whose names stand in it. */
export function runsOf(
  text: string,
  tags: ReadonlyMap<string, { runs: readonly number[] }>,
  shown: ReadonlySet<number>,
): number[] {
  const tag = tags.get(text);
  if (tag) return tag.runs.filter((run) => shown.has(run));
  const found = new Set<number>();
  let named = false;
  for (const [name, { runs }] of tags) {
    if (!text.includes(name)) continue;
    named = true;
    for (const run of runs) if (shown.has(run)) found.add(run);
  }
  // Of what names no tag the server says what is wrong, if it is asked.
  return named ? [...found].sort((a, b) => a - b) : [...shown].slice(0, 1);
}

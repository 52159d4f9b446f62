/** One chart of the grid: what it draws and how. What it leaves open is as the settings of the page have it. */

import type { Axis, ChartRequest } from "../api/types";

export const SCALES = ["linear", "log", "symlog"] as const;
export type Scale = (typeof SCALES)[number];

export const X_SCALES = ["linear", "log"] as const;
export type XScale = (typeof X_SCALES)[number];

export const SMOOTHING_KINDS = ["ema", "gaussian", "mean", "median"] as const;
export type SmoothingKind = (typeof SMOOTHING_KINDS)[number];

export interface Drawn {
  /** A tag, or an expression over some. */
  y: string;
  /** On the axis at the right. */
  right?: boolean;
  /** Tags of what lies below and above it, the edges of a band. */
  between?: readonly [string, string];
}

export interface CardOptions {
  title?: string;
  axis?: Axis;
  /** Instead of the axis: a tag or an expression. */
  x?: string;
  xScale?: XScale;
  yScale?: Scale;
  rightScale?: Scale;
  /** Manual limits, each by itself. */
  yMin?: number;
  yMax?: number;
  rightMin?: number;
  rightMax?: number;
  smoothing?: number;
  smoothingKind?: SmoothingKind;
  ignoreOutliers?: boolean;
  /** A dot at every point. */
  points?: boolean;
  ranks?: NonNullable<ChartRequest["ranks"]>;
  superseded?: boolean;
}

/** What is to be said of a chart; what is undefined is taken back. */
export type CardEdit = { [K in keyof CardOptions]: CardOptions[K] | undefined } & {
  drawn?: readonly Drawn[];
};

export interface Card extends CardOptions {
  /** The tag of a chart that is there by itself; "+1", "+2", … of those that people made. */
  id: string;
  drawn: readonly Drawn[];
}

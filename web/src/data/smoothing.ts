/**
 * One slider for every kind of smoothing: its place is the weight w of TensorBoard's moving average, 0 ≤ w < 1, and
 * the others are as wide as smooths about as much.
 *
 * A moving average of weight w lags like a running mean of N = 2 / (1 − w) − 1 points (the mean age of its points is the
 * same). A normal curve spreads like such a mean where its standard deviation is N / √12.
 */

import type { ChartRequest } from "../api/types";
import type { SmoothingKind } from "./card";

/** In points: of a mean or median an odd number, of a Gaussian its standard deviation; 0 does not smooth. */
export function widthFor(kind: SmoothingKind, weight: number): number {
  if (weight <= 0 || kind === "ema") return 0;
  const points = 2 / (1 - weight) - 1;
  if (kind === "gaussian") return Number((points / Math.sqrt(12)).toPrecision(3));
  return 2 * Math.floor(Math.min(points, 10_000) / 2) + 1;
}

/** The place of the slider at which a kind has that width. */
export function weightFor(kind: SmoothingKind, width: number): number {
  if (kind === "ema" || width <= 0) return 0;
  const points = kind === "gaussian" ? width * Math.sqrt(12) : width;
  return Math.max(0, Math.min(0.9999, Number((1 - 2 / (points + 1)).toPrecision(6))));
}

/** What the server is asked. */
export function smoothingOf(
  kind: SmoothingKind,
  weight: number,
): Pick<ChartRequest, "smoothing" | "smoothing_kind" | "smoothing_width"> {
  if (kind === "ema") return { smoothing: weight };
  return { smoothing_kind: kind, smoothing_width: widthFor(kind, weight) };
}

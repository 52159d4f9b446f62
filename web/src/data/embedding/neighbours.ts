/** Which points are nearest to one: exactly, by looking at all. */

import type { Metric, Points } from "./points";

export interface Neighbour {
  index: number;
  distance: number;
}

/** The `most` nearest of `point`, without itself, the nearest first; `allowed`: of which others. */
export function nearest(
  points: Points,
  point: number,
  most: number,
  metric: Metric,
  allowed: (i: number) => boolean = () => true,
): Neighbour[] {
  const { count, dimensions: d, values } = points;
  const from = values.subarray(point * d, (point + 1) * d);
  const length = Math.sqrt(from.reduce((sum, v) => sum + v * v, 0));
  const found: Neighbour[] = [];
  for (let i = 0; i < count; i++) {
    if (i === point || !allowed(i)) continue;
    const distance =
      metric === "cosine" ? cosine(values, i * d, from, length) : euclidean(values, i * d, from);
    if (found.length === most && distance >= found[most - 1].distance) continue;
    let at = found.length;
    while (at > 0 && found[at - 1].distance > distance) at--;
    found.splice(at, 0, { index: i, distance });
    if (found.length > most) found.pop();
  }
  return found;
}

function cosine(values: Float32Array, at: number, from: Float32Array, length: number): number {
  let product = 0;
  let square = 0;
  for (let k = 0; k < from.length; k++) {
    const v = values[at + k];
    product += v * from[k];
    square += v * v;
  }
  const both = Math.sqrt(square) * length;
  return both > 0 ? Math.max(0, 1 - product / both) : 1;
}

function euclidean(values: Float32Array, at: number, from: Float32Array): number {
  let square = 0;
  for (let k = 0; k < from.length; k++) square += (values[at + k] - from[k]) ** 2;
  return Math.sqrt(square);
}

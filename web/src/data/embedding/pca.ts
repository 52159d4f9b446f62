/** Principal components: the directions in which points vary most. */

import { gaussian, random } from "../random";
import { eigen } from "./eigen";
import type { Points } from "./points";

export interface Components {
  /** How many there are. */
  count: number;
  /** Each point along each of them, point by point. */
  scores: Float32Array;
  /** The share of all variance that each explains. */
  explained: number[];
}

/** Up to this many dimensions the covariance is worked out whole; beyond, the largest components are iterated for. */
const WHOLE = 128;
const MORE = 8;
const ROUNDS = 12;

/** The `most` largest components of all points. */
export function pca(points: Points, most = 10): Components {
  const { count, dimensions, values } = points;
  const kept = Math.min(most, dimensions, Math.max(count, 1));
  const means = meansOf(points);
  let total = 0;
  for (let i = 0, at = 0; i < count; i++)
    for (let k = 0; k < dimensions; k++, at++) total += (values[at] - means[k]) ** 2;
  const basis = dimensions <= WHOLE ? whole(points, means) : iterated(points, means, kept);
  for (let c = 0; c < kept; c++) orient(basis.subarray(c * dimensions, (c + 1) * dimensions));
  const scores = new Float32Array(count * kept);
  const variances = new Float64Array(kept);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < kept; c++) {
      let sum = 0;
      for (let k = 0; k < dimensions; k++)
        sum += (values[i * dimensions + k] - means[k]) * basis[c * dimensions + k];
      scores[i * kept + c] = sum;
      variances[c] += sum * sum;
    }
  return { count: kept, scores, explained: Array.from(variances, (v) => (total > 0 ? v / total : 0)) };
}

function meansOf({ count, dimensions, values }: Points): Float64Array {
  const means = new Float64Array(dimensions);
  for (let i = 0, at = 0; i < count; i++) for (let k = 0; k < dimensions; k++, at++) means[k] += values[at];
  for (let k = 0; k < dimensions; k++) means[k] /= count || 1;
  return means;
}

function whole({ count, dimensions: d, values }: Points, means: Float64Array): Float64Array {
  const covariance = new Float64Array(d * d);
  const row = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < d; k++) row[k] = values[i * d + k] - means[k];
    for (let a = 0; a < d; a++) {
      const at = row[a];
      for (let b = a; b < d; b++) covariance[a * d + b] += at * row[b];
    }
  }
  for (let a = 0; a < d; a++) for (let b = 0; b < a; b++) covariance[a * d + b] = covariance[b * d + a];
  return eigen(covariance, d).vectors;
}

/** Subspace iteration (Halko, Martinsson and Tropp, 2011): some directions more than wanted, so that those converge. */
function iterated(points: Points, means: Float64Array, kept: number): Float64Array {
  const { count, dimensions: d, values } = points;
  const width = Math.min(kept + MORE, d);
  const next = random(1);
  let basis = orthonormal(
    Float64Array.from({ length: width * d }, () => gaussian(next)),
    width,
    d,
  );
  const along = new Float64Array(width);
  let small = new Float64Array(0);
  for (let round = 0; round < ROUNDS; round++) {
    const image = new Float64Array(width * d);
    for (let i = 0; i < count; i++) {
      const at = i * d;
      for (let c = 0; c < width; c++) {
        let sum = 0;
        for (let k = 0; k < d; k++) sum += (values[at + k] - means[k]) * basis[c * d + k];
        along[c] = sum;
      }
      for (let c = 0; c < width; c++) {
        const weight = along[c];
        for (let k = 0; k < d; k++) image[c * d + k] += weight * (values[at + k] - means[k]);
      }
    }
    small = new Float64Array(width * width);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        for (let k = 0; k < d; k++) small[a * width + b] += basis[a * d + k] * image[b * d + k];
    if (round < ROUNDS - 1) basis = orthonormal(image, width, d);
  }
  const { vectors } = eigen(small, width);
  const turned = new Float64Array(width * d);
  for (let c = 0; c < width; c++)
    for (let a = 0; a < width; a++)
      for (let k = 0; k < d; k++) turned[c * d + k] += vectors[c * width + a] * basis[a * d + k];
  return turned;
}

/** Gram and Schmidt, twice, which is enough. */
function orthonormal(rows: Float64Array, count: number, size: number): Float64Array {
  for (let c = 0; c < count; c++) {
    for (let pass = 0; pass < 2; pass++)
      for (let b = 0; b < c; b++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += rows[c * size + k] * rows[b * size + k];
        for (let k = 0; k < size; k++) rows[c * size + k] -= sum * rows[b * size + k];
      }
    let square = 0;
    for (let k = 0; k < size; k++) square += rows[c * size + k] ** 2;
    const length = Math.sqrt(square) || 1;
    for (let k = 0; k < size; k++) rows[c * size + k] /= length;
  }
  return rows;
}

/** A component may point either way; its largest part is positive here, so that it is the same every time. */
function orient(direction: Float64Array): void {
  let largest = 0;
  for (const v of direction) if (Math.abs(v) > Math.abs(largest) + 1e-9) largest = v;
  if (largest < 0) for (let k = 0; k < direction.length; k++) direction[k] *= -1;
}

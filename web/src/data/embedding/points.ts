/** The points of an embedding, and what is done to them before anything else. */

export interface Points {
  count: number;
  dimensions: number;
  /** Point by point. */
  values: Float32Array;
}

/** `centre`: the mean becomes the origin. `sphere`: likewise, and every point is then one away from it. */
export type Preparation = "none" | "centre" | "sphere";

/** Points of their own, without what is not finite: the column's mean takes its place. `broken`: how many points had some. */
export function prepared(points: Points, preparation: Preparation): { points: Points; broken: number } {
  const { count, dimensions } = points;
  const values = points.values.slice();
  const means = new Float64Array(dimensions);
  const finite = new Uint32Array(dimensions);
  for (let i = 0, at = 0; i < count; i++)
    for (let k = 0; k < dimensions; k++, at++)
      if (Number.isFinite(values[at])) {
        means[k] += values[at];
        finite[k]++;
      }
  for (let k = 0; k < dimensions; k++) means[k] /= finite[k] || 1;
  let broken = 0;
  for (let i = 0, at = 0; i < count; i++) {
    let isBroken = false;
    let square = 0;
    for (let k = 0; k < dimensions; k++, at++) {
      if (!Number.isFinite(values[at])) {
        values[at] = means[k];
        isBroken = true;
      }
      if (preparation !== "none") values[at] -= means[k];
      square += values[at] * values[at];
    }
    if (isBroken) broken++;
    if (preparation === "sphere" && square > 0) {
      const length = Math.sqrt(square);
      for (let k = at - dimensions; k < at; k++) values[k] /= length;
    }
  }
  return { points: { count, dimensions, values }, broken };
}

export type Metric = "cosine" | "euclidean";

/** For the cosine: every point one away from the origin; Euclidean distances then order as cosines do. */
export function normalised(points: Points): Points {
  const { count, dimensions } = points;
  const values = points.values.slice();
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (let k = i * dimensions; k < (i + 1) * dimensions; k++) square += values[k] * values[k];
    const length = Math.sqrt(square) || 1;
    for (let k = i * dimensions; k < (i + 1) * dimensions; k++) values[k] /= length;
  }
  return { count, dimensions, values };
}

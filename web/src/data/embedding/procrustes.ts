/** Turn, mirror and move a layout so that it lies on an earlier one as well as it can; its size stays. */

import { eigen } from "./eigen";

/** Three numbers a point, in both; without `flat` the third counts too. Other numbers of points: as it is. */
export function aligned(positions: Float32Array, onto: Float32Array, flat: boolean): Float32Array {
  if (positions.length !== onto.length || positions.length === 0) return positions;
  const d = flat ? 2 : 3;
  const a = meansOf(positions);
  const b = meansOf(onto);
  const cross = new Float64Array(d * d); // of the old along rows, of the new along columns
  for (let i = 0; i < positions.length; i += 3)
    for (let r = 0; r < d; r++)
      for (let c = 0; c < d; c++) cross[r * d + c] += (onto[i + r] - b[r]) * (positions[i + c] - a[c]);
  const turn = nearestRotation(cross, d);
  if (!turn.every(Number.isFinite)) return positions;
  const out = new Float32Array(positions.length);
  for (let i = 0; i < positions.length; i += 3) {
    for (let r = 0; r < d; r++) {
      let sum = b[r];
      for (let c = 0; c < d; c++) sum += turn[r * d + c] * (positions[i + c] - a[c]);
      out[i + r] = sum;
    }
    if (flat) out[i + 2] = positions[i + 2];
  }
  return out;
}

/** M (MᵀM)^−½: of M = U S Vᵀ the U Vᵀ. */
function nearestRotation(m: Float64Array, d: number): Float64Array {
  const square = new Float64Array(d * d);
  for (let r = 0; r < d; r++)
    for (let c = 0; c < d; c++) for (let k = 0; k < d; k++) square[r * d + c] += m[k * d + r] * m[k * d + c];
  const { values, vectors } = eigen(square, d);
  const root = new Float64Array(d * d);
  for (let e = 0; e < d; e++) {
    const weight = 1 / Math.sqrt(Math.max(values[e], values[0] * 1e-12));
    for (let r = 0; r < d; r++)
      for (let c = 0; c < d; c++) root[r * d + c] += weight * vectors[e * d + r] * vectors[e * d + c];
  }
  const turn = new Float64Array(d * d);
  for (let r = 0; r < d; r++)
    for (let c = 0; c < d; c++) for (let k = 0; k < d; k++) turn[r * d + c] += m[r * d + k] * root[k * d + c];
  return turn;
}

function meansOf(positions: Float32Array): [number, number, number] {
  const means: [number, number, number] = [0, 0, 0];
  for (let i = 0; i < positions.length; i += 3) for (let k = 0; k < 3; k++) means[k] += positions[i + k];
  return means.map((sum) => sum / (positions.length / 3)) as [number, number, number];
}

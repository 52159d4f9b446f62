/** How much points belong together: a weight for each pair of neighbours, the same both ways. */

import type { Graph } from "./graph";

/** Rows of a sparse symmetric matrix: those of row i are from `starts[i]` to `starts[i + 1]`. */
export interface Affinity {
  starts: Int32Array;
  columns: Int32Array;
  weights: Float32Array;
}

/** t-SNE's: each point has about `perplexity` neighbours that count; all weights sum to 1. */
export function perplexed(graph: Graph, perplexity: number): Affinity {
  const { k, distances } = graph;
  const count = distances.length / k;
  const weights = new Float32Array(distances.length);
  const target = Math.log(Math.min(perplexity, k));
  for (let i = 0; i < count; i++) {
    const row = i * k;
    const nearest = distances[row] ** 2;
    let [low, high, beta, total] = [0, Number.POSITIVE_INFINITY, 1, 1];
    for (let attempt = 0; attempt < 60; attempt++) {
      total = 0;
      let spread = 0;
      for (let n = 0; n < k; n++) {
        const square = distances[row + n] ** 2 - nearest;
        const w = Number.isFinite(square) ? Math.exp(-beta * square) : 0;
        weights[row + n] = w;
        total += w;
        if (w > 0) spread += w * square;
      }
      const entropy = Math.log(total) + (beta * spread) / total;
      if (!Number.isFinite(entropy) || Math.abs(entropy - target) < 1e-4) break;
      if (entropy > target) {
        low = beta;
        beta = high === Number.POSITIVE_INFINITY ? beta * 2 : (beta + high) / 2;
      } else {
        high = beta;
        beta = (beta + low) / 2;
      }
    }
    for (let n = 0; n < k; n++) weights[row + n] /= total || 1;
  }
  const both = symmetric(graph, weights, (a, b) => (a + b) / 2);
  let sum = 0;
  for (const w of both.weights) sum += w;
  for (let n = 0; n < both.weights.length; n++) both.weights[n] /= sum || 1;
  return both;
}

/** UMAP's (McInnes, Healy and Melville, 2018): how sure it is that two points are neighbours, 0 to 1. */
export function fuzzy(graph: Graph): Affinity {
  const { k, distances } = graph;
  const count = distances.length / k;
  const weights = new Float32Array(distances.length);
  const target = Math.log2(Math.max(k, 2));
  for (let i = 0; i < count; i++) {
    const row = i * k;
    let nearest = 0;
    for (let n = 0; n < k && nearest === 0; n++) nearest = distances[row + n];
    if (!Number.isFinite(nearest)) nearest = 0;
    let [low, high, sigma] = [0, Number.POSITIVE_INFINITY, 1];
    for (let attempt = 0; attempt < 60; attempt++) {
      let sum = 0;
      for (let n = 0; n < k; n++) {
        const beyond = distances[row + n] - nearest;
        sum += beyond > 0 ? Math.exp(-beyond / sigma) : 1;
      }
      if (Math.abs(sum - target) < 1e-4) break;
      if (sum > target) {
        high = sigma;
        sigma = (low + high) / 2;
      } else {
        low = sigma;
        sigma = high === Number.POSITIVE_INFINITY ? sigma * 2 : (low + high) / 2;
      }
    }
    for (let n = 0; n < k; n++) {
      const beyond = distances[row + n] - nearest;
      weights[row + n] = beyond > 0 ? Math.exp(-beyond / Math.max(sigma, 1e-10)) : 1;
      if (!Number.isFinite(distances[row + n])) weights[row + n] = 0;
    }
  }
  return symmetric(graph, weights, (a, b) => a + b - a * b);
}

/** Both ways alike; `join` is given the weight there and the weight back, 0 where there is none. */
export function symmetric(
  { k, indices }: Graph,
  weights: Float32Array,
  join: (there: number, back: number) => number,
): Affinity {
  const count = indices.length / k;
  const back = new Float32Array(weights.length).fill(-1);
  const starts = new Int32Array(count + 1);
  for (let i = 0; i < count; i++)
    for (let n = i * k; n < (i + 1) * k; n++) {
      const j = indices[n];
      starts[i + 1]++;
      for (let m = j * k; m < (j + 1) * k; m++)
        if (indices[m] === i) {
          back[n] = weights[m];
          break;
        }
      if (back[n] < 0) starts[j + 1]++;
    }
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const at = starts.slice(0, count);
  const columns = new Int32Array(starts[count]);
  const joined = new Float32Array(starts[count]);
  for (let i = 0; i < count; i++)
    for (let n = i * k; n < (i + 1) * k; n++) {
      const j = indices[n];
      const weight = join(weights[n], Math.max(back[n], 0));
      columns[at[i]] = j;
      joined[at[i]++] = weight;
      if (back[n] >= 0) continue;
      columns[at[j]] = i;
      joined[at[j]++] = weight;
    }
  return { starts, columns, weights: joined };
}

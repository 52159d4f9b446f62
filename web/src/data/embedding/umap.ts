/** UMAP's layout (McInnes, Healy and Melville, 2018): neighbours pull, points taken at random push; an epoch at a time. */

import { random } from "../random";
import type { Affinity } from "./affinity";
import { scaled } from "./tsne";

/** Fitted to a least distance of 0.1 and a spread of 1. */
const A = 1.577;
const B = 0.895;
const PUSHES = 5;
const FARTHEST = 4;

export class Umap {
  readonly positions: Float32Array;
  iteration = 0;
  readonly epochs: number;
  readonly #dimensions: number;
  readonly #next = random(3);
  /** Of each pair of neighbours: the two, how often it is taken, and when next. */
  readonly #heads: Int32Array;
  readonly #tails: Int32Array;
  readonly #every: Float32Array;
  readonly #due: Float32Array;

  constructor(affinity: Affinity, start: Float32Array, dimensions: number) {
    const count = start.length / dimensions;
    this.#dimensions = dimensions;
    this.epochs = count > 20_000 ? 200 : count > 5_000 ? 300 : 500;
    this.positions = scaled(start, dimensions, 5);
    for (let at = 0; at < start.length; at++) this.positions[at] += (this.#next() - 0.5) * 1e-3;
    const { starts, columns, weights } = affinity;
    let largest = 0;
    for (const w of weights) if (w > largest) largest = w;
    const kept: number[] = [];
    const heads = new Int32Array(weights.length);
    for (let i = 0; i < count; i++)
      for (let n = starts[i]; n < starts[i + 1]; n++) {
        heads[n] = i;
        if (weights[n] >= largest / this.epochs && columns[n] !== i) kept.push(n);
      }
    this.#heads = Int32Array.from(kept, (n) => heads[n]);
    this.#tails = Int32Array.from(kept, (n) => columns[n]);
    this.#every = Float32Array.from(kept, (n) => largest / weights[n]);
    this.#due = this.#every.slice();
  }

  get done(): boolean {
    return this.iteration >= this.epochs;
  }

  step(): void {
    const { positions } = this;
    const d = this.#dimensions;
    const count = positions.length / d;
    const alpha = 1 - this.iteration / this.epochs;
    this.iteration++;
    for (let e = 0; e < this.#heads.length; e++) {
      if (this.#due[e] > this.iteration) continue;
      this.#due[e] += this.#every[e];
      const i = this.#heads[e] * d;
      const j = this.#tails[e] * d;
      const square = between(positions, i, j, d);
      if (square > 0) {
        const pull = (-2 * A * B * square ** (B - 1)) / (1 + A * square ** B);
        for (let k = 0; k < d; k++) {
          const by = bounded(pull * (positions[i + k] - positions[j + k])) * alpha;
          positions[i + k] += by;
          positions[j + k] -= by;
        }
      }
      for (let p = 0; p < PUSHES; p++) {
        const other = Math.floor(this.#next() * count) * d;
        if (other === i) continue;
        const apart = between(positions, i, other, d);
        const push = (2 * B) / ((0.001 + apart) * (1 + A * apart ** B));
        for (let k = 0; k < d; k++) {
          const by = apart > 0 ? bounded(push * (positions[i + k] - positions[other + k])) : FARTHEST;
          positions[i + k] += by * alpha;
        }
      }
    }
  }
}

function between(positions: Float32Array, i: number, j: number, d: number): number {
  let square = 0;
  for (let k = 0; k < d; k++) square += (positions[i + k] - positions[j + k]) ** 2;
  return square;
}

const bounded = (v: number) => Math.max(-FARTHEST, Math.min(FARTHEST, v));

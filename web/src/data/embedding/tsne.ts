/** t-SNE (van der Maaten and Hinton, 2008), a step at a time. */

import type { Affinity } from "./affinity";
import { repulsionFor } from "./repulsion";

const EXAGGERATION = 12;
const EXAGGERATED = 250;

export class Tsne {
  readonly positions: Float32Array;
  iteration = 0;
  readonly #affinity: Affinity;
  readonly #dimensions: number;
  readonly #gains: Float32Array;
  readonly #speed: Float32Array;
  readonly #forces: Float32Array;
  readonly #repel: ReturnType<typeof repulsionFor>;

  /** `start`: where the points are at first; it is scaled. */
  constructor(affinity: Affinity, start: Float32Array, dimensions: number) {
    this.#affinity = affinity;
    this.#dimensions = dimensions;
    this.positions = scaled(start, dimensions, 1e-2);
    this.#gains = new Float32Array(start.length).fill(1);
    this.#speed = new Float32Array(start.length);
    this.#forces = new Float32Array(start.length);
    this.#repel = repulsionFor(start.length / dimensions, dimensions);
  }

  step(): void {
    const { positions } = this;
    const d = this.#dimensions;
    const count = positions.length / d;
    const { starts, columns, weights } = this.#affinity;
    const early = this.iteration < EXAGGERATED;
    const exaggeration = early ? EXAGGERATION : 1;
    const momentum = early ? 0.5 : 0.8;
    const rate = Math.max(count / EXAGGERATION / 4, 50);
    const forces = this.#forces;
    const total = Math.max(this.#repel(positions, forces), 1e-12);
    const pull = new Float64Array(d);
    for (let i = 0; i < count; i++) {
      pull.fill(0);
      for (let n = starts[i]; n < starts[i + 1]; n++) {
        const j = columns[n] * d;
        let square = 1;
        for (let k = 0; k < d; k++) square += (positions[i * d + k] - positions[j + k]) ** 2;
        const w = weights[n] / square;
        for (let k = 0; k < d; k++) pull[k] += w * (positions[i * d + k] - positions[j + k]);
      }
      for (let k = 0; k < d; k++)
        forces[i * d + k] = 4 * (exaggeration * pull[k] - forces[i * d + k] / total);
    }
    for (let at = 0; at < positions.length; at++) {
      const gain = this.#gains[at];
      const same = forces[at] > 0 === this.#speed[at] > 0;
      this.#gains[at] = Math.max(0.01, same ? gain * 0.8 : gain + 0.2);
      this.#speed[at] = momentum * this.#speed[at] - rate * this.#gains[at] * forces[at];
    }
    for (let at = 0; at < positions.length; at++) positions[at] += this.#speed[at];
    centre(positions, d);
    this.iteration++;
  }
}

/** Around the origin, the first dimension spread as wide as `spread`. */
export function scaled(start: Float32Array, dimensions: number, spread: number): Float32Array {
  const out = start.slice();
  centre(out, dimensions);
  let square = 0;
  for (let i = 0; i < out.length; i += dimensions) square += out[i] ** 2;
  const deviation = Math.sqrt((square * dimensions) / out.length) || 1;
  for (let at = 0; at < out.length; at++) out[at] *= spread / deviation;
  return out;
}

function centre(positions: Float32Array, d: number): void {
  const means = new Float64Array(d);
  for (let at = 0; at < positions.length; at++) means[at % d] += positions[at];
  for (let k = 0; k < d; k++) means[k] /= positions.length / d;
  for (let at = 0; at < positions.length; at++) positions[at] -= means[at % d];
}

/**
 * How all points of a layout push each other away, as t-SNE has it: with q = 1 / (1 + distance²), the sum of q² times the
 * way from each other point, and the sum of q over all pairs.
 *
 * Few points: every pair. Many in a plane: on a grid, by Fourier transforms (Linderman et al., 2019). Many in space: a tree,
 * whose far cells count as one point (Barnes and Hut, 1986; van der Maaten, 2014).
 */

import { Fft } from "./fft";

export type Repulsion = (positions: Float32Array, forces: Float32Array) => number;

const FEW = 2000;

/** What is best for so many points. It fills the forces and returns the sum of q. */
export function repulsionFor(count: number, dimensions: number): Repulsion {
  if (count <= FEW) return (positions, forces) => exact(positions, forces, dimensions);
  if (dimensions === 2) {
    const grid = new Grid();
    return (positions, forces) => grid.push(positions, forces);
  }
  return (positions, forces) => byTree(positions, forces, dimensions);
}

export function exact(positions: Float32Array, forces: Float32Array, dimensions: number): number {
  const count = positions.length / dimensions;
  const by = new Float64Array(dimensions);
  forces.fill(0);
  let total = 0;
  for (let i = 0; i < count; i++)
    for (let j = i + 1; j < count; j++) {
      let square = 1;
      for (let k = 0; k < dimensions; k++) {
        by[k] = positions[i * dimensions + k] - positions[j * dimensions + k];
        square += by[k] * by[k];
      }
      const q = 1 / square;
      total += 2 * q;
      for (let k = 0; k < dimensions; k++) {
        forces[i * dimensions + k] += q * q * by[k];
        forces[j * dimensions + k] -= q * q * by[k];
      }
    }
  return total;
}

/** Wider than this, a grid's cell would blur the force between near points. */
const CELL = 0.4;
const SMALLEST = 32;
const LARGEST = 512;

/** In a plane. Each point's weight is shared among the four corners of its cell. */
export class Grid {
  #fft: Fft | null = null;
  #side = 0;
  #cell = 0;
  #kernels: readonly [Float64Array, Float64Array] = [new Float64Array(), new Float64Array()];
  #fields: Float64Array[] = [];

  push(positions: Float32Array, forces: Float32Array): number {
    const count = positions.length / 2;
    const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    let range = 0;
    for (let k = 0; k < 2; k++) {
      let high = Number.NEGATIVE_INFINITY;
      for (let i = k; i < positions.length; i += 2) {
        if (positions[i] < low[k]) low[k] = positions[i];
        if (positions[i] > high) high = positions[i];
      }
      range = Math.max(range, high - low[k]);
    }
    this.#fitTo(range);
    const side = this.#side;
    const [ones, xs, ys, nothing] = this.#fields;
    for (const field of this.#fields) field.fill(0);
    const corners = (i: number, take: (at: number, weight: number) => void) => {
      const x = (positions[i * 2] - low[0]) / this.#cell;
      const y = (positions[i * 2 + 1] - low[1]) / this.#cell;
      const [column, row] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - column, y - row];
      const at = row * side + column;
      take(at, (1 - fx) * (1 - fy));
      take(at + 1, fx * (1 - fy));
      take(at + side, (1 - fx) * fy);
      take(at + side + 1, fx * fy);
    };
    for (let i = 0; i < count; i++) {
      const x = positions[i * 2];
      const y = positions[i * 2 + 1];
      corners(i, (at, weight) => {
        ones[at] += weight;
        xs[at] += weight * x;
        ys[at] += weight * y;
      });
    }
    this.#convolve(ones, xs, ys, nothing);
    let total = 0;
    for (let i = 0; i < count; i++) {
      let [one, x, y, q] = [0, 0, 0, 0];
      corners(i, (at, weight) => {
        one += weight * ones[at];
        x += weight * xs[at];
        y += weight * ys[at];
        q += weight * nothing[at];
      });
      total += q - this.#own(positions[i * 2] - low[0], positions[i * 2 + 1] - low[1]);
      forces[i * 2] = positions[i * 2] * one - x;
      forces[i * 2 + 1] = positions[i * 2 + 1] * one - y;
    }
    return total;
  }

  /** The cell only grows or shrinks in steps, so that the kernels are seldom worked out anew. */
  #fitTo(range: number): void {
    let inner = SMALLEST;
    while (inner < LARGEST && (inner - 2) * CELL < range) inner *= 2;
    const needed = Math.max(range / (inner - 2), 1e-6);
    const cell = 1.15 ** Math.ceil(Math.log(needed) / Math.log(1.15));
    if (inner * 2 === this.#side && cell === this.#cell) return;
    if (inner * 2 !== this.#side) {
      this.#side = inner * 2;
      this.#fft = new Fft(this.#side);
      this.#fields = Array.from({ length: 4 }, () => new Float64Array(this.#side ** 2));
    }
    this.#cell = cell;
    const side = this.#side;
    const [real, imaginary] = [new Float64Array(side * side), new Float64Array(side * side)];
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const dx = Math.min(column, side - column) * cell;
        const dy = Math.min(row, side - row) * cell;
        const q = 1 / (1 + dx * dx + dy * dy);
        real[row * side + column] = q * q;
        imaginary[row * side + column] = q;
      }
    // Both are even, so their transforms are real: one transform makes both.
    this.#fft?.grid(real, imaginary);
    for (let i = 0; i < real.length; i++) {
      real[i] /= side * side;
      imaginary[i] /= side * side;
    }
    this.#kernels = [real, imaginary];
  }

  /** Ones, xs and ys with q²; then ones with q, which goes to `out`. */
  #convolve(ones: Float64Array, xs: Float64Array, ys: Float64Array, out: Float64Array): void {
    const side = this.#side;
    const [squares, singles] = this.#kernels;
    const fft = this.#fft as Fft;
    fft.grid(ones, xs);
    fft.grid(ys, out);
    // The transform of the ones alone is what of the first is even in its real and odd in its imaginary part.
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const at = row * side + column;
        const mirror = ((side - row) % side) * side + ((side - column) % side);
        const oneReal = (ones[at] + ones[mirror]) / 2;
        const oneImaginary = (xs[at] - xs[mirror]) / 2;
        const [y, i] = [ys[at], out[at]];
        // i times the ones' transform is added: their convolution becomes the imaginary part.
        ys[at] = y * squares[at] - oneImaginary * singles[at];
        out[at] = i * squares[at] + oneReal * singles[at];
      }
    for (let at = 0; at < ones.length; at++) {
      ones[at] *= squares[at];
      xs[at] *= squares[at];
    }
    fft.grid(ones, xs, true);
    fft.grid(ys, out, true);
  }

  /** What a point's own share of the grid adds to its sum of q. */
  #own(x: number, y: number): number {
    const h = this.#cell;
    const [fx, fy] = [(x / h) % 1, (y / h) % 1];
    const [same, other] = [(1 - fx) ** 2 + fx ** 2, 2 * fx * (1 - fx)];
    const [sameY, otherY] = [(1 - fy) ** 2 + fy ** 2, 2 * fy * (1 - fy)];
    return same * sameY + (other * sameY + same * otherY) / (1 + h * h) + (other * otherY) / (1 + 2 * h * h);
  }
}

/** A cell counts as one point when it is seen so small: its width by its distance. */
const THETA = 0.6;
const DEEPEST = 40;

export function byTree(
  positions: Float32Array,
  forces: Float32Array,
  dimensions: number,
  theta = THETA,
): number {
  const d = dimensions;
  const count = positions.length / d;
  const ways = 2 ** d;
  let size = 0;
  const low = new Float64Array(d).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < d; k++) {
    let high = Number.NEGATIVE_INFINITY;
    for (let i = k; i < positions.length; i += d) {
      low[k] = Math.min(low[k], positions[i]);
      high = Math.max(high, positions[i]);
    }
    size = Math.max(size, high - low[k]);
  }
  const room = count * 4 + 64;
  let cells = new Int32Array(room * ways); // 0: none; else a cell's number
  let masses = new Float64Array(room);
  let sums = new Float64Array(room * d);
  let single = new Int32Array(room).fill(-1); // the one point in it, while it is one
  let used = 1;
  const grow = () => {
    const wider = masses.length * 2;
    const more = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from as never);
      return to;
    };
    cells = more(cells, new Int32Array(wider * ways));
    masses = more(masses, new Float64Array(wider));
    sums = more(sums, new Float64Array(wider * d));
    single = more(single, new Int32Array(wider).fill(-1));
  };
  const corner = new Float64Array(d);
  /** Which part of a cell of that size a point is in; the corner moves to that part's. */
  const part = (i: number, half: number) => {
    let way = 0;
    for (let k = 0; k < d; k++)
      if (positions[i * d + k] >= corner[k] + half) {
        way |= 1 << k;
        corner[k] += half;
      }
    return way;
  };
  for (let i = 0; i < count; i++) {
    corner.set(low);
    let cell = 0;
    let width = size;
    for (let depth = 0; ; depth++) {
      const resident = single[cell];
      const isEmpty = masses[cell] === 0;
      masses[cell]++;
      for (let k = 0; k < d; k++) sums[cell * d + k] += positions[i * d + k];
      if (isEmpty) {
        single[cell] = i;
        break;
      }
      if (depth === DEEPEST) {
        single[cell] = -1;
        break;
      }
      if (used + 2 >= masses.length) grow();
      if (resident >= 0) {
        // Whoever was alone here moves one down.
        const saved = corner.slice();
        const way = part(resident, width / 2);
        corner.set(saved);
        const child = used++;
        cells[cell * ways + way] = child;
        masses[child] = 1;
        single[child] = resident;
        for (let k = 0; k < d; k++) sums[child * d + k] = positions[resident * d + k];
        single[cell] = -1;
      }
      const way = part(i, width / 2);
      width /= 2;
      let child = cells[cell * ways + way];
      if (child === 0) {
        child = used++;
        cells[cell * ways + way] = child;
      }
      cell = child;
    }
  }
  let total = 0;
  const stack = new Int32Array(DEEPEST * ways + ways);
  const widths = new Float64Array(stack.length);
  const by = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    const at = i * d;
    for (let k = 0; k < d; k++) forces[at + k] = 0;
    let waiting = 1;
    stack[0] = 0;
    widths[0] = size;
    while (waiting > 0) {
      const cell = stack[--waiting];
      const width = widths[waiting];
      if (single[cell] === i) continue;
      const mass = masses[cell];
      let square = 0;
      for (let k = 0; k < d; k++) {
        by[k] = positions[at + k] - sums[cell * d + k] / mass;
        square += by[k] * by[k];
      }
      let isLeaf = true;
      for (let way = 0; way < ways && isLeaf; way++) isLeaf = cells[cell * ways + way] === 0;
      if (isLeaf || width * width < theta * theta * square) {
        const q = 1 / (1 + square);
        total += mass * q;
        for (let k = 0; k < d; k++) forces[at + k] += mass * q * q * by[k];
        continue;
      }
      for (let way = 0; way < ways; way++) {
        const child = cells[cell * ways + way];
        if (child === 0) continue;
        stack[waiting] = child;
        widths[waiting++] = width / 2;
      }
    }
  }
  return total;
}

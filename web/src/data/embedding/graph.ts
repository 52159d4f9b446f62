/**
 * The nearest neighbours of all points. Of few points exactly; of many approximately: a forest of random cuts (Dasgupta
 * and Freund, 2008) brings near points together, then neighbours of neighbours are tried (Dong, Moses and Li, 2011).
 */

import { random } from "../random";
import type { Points } from "./points";

export interface Graph {
  /** Neighbours of each point, the nearest first; a point is not its own. */
  k: number;
  indices: Int32Array;
  distances: Float32Array;
}

/** Multiplications that are done at once, in a second or two. */
const EXACT_WORK = 2.5e9;
const TREES = 6;
const LEAF = 48;
const ROUNDS = 2;
/** Of each point, so many neighbours' neighbours are tried. */
const FAN = 11;

/** `told`: called with what part is done. `exact`: for tests, whatever the number of points. */
export function graphOf(
  points: Points,
  wanted: number,
  told: (part: number) => void = () => {},
  exact = points.count ** 2 * points.dimensions <= EXACT_WORK * 2,
): Graph {
  const k = Math.max(1, Math.min(wanted, points.count - 1));
  const heap = new Nearest(points, k);
  if (exact) everyPair(points, heap, told);
  else {
    const next = random(7);
    for (let tree = 0; tree < TREES; tree++) {
      plant(points, heap, next);
      told(((tree + 1) / TREES) * 0.5);
    }
    for (let round = 0; round < ROUNDS; round++)
      heap.widen((part) => told(0.5 + ((round + part) / ROUNDS) * 0.5));
  }
  return heap.graph();
}

/** The nearest found so far, of every point. */
class Nearest {
  readonly #indices: Int32Array;
  readonly #squares: Float32Array;

  constructor(
    readonly points: Points,
    readonly k: number,
  ) {
    this.#indices = new Int32Array(points.count * k).fill(-1);
    this.#squares = new Float32Array(points.count * k).fill(Number.POSITIVE_INFINITY);
  }

  /** Look at a pair. */
  try(i: number, j: number): void {
    const { k } = this;
    const reach = Math.max(this.#squares[i * k + k - 1], this.#squares[j * k + k - 1]);
    const square = this.#square(i, j, reach);
    if (square >= reach) return;
    this.#put(i, j, square);
    this.#put(j, i, square);
  }

  /** Given up when it is beyond `reach`. */
  #square(i: number, j: number, reach: number): number {
    const { dimensions: d, values } = this.points;
    let a = i * d;
    let b = j * d;
    const end = a + d;
    let sum = 0;
    while (a < end) {
      const stop = Math.min(a + 32, end);
      for (; a < stop; a++, b++) {
        const by = values[a] - values[b];
        sum += by * by;
      }
      if (sum >= reach) return sum;
    }
    return sum;
  }

  #put(i: number, j: number, square: number): void {
    const { k } = this;
    const indices = this.#indices;
    const squares = this.#squares;
    const first = i * k;
    let at = first + k - 1;
    if (square >= squares[at]) return;
    for (let n = first; n <= at && squares[n] <= square; n++) if (indices[n] === j) return;
    while (at > first && squares[at - 1] > square) {
      squares[at] = squares[at - 1];
      indices[at] = indices[at - 1];
      at--;
    }
    squares[at] = square;
    indices[at] = j;
  }

  /** Try the neighbours of neighbours. */
  widen(told: (part: number) => void): void {
    const { k, points } = this;
    const fan = Math.min(k, FAN);
    const seen = new Int32Array(points.count).fill(-1);
    const before = this.#indices.slice();
    for (let i = 0; i < points.count; i++) {
      seen[i] = i;
      for (let n = 0; n < k; n++) if (before[i * k + n] >= 0) seen[before[i * k + n]] = i;
      for (let n = 0; n < fan; n++) {
        const near = before[i * k + n];
        if (near < 0) continue;
        for (let m = 0; m < fan; m++) {
          const other = before[near * k + m];
          if (other < 0 || seen[other] === i) continue;
          seen[other] = i;
          this.try(i, other);
        }
      }
      if (i % 4096 === 0) told(i / points.count);
    }
  }

  graph(): Graph {
    const distances = this.#squares.map(Math.sqrt);
    for (let i = 0; i < this.#indices.length; i++)
      if (this.#indices[i] < 0) {
        // Nothing was found: the point itself, infinitely far, which counts nothing.
        this.#indices[i] = Math.floor(i / this.k);
        distances[i] = Number.POSITIVE_INFINITY;
      }
    return { k: this.k, indices: this.#indices, distances };
  }
}

function everyPair({ count }: Points, heap: Nearest, told: (part: number) => void): void {
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) heap.try(i, j);
    if (i % 256 === 0) told(i / count);
  }
}

/** Cut the points in two until few are together, each time half-way between two of them; try all pairs of those. */
function plant({ count, dimensions: d, values }: Points, heap: Nearest, next: () => number): void {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const waiting: [number, number][] = [[0, count]];
  const side = new Float32Array(count);
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const [start, stop] = part;
    if (stop - start <= LEAF) {
      for (let a = start; a < stop; a++) for (let b = a + 1; b < stop; b++) heap.try(order[a], order[b]);
      continue;
    }
    const p = order[start + Math.floor(next() * (stop - start))] * d;
    const q = order[start + Math.floor(next() * (stop - start))] * d;
    for (let n = start; n < stop; n++) {
      const at = order[n] * d;
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (values[p + k] - values[q + k]) * values[at + k];
      side[order[n]] = sum;
    }
    const middle = start + ((stop - start) >> 1);
    halve(order, side, start, stop, middle);
    waiting.push([start, middle], [middle, stop]);
  }
}

/** Hoare's selection: those with the smaller `side` come before `middle`. Equal ones do not make it slow. */
function halve(order: Int32Array, side: Float32Array, start: number, stop: number, middle: number): void {
  let low = start;
  let high = stop - 1;
  while (low < high) {
    const pivot = side[order[(low + high) >> 1]];
    let i = low;
    let j = high;
    while (i <= j) {
      while (side[order[i]] < pivot) i++;
      while (side[order[j]] > pivot) j--;
      if (i <= j) {
        const swap = order[i];
        order[i++] = order[j];
        order[j--] = swap;
      }
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}

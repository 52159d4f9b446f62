/** Where rows of various heights lie, most of which nobody has seen yet: a Fenwick tree of their heights. */

export class Heights {
  readonly count: number;
  readonly #heights: Float64Array;
  readonly #tree: Float64Array;

  constructor(count: number, estimate: number) {
    this.count = count;
    this.#heights = new Float64Array(count).fill(estimate);
    this.#tree = new Float64Array(count + 1);
    for (let i = 1; i <= count; i++) this.#tree[i] = estimate * (i & -i);
  }

  get total(): number {
    return this.offset(this.count);
  }

  /** Whether that is news. */
  set(row: number, height: number): boolean {
    const change = height - this.#heights[row];
    if (!(Math.abs(change) > 0.5)) return false;
    this.#heights[row] = height;
    for (let i = row + 1; i <= this.count; i += i & -i) this.#tree[i] += change;
    return true;
  }

  /** Where `row` begins. */
  offset(row: number): number {
    let sum = 0;
    for (let i = row; i > 0; i -= i & -i) sum += this.#tree[i];
    return sum;
  }

  /** The row that lies at `y`, or the nearest one. */
  at(y: number): number {
    let place = 0;
    let rest = y;
    for (let stride = 2 ** Math.floor(Math.log2(this.count || 1)); stride > 0; stride >>= 1) {
      if (place + stride <= this.count && this.#tree[place + stride] <= rest) {
        place += stride;
        rest -= this.#tree[place];
      }
    }
    return Math.max(0, Math.min(this.count - 1, place));
  }
}

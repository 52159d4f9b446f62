/** Discrete Fourier transforms of square grids of complex numbers, in place. */

export class Fft {
  readonly #size: number;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #reversed: Uint32Array;

  /** `size`: a power of two. */
  constructor(size: number) {
    this.#size = size;
    this.#cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(size);
    this.#reversed = Uint32Array.from({ length: size }, (_, i) => {
      let out = 0;
      for (let b = 0; b < bits; b++) if (i & (1 << b)) out |= 1 << (bits - 1 - b);
      return out;
    });
  }

  /** Rows, then columns; what comes out is transposed. Twice, once there and once back, is the grid times size². */
  grid(real: Float64Array, imaginary: Float64Array, back = false): void {
    const n = this.#size;
    for (let pass = 0; pass < 2; pass++) {
      for (let row = 0; row < n; row++)
        this.#row(real.subarray(row * n, row * n + n), imaginary.subarray(row * n, row * n + n), back);
      transpose(real, n);
      transpose(imaginary, n);
    }
  }

  #row(re: Float64Array, im: Float64Array, back: boolean): void {
    const n = this.#size;
    const reversed = this.#reversed;
    const sign = back ? 1 : -1;
    for (let i = 0; i < n; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      const [a, b] = [re[i], im[i]];
      re[i] = re[j];
      im[i] = im[j];
      re[j] = a;
      im[j] = b;
    }
    for (let half = 1; half < n; half *= 2) {
      const stride = n / half / 2;
      for (let start = 0; start < n; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const c = this.#cos[k * stride];
          const s = sign * this.#sin[k * stride];
          const even = start + k;
          const odd = even + half;
          const x = re[odd] * c - im[odd] * s;
          const y = re[odd] * s + im[odd] * c;
          re[odd] = re[even] - x;
          im[odd] = im[even] - y;
          re[even] += x;
          im[even] += y;
        }
    }
  }
}

function transpose(grid: Float64Array, n: number): void {
  for (let row = 0; row < n; row++)
    for (let column = row + 1; column < n; column++) {
      const a = grid[row * n + column];
      grid[row * n + column] = grid[column * n + row];
      grid[column * n + row] = a;
    }
}

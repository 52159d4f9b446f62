/** How two pictures differ, pixel by pixel. */

/** Red, green, blue, alpha of each pixel, row by row, as `ImageData` has them. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface Difference {
  /** Absolute and amplified, opaque: of what both have. */
  pixels: Pixels;
  /** They are of one size. */
  same: boolean;
  /** The largest difference of a channel, 0 to 255. */
  largest: number;
  /** The mean one of all channels. */
  mean: number;
  /** How many pixels differ at all, as a share. */
  share: number;
  /** Peak signal-to-noise ratio in dB, 10 log₁₀(255² / mean squared error); infinite for equal ones. */
  psnr: number;
}

/** Of the part that both have, from their top left corners. A difference in alpha counts in every channel. */
export function difference(a: Pixels, b: Pixels, gain: number): Difference {
  const width = Math.min(a.width, b.width);
  const height = Math.min(a.height, b.height);
  const data = new Uint8ClampedArray(4 * width * height);
  let [largest, sum, squares, differing] = [0, 0, 0, 0];
  for (let y = 0; y < height; y++) {
    let [i, j, k] = [4 * y * a.width, 4 * y * b.width, 4 * y * width];
    for (let x = 0; x < width; x++, i += 4, j += 4, k += 4) {
      const alpha = Math.abs(a.data[i + 3] - b.data[j + 3]);
      let any = alpha;
      for (let c = 0; c < 3; c++) {
        const d = Math.max(alpha, Math.abs(a.data[i + c] - b.data[j + c]));
        any |= d;
        if (d > largest) largest = d;
        sum += d;
        squares += d * d;
        data[k + c] = gain * d;
      }
      data[k + 3] = 255;
      if (any) differing++;
    }
  }
  const pixels = width * height;
  return {
    pixels: { width, height, data },
    same: a.width === b.width && a.height === b.height,
    largest,
    mean: pixels ? sum / (3 * pixels) : 0,
    share: pixels ? differing / pixels : 0,
    psnr: squares ? 10 * Math.log10((255 * 255 * 3 * pixels) / squares) : Number.POSITIVE_INFINITY,
  };
}

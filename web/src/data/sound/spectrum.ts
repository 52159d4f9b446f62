/** Sounds as pictures: outline and spectrogram, from samples between −1 and 1. */

/** Per column its least and its greatest sample, one after the other. */
export function outline(channels: readonly Float32Array[], columns: number): Float32Array {
  const found = new Float32Array(2 * columns);
  const frames = channels[0]?.length ?? 0;
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * frames) / columns);
    const to = Math.min(frames, Math.max(from + 1, Math.floor(((column + 1) * frames) / columns)));
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const samples of channels)
      for (let i = from; i < to; i++) {
        if (samples[i] < least) least = samples[i];
        if (samples[i] > greatest) greatest = samples[i];
      }
    found[2 * column] = Number.isFinite(least) ? least : 0;
    found[2 * column + 1] = Number.isFinite(greatest) ? greatest : 0;
  }
  return found;
}

/** The mean of all channels. */
export function mono(channels: readonly Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0];
  const found = new Float32Array(channels[0]?.length ?? 0);
  for (const samples of channels)
    for (let i = 0; i < found.length; i++) found[i] += samples[i] / channels.length;
  return found;
}

/**
 * Loudness per column and frequency, [columns, size / 2], 0 to 255 for −90 to 0 dB of full scale; frequencies rise.
 *
 * A column is one Hann window of `size` samples, a power of two, in the middle of its stretch.
 */
export function spectrogram(samples: Float32Array, columns: number, size: number): Uint8Array {
  const bands = size / 2;
  const found = new Uint8Array(columns * bands);
  const window = Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  );
  const [re, im] = [new Float64Array(size), new Float64Array(size)];
  const fft = transform(size);
  for (let column = 0; column < columns; column++) {
    const from = Math.round(((column + 0.5) * samples.length) / columns - size / 2);
    for (let i = 0; i < size; i++) re[i] = (samples[from + i] ?? 0) * window[i];
    im.fill(0);
    fft(re, im);
    for (let band = 0; band < bands; band++) {
      const loudness = (4 * Math.hypot(re[band], im[band])) / size; // 1 for a sine of full scale
      const level = 255 + (255 / 90) * 20 * Math.log10(loudness);
      found[column * bands + band] = Math.max(0, Math.min(255, Math.round(level)));
    }
  }
  return found;
}

/** The fast Fourier transform in place, radix 2 (Cooley and Tukey 1965), of `size` numbers, a power of two. */
export function transform(size: number): (re: Float64Array, im: Float64Array) => void {
  const bits = Math.log2(size);
  const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / size));
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let mirrored = 0;
    for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) mirrored |= 1 << (bits - 1 - bit);
    return mirrored;
  });
  return (re, im) => {
    for (let i = 0; i < size; i++) {
      const j = reversed[i];
      if (j <= i) continue;
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
    for (let half = 1; half < size; half *= 2) {
      const stride = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half)
        for (let k = 0; k < half; k++) {
          const [a, b, w] = [start + k, start + k + half, k * stride];
          const x = re[b] * cos[w] - im[b] * sin[w];
          const y = re[b] * sin[w] + im[b] * cos[w];
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
    }
  };
}

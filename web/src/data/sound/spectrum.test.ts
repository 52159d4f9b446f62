import { describe, expect, it } from "vitest";
import { mono, outline, spectrogram, transform } from "./spectrum";

const sine = (frames: number, cycles: number, height = 1) =>
  Float32Array.from({ length: frames }, (_, i) => height * Math.sin((2 * Math.PI * cycles * i) / frames));

describe("transform", () => {
  it("is the discrete Fourier transform", () => {
    const size = 16;
    const numbers = Array.from({ length: size }, (_, i) => Math.sin(i * i) + (i % 3));
    const [re, im] = [Float64Array.from(numbers), new Float64Array(size)];
    transform(size)(re, im);
    for (let k = 0; k < size; k++) {
      const angle = (n: number) => (-2 * Math.PI * k * n) / size;
      expect(re[k]).toBeCloseTo(numbers.reduce((sum, x, n) => sum + x * Math.cos(angle(n)), 0));
      expect(im[k]).toBeCloseTo(numbers.reduce((sum, x, n) => sum + x * Math.sin(angle(n)), 0));
    }
  });
});

describe("spectrogram", () => {
  it("shows a tone where it is, as loud as it is", () => {
    const size = 256;
    const found = spectrogram(sine(4096, 512), 3, size); // 512 cycles in 4096 frames: band 32 of 256
    const middle = found.subarray(128, 256);
    expect(middle.indexOf(Math.max(...middle))).toBe(32);
    expect(middle[32]).toBe(255);
    expect(middle[80]).toBe(0);
    const quiet = spectrogram(sine(4096, 512, 0.1), 3, size)[128 + 32];
    expect(quiet).toBe(Math.round(255 - (255 / 90) * 20)); // −20 dB
  });

  it("of nothing is silence", () => {
    expect([...spectrogram(new Float32Array(0), 2, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe("outline", () => {
  it("keeps the extremes of every column, of all channels", () => {
    const left = Float32Array.from([0, 1, -0.5, 0.25]);
    const right = Float32Array.from([0.5, 0, 0, -1]);
    expect([...outline([left, right], 2)]).toEqual([0, 1, -1, 0.25]);
    expect([...outline([left], 8)].length).toBe(16);
    expect([...outline([], 1)]).toEqual([0, 0]);
    expect([...mono([left, right])]).toEqual([0.25, 0.5, -0.25, -0.375]);
  });
});

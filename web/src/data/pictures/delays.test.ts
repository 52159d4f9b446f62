import { describe, expect, it } from "vitest";
import { frameAt, frameBeside, frameDelays, frameStarts } from "./delays";

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)),
  );

const control = (hundredths: number) => [0x21, 0xf9, 4, 0, hundredths & 255, hundredths >> 8, 0, 0];
const image = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
const screen = [1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];

describe("frameDelays", () => {
  it("reads a GIF", () => {
    const loop = [0x21, 0xff, 11, ...bytes("NETSCAPE2.0"), 3, 1, 0, 0, 0];
    const gif = bytes(
      "GIF89a",
      screen,
      loop,
      control(25),
      image,
      control(300),
      image,
      control(0),
      image,
      [0x3b],
    );
    expect(frameDelays(gif)).toEqual([250, 3000, 100]);
    expect(frameDelays(gif.subarray(0, 13))).toEqual([]);
    expect(frameDelays(gif.subarray(0, gif.length - 20)).length).toBeLessThan(4);
  });

  it("reads a WebP", () => {
    const frame = (ms: number) => bytes("ANMF", [16, 0, 0, 0], Array(12).fill(0), [ms & 255, ms >> 8, 0, 0]);
    const webp = bytes(
      "RIFF",
      [0, 0, 0, 0],
      "WEBP",
      "VP8X",
      [3, 0, 0, 0, 1, 1, 1, 0],
      [...frame(40)],
      [...frame(500)],
    );
    expect(frameDelays(webp)).toEqual([40, 500]);
  });

  it("of anything else are none", () => {
    expect(frameDelays(bytes("\x89PNG\r\n\x1a\n"))).toEqual([]);
    expect(frameDelays(new Uint8Array())).toEqual([]);
  });
});

describe("frames", () => {
  const starts = frameStarts([100, 50, 200]);

  it("go round", () => {
    expect(starts).toEqual([0, 100, 150, 350]);
    expect([0, 99, 100, 149, 150, 349, 350, 455, -1].map((time) => frameAt(starts, time))).toEqual([
      0, 0, 1, 1, 2, 2, 0, 1, 2,
    ]);
  });

  it("are stepped through", () => {
    expect([0, 120, 150].map((time) => frameBeside(starts, time, 1))).toEqual([100, 150, 350]);
    expect([120, 360, 0].map((time) => frameBeside(starts, time, -1))).toEqual([0, 150, 150]);
  });
});

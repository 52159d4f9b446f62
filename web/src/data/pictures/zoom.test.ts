import { describe, expect, it } from "vitest";
import { corner, fitting, pan, pixelAt, zoomAt } from "./zoom";

const frame = { width: 400, height: 300 };
const picture = { width: 200, height: 100 };

describe("zoom", () => {
  it("fits", () => {
    expect(fitting(picture, frame)).toEqual({ scale: 2, x: 100, y: 50 });
    expect(fitting({ width: 2, height: 2 }, frame, 32).scale).toBe(32);
    expect(corner(fitting(picture, frame), frame)).toEqual({ x: 0, y: 50 });
  });

  it("keeps the point under the pointer", () => {
    const at = { x: 311, y: 77 };
    const before = fitting(picture, frame);
    const after = zoomAt(before, 8, at, frame);
    expect(after.scale).toBe(16);
    expect(pixelAt(after, at, frame, picture)).toEqual(pixelAt(before, at, frame, picture));
    expect(zoomAt(before, 1e9, at, frame).scale).toBe(128);
  });

  it("pans, but not out of sight", () => {
    expect(pan({ scale: 2, x: 100, y: 50 }, 20, -10, picture)).toEqual({ scale: 2, x: 90, y: 55 });
    expect(pan({ scale: 2, x: 100, y: 50 }, 1e6, -1e6, picture)).toEqual({ scale: 2, x: 0, y: 100 });
  });

  it("knows the pixel, and that there is none beside the picture", () => {
    const zoom = fitting(picture, frame);
    expect(pixelAt(zoom, { x: 0, y: 50 }, frame, picture)).toEqual({ x: 0, y: 0 });
    expect(pixelAt(zoom, { x: 399.9, y: 249.9 }, frame, picture)).toEqual({ x: 199, y: 99 });
    expect(pixelAt(zoom, { x: 10, y: 49 }, frame, picture)).toBeNull();
  });
});

/** Points on a two-dimensional canvas, for browsers without WebGL. */

import { FAINT } from "./points";

/** `projected`: as `project` makes it, in pixels of the canvas. `size`: of a point, in those. */
export function paintFlat(
  context: CanvasRenderingContext2D,
  projected: Float32Array,
  colours: Uint8Array,
  size: number,
  background: string,
): void {
  const { width, height } = context.canvas;
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const faint of [true, false]) {
    let last = -1;
    for (let i = 0; i < colours.length / 4; i++) {
      const opacity = colours[i * 4 + 3];
      if (opacity === 0 || opacity < FAINT * 255 !== faint) continue;
      const x = projected[i * 3];
      const y = projected[i * 3 + 1];
      if (!(x > -size && x < width + size && y > -size && y < height + size)) continue;
      const key = (colours[i * 4] << 16) | (colours[i * 4 + 1] << 8) | colours[i * 4 + 2];
      if (key !== last) {
        context.fillStyle = `#${key.toString(16).padStart(6, "0")}`;
        last = key;
      }
      context.globalAlpha = opacity / 255;
      context.fillRect(x - size / 2, y - size / 2, size, size);
    }
  }
  context.globalAlpha = 1;
}

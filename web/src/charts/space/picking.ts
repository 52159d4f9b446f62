/** Which point is where on the screen. All points are looked at: 100,000 take a millisecond or two. */

import type { Matrix } from "./matrix";

/** Where points lie on a screen of `width` × `height`: x, y and depth of each; NaN behind the eye. */
export function project(
  positions: Float32Array,
  matrix: Matrix,
  width: number,
  height: number,
  out = new Float32Array(positions.length),
): Float32Array {
  const m = matrix;
  for (let i = 0; i < positions.length; i += 3) {
    const x = positions[i];
    const y = positions[i + 1];
    const z = positions[i + 2];
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    if (!(w > 0)) {
      out[i] = out[i + 1] = out[i + 2] = Number.NaN;
      continue;
    }
    out[i] = (0.5 + (m[0] * x + m[4] * y + m[8] * z + m[12]) / w / 2) * width;
    out[i + 1] = (0.5 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w / 2) * height;
    out[i + 2] = (m[2] * x + m[6] * y + m[10] * z + m[14]) / w;
  }
  return out;
}

/** The point nearest to `x`, `y` within `radius`, of several at one place the one in front; −1 when there is none. */
export function pick(
  projected: Float32Array,
  x: number,
  y: number,
  radius: number,
  isHidden: (i: number) => boolean = () => false,
): number {
  let found = -1;
  let best = radius * radius;
  for (let i = 0; i < projected.length; i += 3) {
    const dx = projected[i] - x;
    const dy = projected[i + 1] - y;
    const square = dx * dx + dy * dy;
    const isBetter =
      square < best - 0.25 ||
      (found >= 0 && square <= best + 0.25 && projected[i + 2] < projected[found * 3 + 2]);
    if ((isBetter || (found < 0 && square <= best)) && !isHidden(i / 3)) {
      found = i / 3;
      best = square;
    }
  }
  return found;
}

/** The points within a polygon: x, y, x, y, … */
export function within(projected: Float32Array, polygon: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 0; i < projected.length; i += 3)
    if (isInside(projected[i], projected[i + 1], polygon)) found.push(i / 3);
  return found;
}

/** The even-odd rule. */
function isInside(x: number, y: number, polygon: readonly number[]): boolean {
  let inside = false;
  for (let a = 0, b = polygon.length - 2; a < polygon.length; b = a, a += 2) {
    const ya = polygon[a + 1];
    const yb = polygon[b + 1];
    if (ya > y !== yb > y && x < ((polygon[b] - polygon[a]) * (y - ya)) / (yb - ya) + polygon[a])
      inside = !inside;
  }
  return inside;
}

/**
 * Which of `candidates`, the weightiest first, get a label so that none overlaps another, at most so many.
 * `widthOf`: of a label, in pixels.
 */
export function uncluttered(
  candidates: Iterable<number>,
  projected: Float32Array,
  screen: { width: number; height: number },
  widthOf: (i: number) => number,
  most: number,
  lineHeight = 15,
): number[] {
  const rows = new Map<number, [number, number][]>();
  const kept: number[] = [];
  for (const i of candidates) {
    if (kept.length >= most) break;
    const x = projected[i * 3];
    const y = projected[i * 3 + 1];
    if (!(x >= 0 && x <= screen.width && y >= 0 && y <= screen.height)) continue;
    const left = x + 6;
    const right = left + widthOf(i) + 4;
    const row = Math.floor(y / lineHeight);
    const near = [row - 1, row, row + 1].flatMap((r) => rows.get(r) ?? []);
    if (near.some(([l, r]) => l < right && left < r)) continue;
    const taken = rows.get(row);
    if (taken) taken.push([left, right]);
    else rows.set(row, [[left, right]]);
    kept.push(i);
  }
  return kept;
}

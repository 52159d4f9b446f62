/** From where a space is seen: turned around a target in three dimensions, or straight from above in two. */

import {
  cross,
  lookAt,
  type Matrix,
  multiply,
  orthographic,
  perspective,
  plus,
  times,
  unit,
  type Vector,
} from "./matrix";

export interface Camera {
  /** Two dimensions: x to the right, y up, without perspective. */
  flat: boolean;
  /** Around the vertical axis and above the horizon, in radians. */
  yaw: number;
  pitch: number;
  /** From the target; seen flat, what half of the height shows. */
  distance: number;
  target: Vector;
}

export interface Bounds {
  centre: Vector;
  /** Half of the extent along each axis. */
  half: Vector;
}

const FOV = (40 * Math.PI) / 180;
const STEEPEST = (89 * Math.PI) / 180;
const MARGIN = 1.12;

/** The whole of something; `aspect`: width by height of what it is drawn on. */
export function wholeOf(bounds: Bounds, flat: boolean, aspect: number): Camera {
  const [x, y, z] = bounds.half;
  if (flat) {
    const distance = Math.max(y, x / aspect, 1e-9) * MARGIN;
    return { flat, yaw: 0, pitch: 0, distance, target: bounds.centre };
  }
  const radius = Math.max(Math.hypot(x, y, z), 1e-9);
  const distance = (radius * MARGIN) / Math.sin(FOV / 2) / Math.min(1, aspect);
  return { flat, yaw: 0.6, pitch: 0.4, distance: distance * 0.82, target: bounds.centre };
}

/** Where the eye is, when it is not flat. */
export function eye(camera: Camera): Vector {
  const { yaw, pitch, distance, target } = camera;
  const towards: Vector = [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
  return plus(target, times(towards, distance));
}

/** From places in the space to the screen, as WebGL has it: −1 to 1. */
export function sight(camera: Camera, aspect: number): Matrix {
  const { flat, distance, target } = camera;
  if (flat) {
    const away = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, -target[0], -target[1], 0, 1]);
    return multiply(orthographic(distance * 2 * aspect, distance * 2, 2), away);
  }
  const seen = lookAt(eye(camera), target, [0, 1, 0]);
  return multiply(perspective(FOV, aspect, distance / 100, distance * 100), seen);
}

/** `dx`, `dy`: in heights of the screen. */
export function orbit(camera: Camera, dx: number, dy: number): Camera {
  const pitch = Math.min(STEEPEST, Math.max(-STEEPEST, camera.pitch + dy * Math.PI));
  return { ...camera, yaw: camera.yaw - dx * Math.PI, pitch };
}

/** So that what is under the pointer stays there, at the depth of the target. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  if (camera.flat) {
    const height = camera.distance * 2;
    return { ...camera, target: plus(camera.target, [-dx * height, dy * height, 0]) };
  }
  const height = 2 * camera.distance * Math.tan(FOV / 2);
  const away = unit(plus(eye(camera), times(camera.target, -1)));
  const right = unit(cross([0, 1, 0], away));
  const up = cross(away, right);
  return {
    ...camera,
    target: plus(camera.target, plus(times(right, -dx * height), times(up, dy * height))),
  };
}

/** `factor` > 1: further away. What is at `x`, `y`, in heights from the middle, stays there when it is seen flat. */
export function zoom(camera: Camera, factor: number, x = 0, y = 0): Camera {
  const distance = Math.min(1e12, Math.max(1e-12, camera.distance * factor));
  const moved = { ...camera, distance };
  if (!camera.flat) return moved;
  const gone = (camera.distance - distance) * 2;
  return { ...moved, target: plus(camera.target, [x * gone, -y * gone, 0]) };
}

/** The extent of points; those that are not finite do not count. `some`: of which, all when it is left out. */
export function boundsOf(positions: Float32Array, some?: Iterable<number>): Bounds {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = low.map((v) => -v);
  const take = (i: number) => {
    for (let k = 0; k < 3; k++) {
      const v = positions[i * 3 + k];
      if (!Number.isFinite(v)) continue;
      if (v < low[k]) low[k] = v;
      if (v > high[k]) high[k] = v;
    }
  };
  if (some) for (const i of some) take(i);
  else for (let i = 0; i < positions.length / 3; i++) take(i);
  const of = (f: (l: number, h: number) => number) =>
    low.map((l, k) => (l <= high[k] ? f(l, high[k]) : 0)) as unknown as Vector;
  return { centre: of((l, h) => (l + h) / 2), half: of((l, h) => (h - l) / 2) };
}

/** For the address: short, and read back by `readCamera`. */
export function writeCamera(camera: Camera): string {
  const { flat, yaw, pitch, distance, target } = camera;
  const numbers = flat ? [distance, target[0], target[1]] : [distance, ...target, yaw, pitch];
  return numbers.map((v) => Number(v.toPrecision(5)).toString()).join("~");
}

/** Null when it is none, or one of other dimensions. */
export function readCamera(text: string, flat: boolean): Camera | null {
  const v = text.split("~").map((part) => (part === "" ? Number.NaN : Number(part)));
  if (v.length !== (flat ? 3 : 6) || !v.every(Number.isFinite) || v[0] <= 0) return null;
  if (flat) return { flat, yaw: 0, pitch: 0, distance: v[0], target: [v[1], v[2], 0] };
  const pitch = Math.min(STEEPEST, Math.max(-STEEPEST, v[5]));
  return { flat, yaw: v[4], pitch, distance: v[0], target: [v[1], v[2], v[3]] };
}

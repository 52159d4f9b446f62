import { describe, expect, it } from "vitest";
import {
  boundsOf,
  type Camera,
  orbit,
  pan,
  readCamera,
  sight,
  wholeOf as whole,
  writeCamera,
  zoom,
} from "./camera";
import { byKey } from "./gestures";
import { nextShare } from "./pace";
import { pick, project, uncluttered, within } from "./picking";
import { edgesOf, normalsOf, validFaces } from "./surface";

const CUBE = Float32Array.of(0, 0, 0, 2, 0, 0, 0, 4, 0, 2, 4, 6);
const cube = boundsOf(CUBE);

function at(camera: Camera, x: number, y: number, z: number): [number, number] {
  const [left, top] = project(Float32Array.of(x, y, z), sight(camera, 2), 800, 400);
  return [left, top];
}

describe("a camera", () => {
  it("sees all there is, whether flat or not, on any screen", () => {
    for (const flat of [true, false])
      for (const aspect of [0.4, 1, 3]) {
        const seen = project(CUBE, sight(whole(cube, flat, aspect), aspect), 100 * aspect, 100);
        for (let i = 0; i < seen.length; i += 3) {
          expect(seen[i]).toBeGreaterThan(0);
          expect(seen[i]).toBeLessThan(100 * aspect);
          expect(seen[i + 1]).toBeGreaterThan(0);
          expect(seen[i + 1]).toBeLessThan(100);
        }
      }
  });

  it("pans so that what is at the target goes where the pointer went", () => {
    for (const flat of [true, false]) {
      const camera = whole(cube, flat, 2);
      const target = camera.target;
      const [x, y] = at(pan(camera, 0.25, -0.1), ...target);
      expect(x).toBeCloseTo(400 + 100, 1);
      expect(y).toBeCloseTo(200 - 40, 1);
    }
  });

  it("zooms on what is under the pointer when it is flat", () => {
    const camera = whole(cube, true, 2);
    const before = at(camera, 2, 4, 0);
    const moved = zoom(camera, 0.5, (before[0] - 400) / 400, (before[1] - 200) / 400);
    const after = at(moved, 2, 4, 0);
    expect(after[0]).toBeCloseTo(before[0], 2);
    expect(after[1]).toBeCloseTo(before[1], 2);
    expect(moved.distance).toBe(camera.distance / 2);
  });

  it("turns around its target and never over the top", () => {
    let camera = whole(cube, false, 2);
    for (let i = 0; i < 50; i++) camera = orbit(camera, 0.1, 0.1);
    expect(camera.pitch).toBeLessThan(Math.PI / 2);
    const [x, y] = at(camera, ...camera.target);
    expect(x).toBeCloseTo(400, 2);
    expect(y).toBeCloseTo(200, 2);
  });

  it("is written into an address and read back", () => {
    for (const flat of [true, false]) {
      const camera = pan(orbit(whole(cube, flat, 2), flat ? 0 : 0.1, 0), 0.3, 0.2);
      const read = readCamera(writeCamera(camera), flat);
      expect(read?.distance).toBeCloseTo(camera.distance, 2);
      expect(read?.target[0]).toBeCloseTo(camera.target[0], 3);
      expect(readCamera(writeCamera(camera), !flat)).toBeNull();
    }
    for (const text of ["", "1~2", "0~0~0", "a~b~c", "1~1~1~1~1~1~1"])
      expect(readCamera(text, true)).toBeNull();
  });

  it("listens to keys", () => {
    const camera = whole(cube, true, 2);
    expect(byKey("ArrowRight", false, camera)?.target[0]).toBeGreaterThan(camera.target[0]);
    expect(byKey("+", false, camera)?.distance).toBeLessThan(camera.distance);
    expect(byKey("x", false, camera)).toBeNull();
  });

  it("takes no notice of points that are not finite", () => {
    expect(boundsOf(Float32Array.of(Number.NaN, 1, 2, 3, Number.POSITIVE_INFINITY, 4)).half).toEqual([
      0, 0, 1,
    ]);
    expect(boundsOf(new Float32Array()).centre).toEqual([0, 0, 0]);
  });
});

describe("picking", () => {
  const seen = Float32Array.of(10, 10, 0.5, 10.2, 10, 0.1, 30, 30, 0.2, Number.NaN, Number.NaN, Number.NaN);

  it("finds the nearest point, the one in front of those at one place, and none that is hidden or far", () => {
    expect(pick(seen, 10, 11, 8)).toBe(1);
    expect(pick(seen, 28, 30, 8)).toBe(2);
    expect(pick(seen, 50, 50, 8)).toBe(-1);
    expect(pick(seen, 10, 11, 8, (i) => i === 1)).toBe(0);
  });

  it("finds what a lasso surrounds", () => {
    expect(within(seen, [0, 0, 20, 0, 20, 20, 0, 20])).toEqual([0, 1]);
    expect(within(seen, [20, 0, 40, 0, 40, 20])).toEqual([]);
  });

  it("shows labels that do not overlap", () => {
    const shown = uncluttered([0, 1, 2, 3], seen, { width: 100, height: 100 }, () => 40, 10);
    expect(shown).toEqual([0, 2]);
    expect(uncluttered([0, 1, 2], seen, { width: 100, height: 100 }, () => 1, 1)).toEqual([0]);
  });
});

describe("a surface", () => {
  const corners = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0);
  const faces = Uint32Array.of(0, 1, 2, 2, 1, 3);

  it("has normals, and each edge once", () => {
    expect([...normalsOf(corners, faces)]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);
    const edges = edgesOf(faces, 4);
    expect(edges.length / 2).toBe(5);
  });

  it("drops faces that name no vertex", () => {
    const found = validFaces([0, 1, 2, 0, 1, 9, -1, 0, 1, 0.5, 1, 2], 4);
    expect([...found.faces]).toEqual([0, 1, 2]);
    expect(found.dropped).toBe(3);
  });
});

describe("the pace", () => {
  it("leaves points out while pictures are slow, and takes them back when they are fast", () => {
    expect(nextShare(1, 200)).toBeCloseTo(0.3);
    expect(nextShare(1, 80)).toBeCloseTo(0.5);
    expect(nextShare(0.5, 30)).toBe(0.5);
    expect(nextShare(0.9, 5)).toBe(1);
    let share = 1;
    for (let i = 0; i < 20; i++) share = nextShare(share, 500);
    expect(share).toBeGreaterThan(0);
  });
});

/**
 * One WebGL context that draws the pictures of many canvases: browsers allow about sixteen contexts, and each takes memory.
 * A canvas shows a copy of what was drawn.
 */

import { type Camera, eye, sight } from "./camera";
import { channels, type Gl, glOf } from "./gl";
import { MeshPainter, type MeshStyle } from "./mesh";
import { PointPainter } from "./points";

export interface Look {
  surface: MeshStyle["lit"];
  wireframe: boolean;
  /** Of points, in pixels of the page. */
  size: number;
  background: string;
  line: string;
}

/** What is drawn: without faces, points. */
export interface Solid {
  positions: Float32Array;
  faces: Uint32Array;
  colours: Uint8Array;
}

let shared: { canvas: HTMLCanvasElement; gl: Gl } | null | undefined;
/** Counts up with each context that was lost: what was made in it is gone. */
let life = 0;

function studio(): { canvas: HTMLCanvasElement; gl: Gl } | null {
  if (shared !== undefined) return shared;
  const canvas = document.createElement("canvas");
  const gl = glOf(canvas, true);
  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => {
    life++;
  });
  shared = gl ? { canvas, gl } : null;
  return shared;
}

export const hasStudio = () => studio() !== null;

/** Something that can be drawn again and again; to be disposed of. */
export class Model {
  readonly #solid: Solid;
  #made: { life: number; painter: MeshPainter | PointPainter } | null = null;

  constructor(solid: Solid) {
    this.#solid = solid;
  }

  /** Draw it, and copy the picture to `onto`; `ratio`: pixels of the device for one of the page. */
  draw(onto: HTMLCanvasElement, camera: Camera, look: Look, ratio: number): void {
    const there = studio();
    if (!there || there.gl.isContextLost()) return;
    const { canvas, gl } = there;
    const { width, height } = onto;
    if (width === 0 || height === 0) return;
    if (canvas.width < width) canvas.width = width;
    if (canvas.height < height) canvas.height = height;
    gl.viewport(0, 0, width, height);
    gl.clearColor(...channels(look.background), 1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    const matrix = sight(camera, width / height);
    const painter = this.#painter(gl);
    if (painter instanceof PointPainter)
      painter.draw(matrix, {
        size: look.size * ratio,
        share: 1,
        perspective: true,
        distance: camera.distance,
      });
    else
      painter.draw(matrix, {
        lit: look.surface,
        wireframe: look.wireframe,
        eye: eye(camera),
        line: channels(look.line),
      });
    const context = onto.getContext("2d");
    context?.drawImage(canvas, 0, canvas.height - height, width, height, 0, 0, width, height);
  }

  dispose(): void {
    if (this.#made?.life === life) this.#made.painter.dispose();
    this.#made = null;
  }

  #painter(gl: Gl): MeshPainter | PointPainter {
    if (this.#made?.life === life) return this.#made.painter;
    const { positions, faces, colours } = this.#solid;
    let painter: MeshPainter | PointPainter;
    if (faces.length > 0) painter = new MeshPainter(gl, positions, faces, colours);
    else {
      painter = new PointPainter(gl);
      painter.setPositions(positions);
      painter.setColours(colours);
    }
    this.#made = { life, painter };
    return painter;
  }
}

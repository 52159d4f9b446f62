/** Lines of one colour: axes, frames. */

import { Attribute, type Gl, Program } from "./gl";
import type { Matrix } from "./matrix";

const VERTEX = `
in vec3 position;
uniform mat4 sight;
void main() { gl_Position = sight * vec4(position, 1.0); }`;

const FRAGMENT = `
uniform vec4 colour;
out vec4 paint;
void main() { paint = colour; }`;

export class LinePainter {
  readonly #gl: Gl;
  readonly #program: Program;
  readonly #array: WebGLVertexArrayObject;
  readonly #positions: Attribute;
  #count = 0;

  constructor(gl: Gl) {
    this.#gl = gl;
    this.#program = new Program(gl, VERTEX, FRAGMENT);
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#positions = new Attribute(gl, this.#program.attribute("position"), 3, gl.FLOAT);
  }

  /** Two ends of three numbers a line. */
  setEnds(ends: Float32Array): void {
    this.#positions.fill(ends);
    this.#count = ends.length / 3;
  }

  draw(sight: Matrix, colour: readonly [number, number, number], opacity = 1): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#array);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    this.#program
      .use()
      .matrix("sight", sight)
      .set("colour", ...colour, opacity);
    gl.drawArrays(gl.LINES, 0, this.#count);
  }

  dispose(): void {
    this.#positions.dispose();
    this.#program.dispose();
    this.#gl.deleteVertexArray(this.#array);
  }
}

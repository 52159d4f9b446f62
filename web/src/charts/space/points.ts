/** Points, as discs or as pictures out of a sprite. */

import { random, shuffle } from "../../data/random";
import { Attribute, type Gl, Program } from "./gl";
import type { Matrix } from "./matrix";

/** Points fainter than this stand behind all others, and hide none. */
export const FAINT = 0.5;

const VERTEX = `
in vec3 position;
in vec4 colour;
uniform mat4 sight;
uniform vec2 size; // in pixels; how much of it depends on the depth
uniform float distance;
uniform float faint; // 1: only those that are faint, 0: only those that are not
uniform float stride;
uniform vec2 cells; // of the sprite: in a row, in a column
out vec4 tint;
flat out vec2 corner;
void main() {
  gl_Position = sight * vec4(position, 1.0);
  tint = colour;
  bool isFaint = colour.a < ${FAINT.toFixed(2)};
  if (isFaint != (faint > 0.5) || colour.a < 0.004) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
  float near = mix(1.0, distance / max(gl_Position.w, 1e-6), size.y);
  gl_PointSize = clamp(size.x * near, 1.0, 256.0);
  float cell = float(gl_VertexID) * stride;
  corner = vec2(mod(cell, cells.x), floor(cell / cells.x)) / cells;
}`;

const FRAGMENT = `
in vec4 tint;
flat in vec2 corner;
uniform sampler2D sprite;
uniform vec2 cells;
uniform float pictures;
uniform float edge;
out vec4 paint;
void main() {
  if (pictures > 0.5) {
    vec4 texel = texture(sprite, corner + gl_PointCoord / cells);
    paint = vec4(mix(texel.rgb, texel.rgb * tint.rgb, pictures - 1.0), tint.a * texel.a);
    return;
  }
  vec2 from = gl_PointCoord - 0.5;
  float square = dot(from, from);
  if (square > 0.25) discard;
  paint = vec4(tint.rgb, tint.a * smoothstep(0.25, 0.25 - edge, square));
}`;

export interface PointStyle {
  /** In pixels of the device. */
  size: number;
  /** Of the points, taken at random, when all take too long; 1: all. */
  share: number;
  /** Whether near points are larger. */
  perspective: boolean;
  distance: number;
}

export interface Sprite {
  picture: TexImageSource;
  columns: number;
  rows: number;
  /** Point i has the picture `i * stride`. */
  stride: number;
}

export class PointPainter {
  readonly #gl: Gl;
  readonly #program: Program;
  readonly #array: WebGLVertexArrayObject;
  readonly #positions: Attribute;
  readonly #colours: Attribute;
  readonly #order: WebGLBuffer;
  #count = 0;
  #ordered = 0;
  #sprite: { texture: WebGLTexture; columns: number; rows: number; stride: number } | null = null;

  constructor(gl: Gl) {
    this.#gl = gl;
    this.#program = new Program(gl, VERTEX, FRAGMENT);
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#positions = new Attribute(gl, this.#program.attribute("position"), 3, gl.FLOAT);
    this.#order = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#order);
    this.#colours = new Attribute(gl, this.#program.attribute("colour"), 4, gl.UNSIGNED_BYTE, true);
  }

  /** Three numbers a point. */
  setPositions(positions: Float32Array): void {
    this.#positions.fill(positions);
    this.#count = positions.length / 3;
    if (this.#ordered === this.#count) return;
    this.#ordered = this.#count;
    const gl = this.#gl;
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, shuffled(this.#count), gl.STATIC_DRAW);
  }

  /** Red, green, blue and opacity of each; 0 is not drawn. */
  setColours(colours: Uint8Array): void {
    this.#colours.fill(colours);
  }

  setSprite(sprite: Sprite | null): void {
    const gl = this.#gl;
    if (this.#sprite) gl.deleteTexture(this.#sprite.texture);
    this.#sprite = null;
    if (!sprite) return;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, sprite.picture);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.#sprite = { texture, columns: sprite.columns, rows: sprite.rows, stride: sprite.stride };
  }

  draw(sight: Matrix, style: PointStyle): void {
    if (this.#count === 0) return;
    const gl = this.#gl;
    const sprite = this.#sprite;
    gl.bindVertexArray(this.#array);
    this.#program
      .use()
      .matrix("sight", sight)
      .set("size", style.size, style.perspective ? 1 : 0)
      .set("distance", style.distance)
      .set("stride", sprite?.stride ?? 1)
      .set("cells", sprite?.columns ?? 1, sprite?.rows ?? 1)
      .set("pictures", sprite ? 1.6 : 0)
      .set("edge", Math.min(0.2, 1 / style.size))
      .integer("sprite", 0);
    if (sprite) gl.bindTexture(gl.TEXTURE_2D, sprite.texture);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.disable(gl.DEPTH_TEST);
    gl.depthMask(false);
    this.#program.set("faint", 1);
    const count = Math.ceil(this.#count * style.share);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
    if (style.perspective) {
      gl.enable(gl.DEPTH_TEST);
      gl.depthMask(true);
    }
    this.#program.set("faint", 0);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
    gl.depthMask(true);
    gl.disable(gl.DEPTH_TEST);
  }

  dispose(): void {
    this.setSprite(null);
    this.#positions.dispose();
    this.#colours.dispose();
    this.#gl.deleteBuffer(this.#order);
    this.#program.dispose();
    this.#gl.deleteVertexArray(this.#array);
  }
}

/** Numbers below `count` in an order that tells nothing: any first part of it is spread evenly over all. */
function shuffled(count: number): Uint32Array {
  return shuffle(
    Uint32Array.from({ length: count }, (_, i) => i),
    random(11),
  );
}

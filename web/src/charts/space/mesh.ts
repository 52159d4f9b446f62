/** Triangle meshes, lit from where the eye is. */

import { Attribute, type Gl, Program } from "./gl";
import type { Matrix, Vector } from "./matrix";
import { edgesOf, normalsOf } from "./surface";

const VERTEX = `
in vec3 position;
in vec3 normal;
in vec4 colour;
uniform mat4 sight;
out vec3 place;
out vec3 facing;
out vec4 tint;
void main() {
  gl_Position = sight * vec4(position, 1.0);
  place = position;
  facing = normal;
  tint = colour;
}`;

const FRAGMENT = `
in vec3 place;
in vec3 facing;
in vec4 tint;
uniform vec3 eye;
uniform float lit; // 1: smooth, 2: each face by itself, 0: not at all
uniform vec4 over; // a colour in place of the mesh's own, by its opacity
out vec4 paint;
void main() {
  vec3 colour = mix(tint.rgb, over.rgb, over.a);
  if (lit > 0.5) {
    vec3 towards = normalize(eye - place);
    vec3 normal = lit > 1.5 ? cross(dFdx(place), dFdy(place)) : facing;
    normal = length(normal) > 0.0 ? normalize(normal) : towards;
    if (dot(normal, towards) < 0.0) normal = -normal; // faces have two sides
    vec3 lamp = normalize(towards + vec3(0.25, 0.55, 0.1));
    float bright = 0.34 + 0.2 * (0.5 + 0.5 * normal.y) + 0.5 * max(dot(normal, lamp), 0.0);
    float shine = 0.12 * pow(max(dot(normal, normalize(lamp + towards)), 0.0), 40.0);
    colour = colour * bright + shine;
  }
  paint = vec4(colour, 1.0);
}`;

export interface MeshStyle {
  lit: "smooth" | "faces" | "none";
  wireframe: boolean;
  eye: Vector;
  /** Of the wireframe where there is nothing else, 0 to 1. */
  line: readonly [number, number, number];
}

export class MeshPainter {
  readonly #gl: Gl;
  readonly #program: Program;
  readonly #array: WebGLVertexArrayObject;
  readonly #attributes: readonly [Attribute, Attribute, Attribute];
  readonly #faces: WebGLBuffer;
  #edges: WebGLBuffer | null = null;
  #edgeCount = 0;
  readonly #indices: Uint32Array;
  readonly #vertices: number;

  /** `colours`: red, green, blue and opacity of each vertex. */
  constructor(gl: Gl, positions: Float32Array, faces: Uint32Array, colours: Uint8Array) {
    this.#gl = gl;
    this.#indices = faces;
    this.#vertices = positions.length / 3;
    this.#program = new Program(gl, VERTEX, FRAGMENT);
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#attributes = [
      new Attribute(gl, this.#program.attribute("position"), 3, gl.FLOAT),
      new Attribute(gl, this.#program.attribute("normal"), 3, gl.FLOAT),
      new Attribute(gl, this.#program.attribute("colour"), 4, gl.UNSIGNED_BYTE, true),
    ];
    this.#attributes[0].fill(positions);
    this.#attributes[1].fill(normalsOf(positions, faces));
    this.#attributes[2].fill(colours);
    this.#faces = gl.createBuffer();
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#faces);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, faces, gl.STATIC_DRAW);
  }

  draw(sight: Matrix, style: MeshStyle): void {
    const gl = this.#gl;
    gl.bindVertexArray(this.#array);
    gl.disable(gl.BLEND);
    gl.enable(gl.DEPTH_TEST);
    const program = this.#program
      .use()
      .matrix("sight", sight)
      .set("eye", ...style.eye);
    if (!style.wireframe) {
      program.set("lit", { none: 0, smooth: 1, faces: 2 }[style.lit]).set("over", 0, 0, 0, 0);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#faces);
      gl.drawElements(gl.TRIANGLES, this.#indices.length, gl.UNSIGNED_INT, 0);
    } else {
      program.set("lit", 0).set("over", ...style.line, 0.35);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#wires());
      gl.drawElements(gl.LINES, this.#edgeCount, gl.UNSIGNED_INT, 0);
    }
    gl.disable(gl.DEPTH_TEST);
  }

  /** Made when somebody wants to see them. */
  #wires(): WebGLBuffer {
    if (this.#edges) return this.#edges;
    const gl = this.#gl;
    const edges = edgesOf(this.#indices, this.#vertices);
    this.#edges = gl.createBuffer();
    this.#edgeCount = edges.length;
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#edges);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, edges, gl.STATIC_DRAW);
    return this.#edges;
  }

  dispose(): void {
    for (const attribute of this.#attributes) attribute.dispose();
    this.#gl.deleteBuffer(this.#faces);
    this.#gl.deleteBuffer(this.#edges);
    this.#program.dispose();
    this.#gl.deleteVertexArray(this.#array);
  }
}

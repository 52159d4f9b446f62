/** What every painter of WebGL needs. */

export type Gl = WebGL2RenderingContext;

/** Null where there is none: no driver, a blocked one, or too many pages that have one. */
export function glOf(canvas: HTMLCanvasElement, antialias: boolean): Gl | null {
  return canvas.getContext("webgl2", { antialias, alpha: false, powerPreference: "high-performance" });
}

/** A program and the places of its uniforms. */
export class Program {
  readonly #gl: Gl;
  readonly #program: WebGLProgram;
  readonly #places = new Map<string, WebGLUniformLocation | null>();

  constructor(gl: Gl, vertex: string, fragment: string) {
    this.#gl = gl;
    this.#program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, vertex],
      [gl.FRAGMENT_SHADER, fragment],
    ] as const) {
      const shader = gl.createShader(kind);
      if (!shader) continue; // a lost context: nothing is drawn until it is back
      gl.shaderSource(shader, `#version 300 es\nprecision highp float;\n${source}`);
      gl.compileShader(shader);
      gl.attachShader(this.#program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(this.#program);
    if (!gl.getProgramParameter(this.#program, gl.LINK_STATUS) && !gl.isContextLost())
      throw new Error(gl.getProgramInfoLog(this.#program) ?? "a shader does not link");
  }

  use(): this {
    this.#gl.useProgram(this.#program);
    return this;
  }

  attribute(name: string): number {
    return this.#gl.getAttribLocation(this.#program, name);
  }

  matrix(name: string, value: Float32Array): this {
    this.#gl.uniformMatrix4fv(this.#place(name), false, value);
    return this;
  }

  /** One to four numbers. */
  set(name: string, ...v: number[]): this {
    const place = this.#place(name);
    if (v.length === 1) this.#gl.uniform1f(place, v[0]);
    else if (v.length === 2) this.#gl.uniform2f(place, v[0], v[1]);
    else if (v.length === 3) this.#gl.uniform3f(place, v[0], v[1], v[2]);
    else this.#gl.uniform4f(place, v[0], v[1], v[2], v[3]);
    return this;
  }

  integer(name: string, value: number): this {
    this.#gl.uniform1i(this.#place(name), value);
    return this;
  }

  dispose(): void {
    this.#gl.deleteProgram(this.#program);
  }

  #place(name: string): WebGLUniformLocation | null {
    if (!this.#places.has(name)) this.#places.set(name, this.#gl.getUniformLocation(this.#program, name));
    return this.#places.get(name) ?? null;
  }
}

/** A buffer of one attribute, bound to the vertex array that is bound now. */
export class Attribute {
  readonly #gl: Gl;
  readonly #buffer: WebGLBuffer;
  #bytes = -1;

  constructor(gl: Gl, place: number, size: number, type: number, normalised = false) {
    this.#gl = gl;
    this.#buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (place < 0) return;
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, size, type, normalised, 0, 0);
  }

  fill(data: Float32Array | Uint8Array): void {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    if (data.byteLength === this.#bytes) gl.bufferSubData(gl.ARRAY_BUFFER, 0, data);
    else gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    this.#bytes = data.byteLength;
  }

  dispose(): void {
    this.#gl.deleteBuffer(this.#buffer);
  }
}

/** `#rrggbb` or `#rgb` → 0 to 1. */
export function channels(hex: string): [number, number, number] {
  const digits = hex.slice(1);
  const value = Number.parseInt(digits.length === 3 ? digits.replace(/./g, "$&$&") : digits, 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** How long pictures take where they are drawn, and how much of one there is time for while something moves. */

import type { Gl } from "./gl";

/** Milliseconds. Slower looks like stumbling; much faster has room for more. */
const SLOW = 40;
const FAST = 18;
const LEAST = 0.04;

/** A share for the next picture, by how long one of `share` took. */
export function nextShare(share: number, took: number): number {
  if (took > SLOW) return Math.max(LEAST, share * Math.max(0.3, SLOW / took));
  return took < FAST ? Math.min(1, share * 1.25) : share;
}

/** Commands of WebGL return at once; a fence tells when they are done. No more than one picture is on its way. */
export class Pace {
  share = 1;
  readonly #gl: Gl;
  #fence: WebGLSync | null = null;
  #begun = 0;
  #drawn = 1;

  constructor(gl: Gl) {
    this.#gl = gl;
  }

  /** Whether the picture before is done; then also how large the share of the next may be. */
  isFree(): boolean {
    const gl = this.#gl;
    if (!this.#fence) return true;
    if (gl.clientWaitSync(this.#fence, 0, 0) === gl.TIMEOUT_EXPIRED) return false;
    gl.deleteSync(this.#fence);
    this.#fence = null;
    this.share = nextShare(this.#drawn, performance.now() - this.#begun);
    return true;
  }

  /** A picture of that share has been asked for. */
  begun(share: number): void {
    this.#drawn = share;
    this.#begun = performance.now();
    this.#fence = this.#gl.fenceSync(this.#gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    this.#gl.flush();
  }
}

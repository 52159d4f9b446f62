/** Splits a byte stream into frames: `u32` little-endian length, then that many bytes. */
export class FrameSplitter {
  #head = new Uint8Array(4);
  #body: Uint8Array | null = null;
  #filled = 0;

  /** The frames that `chunk` completes, in order. */
  push(chunk: Uint8Array): Uint8Array[] {
    const done: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      const target = this.#body ?? this.#head;
      const take = Math.min(target.length - this.#filled, chunk.length - at);
      target.set(chunk.subarray(at, at + take), this.#filled);
      this.#filled += take;
      at += take;
      if (!this.#body && this.#filled === 4) {
        this.#body = new Uint8Array(new DataView(this.#head.buffer).getUint32(0, true));
        this.#filled = 0;
      }
      if (this.#body && this.#filled === this.#body.length) {
        done.push(this.#body);
        this.#body = null;
        this.#filled = 0;
      }
    }
    return done;
  }

  /** True between frames: a stream that ends elsewhere was cut off. */
  get atBoundary(): boolean {
    return this.#body === null && this.#filled === 0;
  }
}

/** Where something stands in what a run printed; of lines that come later, only those are looked at. */

import type { ConsoleFound } from "../api/types";

type Fetch = (start: number, signal: AbortSignal) => Promise<ConsoleFound>;

const REST_MS = 1000;

export class ConsoleSearch {
  /** Of lines, ascending: the first that were found. */
  numbers = $state.raw<readonly number[]>([]);
  /** All that were found, also beyond those. */
  total = $state(0);
  /** Whether an answer to what is looked for now is there. */
  known = $state(false);

  #key = "";
  #stop = 0;
  #lines = 0;
  #fetch: Fetch = () => Promise.reject(new Error("nothing is looked for"));
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** See that `lines` lines were looked through. Another `key` begins anew. */
  want(key: string, lines: number, fetch: Fetch): void {
    if (key !== this.#key) {
      this.clear();
      this.#key = key;
    }
    this.#fetch = fetch;
    this.#lines = lines;
    if (!this.#controller && this.#timer === undefined && this.#stop < lines) this.#ask();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#controller?.abort();
    this.#controller = null;
    this.#key = "";
    this.#stop = 0;
    this.numbers = [];
    this.total = 0;
    this.known = false;
  }

  async #ask(): Promise<void> {
    const controller = new AbortController();
    this.#controller = controller;
    try {
      const found = await this.#fetch(this.#stop, controller.signal);
      if (controller.signal.aborted) return;
      this.numbers = [...this.numbers, ...found.numbers];
      this.total += found.total;
      this.#stop = Math.max(this.#stop, found.stop);
      this.known = true;
    } catch {
      if (controller.signal.aborted) return;
    }
    this.#controller = null;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#stop < this.#lines) this.#ask();
    }, REST_MS);
  }
}

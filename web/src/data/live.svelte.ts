/** An answer of the server that is asked for again whenever what it depends on has changed. */

import { Refusal } from "../api/client";

export interface Question<T> {
  /** What it asks. Another key is another answer; the old one stays until the new is there. */
  key: string;
  /** As of what; a later one asks again. */
  revision?: number;
  fetch(signal: AbortSignal): Promise<T>;
}

/** While runs grow all the time, nothing is asked for again sooner. */
const REST_MS = 1000;
const RETRY_MS = 2000;

/**
 * To be made while a component is, like its `$state`. `ask` may read whatever is reactive; null asks nothing.
 * A refusal (404, say) is an `error` and is not tried again; a lost connection is tried again until it is back.
 */
export class Live<T> {
  value = $state.raw<T | null>(null);
  error = $state<string | null>(null);
  /** Waiting for the first answer, or for that to another key. */
  loading = $state(false);

  #asked = { key: "", revision: -1 };
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #at = 0;

  constructor(ask: () => Question<T> | null) {
    $effect(() => {
      const question = ask();
      if (question) this.#want(question);
      else this.#clear();
    });
    $effect(() => () => this.#stop());
  }

  #want(question: Question<T>): void {
    const revision = question.revision ?? 0;
    const isOther = question.key !== this.#asked.key;
    if (!isOther && revision <= this.#asked.revision) return;
    clearTimeout(this.#timer);
    const wait = isOther ? 0 : Math.max(0, this.#at + REST_MS - performance.now());
    if (isOther) {
      this.#controller?.abort();
      this.#controller = null;
      this.#asked = { key: question.key, revision: -1 };
      this.loading = true;
      this.error = null;
    }
    if (wait === 0 && !this.#controller) this.#send(question);
    else this.#timer = setTimeout(() => this.#send(question), wait);
  }

  async #send(question: Question<T>): Promise<void> {
    if (this.#controller) {
      this.#timer = setTimeout(() => this.#send(question), REST_MS);
      return;
    }
    const controller = new AbortController();
    this.#controller = controller;
    this.#at = performance.now();
    try {
      const value = await question.fetch(controller.signal);
      if (controller.signal.aborted) return;
      this.#asked = { key: question.key, revision: question.revision ?? 0 };
      this.value = value;
      this.error = null;
      this.loading = false;
    } catch (error) {
      if (controller.signal.aborted) return;
      this.error = error instanceof Error ? error.message : String(error);
      if (error instanceof Refusal && error.status < 500) {
        this.#asked = { key: question.key, revision: question.revision ?? 0 };
        this.value = null;
        this.loading = false;
      } else this.#timer = setTimeout(() => this.#send(question), RETRY_MS);
    } finally {
      if (this.#controller === controller) this.#controller = null;
    }
  }

  #clear(): void {
    this.#stop();
    this.#asked = { key: "", revision: -1 };
    this.value = null;
    this.error = null;
    this.loading = false;
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#controller = null;
  }
}

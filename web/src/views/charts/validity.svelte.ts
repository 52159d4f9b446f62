/** Whether what is written can be drawn, as the server says it. */

import { fetchSeries } from "../../api/client";

interface Written {
  texts: readonly string[];
  /** The run that it is tried with; null: nothing is known. */
  run: number | null;
}

/** While somebody writes, nobody wants to hear that it is not finished. */
const WAIT_MS = 350;

/** To be made while a component is. */
export class Validity {
  #errors = $state.raw<ReadonlyMap<string, string | null>>(new Map());

  constructor(written: () => Written) {
    $effect(() => {
      const { texts, run } = written();
      const unknown = [...new Set(texts)].filter((text) => text !== "" && !this.#errors.has(text));
      if (run === null || unknown.length === 0) return;
      const controller = new AbortController();
      const timer = setTimeout(() => {
        this.#ask(unknown, run, controller.signal).catch(() => {}); // asked again with the next change
      }, WAIT_MS);
      return () => {
        clearTimeout(timer);
        controller.abort();
      };
    });
  }

  /** What is wrong with it; null: nothing, or it is not known yet. */
  of(text: string): string | null {
    return this.#errors.get(text) ?? null;
  }

  async #ask(texts: string[], run: number, signal: AbortSignal): Promise<void> {
    const errors = new Map(this.#errors);
    const charts = texts.map((tag) => ({ tag, runs: [run], columns: 1 }));
    for await (const chart of fetchSeries(charts, signal)) errors.set(chart.tag, chart.error);
    this.#errors = errors;
  }
}

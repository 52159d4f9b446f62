/** Small curves of one tag for the runs on the screen: a few points each, kept for a while. */

import { fetchSeries } from "../api/client";

export interface Spark {
  /** Along the run, 0 to 1. */
  x: Float32Array;
  /** From its least value to its greatest, 0 to 1. */
  y: Float32Array;
}

const COLUMNS = 40;
const MOST = 3000;
/** Charts of a request. */
const MOST_AT_ONCE = 200;
/** Rows pass by while somebody scrolls. */
const WAIT_MS = 90;
/** A curve that grows is not drawn anew sooner. */
const REST_MS = 4000;

export class Sparklines {
  /** Counts up when there are new ones. */
  #version = $state(0);
  #known = new Map<string, { spark: Spark | null; revision: number; at: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: { controller: AbortController; names: ReadonlySet<string> } | null = null;
  #wanted: { tag: string; runs: readonly number[] }[] = [];
  readonly #changedAt: (run: number) => number;

  constructor(changedAt: (run: number) => number) {
    this.#changedAt = changedAt;
  }

  /** Null when the run has no points of it; undefined while it is not known. */
  of(tag: string, run: number): Spark | null | undefined {
    this.#version;
    return this.#known.get(key(tag, run))?.spark;
  }

  /** What is on the screen now. Whatever else was asked for is not waited for any more. */
  want(wanted: { tag: string; runs: readonly number[] }[]): void {
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.controller.abort();
  }

  async #ask(): Promise<void> {
    const now = performance.now();
    const missing = this.#wanted
      .flatMap(({ tag, runs }) => runs.map((run) => ({ tag, run })))
      .filter(({ tag, run }) => this.#isStale(tag, run, now))
      .slice(0, MOST_AT_ONCE);
    if (missing.length === 0) return;
    if (this.#asking) {
      const { controller, names } = this.#asking;
      if (missing.some(({ tag, run }) => names.has(key(tag, run)))) return; // what follows is asked for then
      controller.abort();
    }
    const controller = new AbortController();
    const asking = { controller, names: new Set(missing.map(({ tag, run }) => key(tag, run))) };
    this.#asking = asking;
    const charts = missing.map(({ tag, run }) => ({ tag, runs: [run], columns: COLUMNS }));
    try {
      let i = 0;
      for await (const chart of fetchSeries(charts, controller.signal)) {
        const { tag, run } = missing[i++];
        const curve = chart.curves[0];
        const spark = curve ? sparkOf(curve.column, curve.last, chart.columns) : null;
        this.#keep(key(tag, run), { spark, revision: chart.revision, at: now });
      }
    } catch {
      if (this.#asking !== asking) return;
      this.#asking = null;
      this.#timer = setTimeout(() => this.#ask(), REST_MS);
      return;
    }
    if (controller.signal.aborted || this.#asking !== asking) return;
    this.#asking = null;
    this.#version++;
    this.want(this.#wanted);
  }

  #isStale(tag: string, run: number, now: number): boolean {
    const known = this.#known.get(key(tag, run));
    return !known || (this.#changedAt(run) > known.revision && now - known.at > REST_MS);
  }

  #keep(name: string, spark: { spark: Spark | null; revision: number; at: number }): void {
    this.#known.delete(name);
    this.#known.set(name, spark);
    if (this.#known.size > MOST)
      for (const old of [...this.#known.keys()].slice(0, MOST / 4)) this.#known.delete(old);
  }
}

const key = (tag: string, run: number) => `${run} ${tag}`;

/** Null without two finite points. */
export function sparkOf(column: ArrayLike<number>, values: ArrayLike<number>, columns: number): Spark | null {
  const n = column.length;
  if (n === 0) return null;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  const spark = { x: new Float32Array(n), y: new Float32Array(n) };
  const last = Math.max(1, Math.min(columns - 1, column[n - 1]));
  for (let i = 0; i < n; i++) {
    spark.x[i] = Math.min(1, column[i] / last);
    spark.y[i] = high > low ? (values[i] - low) / (high - low) : 0.5;
  }
  return spark;
}

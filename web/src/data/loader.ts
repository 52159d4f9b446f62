/** Keeps the charts on the screen filled: one request at a time, for all that are stale, nearest first. */

import type { ChartColumns } from "../api/columns";
import { patched, renewal } from "../api/patch";
import type { ChartRequest } from "../api/types";

/** What a chart wants now. An answer is fresh while `key` stays and `revision` is not beyond the answer's. */
export interface Wish {
  request: ChartRequest;
  key: string;
  revision: number;
  /** Those of the request's runs that changed after a revision. */
  changedSince(revision: number): number[];
  /** Lower is asked for earlier. */
  order: number;
}

/** A chart has one for each tag or expression that it draws. */
export interface Pane {
  wish(): Wish | null;
  receive(data: ChartColumns, wish: Wish): void;
}

type Fetch = (charts: ChartRequest[], signal: AbortSignal) => AsyncIterable<ChartColumns>;
/**
 * `request`: the wish's, or one for what is new since `held`. `since`: the revision of the answer that there is already
 * to the same wish, or 0.
 */
type Asked = { pane: Pane; wish: Wish; request: ChartRequest; held: ChartColumns | null; since: number };

/** Of one request. The server takes 256 charts and 4 MiB; fewer let a change of mind be heard earlier. */
const MOST_CHARTS = 64;
const MOST_CURVES = 400_000;
/** A run of which the page says what it has takes so many times the bytes of one that it names alone. */
const KNOWN_WEIGHT = 5;
const RETRY_MS = 1000;
const LONG_MS = 300;
const MOST_REST_MS = 3000;
/**
 * What keeping up with runs that grow may cost: bytes a millisecond, both ways. The server compresses news, by two and a
 * half where runs have points in each column: 40 kB a second.
 */
const RATE = 100;
const LONGEST_REST_MS = 10_000;

export class Loader {
  #fetch: Fetch;
  #fresh = new Map<Pane, { key: string; revision: number; chart: ChartColumns }>();
  #panes = new Set<Pane>();
  #settled: () => Promise<void>;
  #running = false;
  #wake = () => {};

  /** `settled`: waits until what has arrived is painted, so that a slow page asks less often instead of lagging. */
  constructor(fetch: Fetch, settled: () => Promise<void>) {
    this.#fetch = fetch;
    this.#settled = settled;
  }

  add(pane: Pane): void {
    this.#panes.add(pane);
  }

  remove(pane: Pane): void {
    this.#panes.delete(pane);
    this.#fresh.delete(pane);
  }

  /** Something a wish depends on has changed. `urgent`: a person waits for it. */
  poke(urgent = false): void {
    if (urgent) this.#wake();
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => this.#run().finally(() => (this.#running = false)));
  }

  async #run(): Promise<void> {
    for (let asked = this.#stale(); asked.length > 0; asked = this.#stale()) {
      const began = performance.now();
      try {
        const bytes = await this.#ask(asked);
        await this.#settled();
        await this.#rest(performance.now() - began, bytes);
      } catch {
        await this.#rest(RETRY_MS, 0);
      }
    }
  }

  /**
   * After a long request as long a pause: runs that grow all the time must not keep two machines busy all the time.
   * Nor the network between them: after many bytes of news a pause in which as many might have come.
   */
  async #rest(took: number, bytes: number): Promise<void> {
    const pause = Math.max(
      took < LONG_MS ? 0 : Math.min(took, MOST_REST_MS),
      Math.min(bytes / RATE, LONGEST_REST_MS),
    );
    if (pause < 1) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, pause);
    });
    this.#wake = () => {};
  }

  /** How many bytes the news among the answers took. */
  async #ask(asked: Asked[]): Promise<number> {
    const controller = new AbortController();
    const requests = asked.map(({ request }) => request);
    let next = 0;
    let bytes = 0;
    for await (const data of this.#fetch(requests, controller.signal)) {
      const one = asked[next++];
      if (one.since > 0) bytes += data.bytes + JSON.stringify(one.request).length;
      this.#take(one, data);
      if (next === asked.length) return bytes;
      if (!asked.slice(next).some((other) => this.#isWanted(other))) {
        controller.abort();
        return bytes;
      }
    }
    throw new Error(`${asked.length - next} charts were not answered`);
  }

  #take({ pane, wish, held }: Asked, data: ChartColumns): void {
    if (!this.#panes.has(pane)) return;
    const chart = held && data.error === null ? patched(held, data, wish.request) : data;
    if (!chart) {
      this.#fresh.delete(pane); // all of it is asked for next
      return;
    }
    // The page may have learned of a later revision since; the answer to this wish is fresh for what it asked.
    const revision = Math.max(data.revision, wish.revision);
    this.#fresh.set(pane, { key: wish.key, revision, chart });
    pane.receive(chart, wish);
  }

  #stale(): Asked[] {
    const asked: Asked[] = [];
    for (const pane of this.#panes) {
      const wish = pane.wish();
      if (!wish) continue;
      const fresh = this.#fresh.get(pane);
      const known = fresh?.key === wish.key ? fresh : null;
      if (known && known.revision >= wish.revision) continue;
      const news = known && renewal(known.chart, wish.request, wish.changedSince(known.revision));
      const since = known?.revision ?? 0;
      asked.push({ pane, wish, since, request: news?.request ?? wish.request, held: news?.held ?? null });
    }
    // News of far charts must not wait for those of near ones for ever.
    asked.sort((a, b) => a.since - b.since || a.wish.order - b.wish.order);
    return asked.slice(0, howMany(asked));
  }

  #isWanted({ pane, wish }: Asked): boolean {
    return this.#panes.has(pane) && pane.wish()?.key === wish.key;
  }
}

/** How many of `asked` one request may hold: at least one. */
function howMany(asked: readonly Asked[]): number {
  let curves = 0;
  let n = 0;
  while (n < Math.min(asked.length, MOST_CHARTS) && (n === 0 || curves < MOST_CURVES)) {
    const { runs, known } = asked[n++].request;
    curves += runs.length * (known ? KNOWN_WEIGHT : 1);
  }
  return n;
}

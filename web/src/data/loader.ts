/** Keeps the charts on the screen filled: one request at a time, for all that are stale, nearest first. */

import type { ChartColumns } from "../api/columns";
import type { ChartRequest } from "../api/types";

/** What a chart wants now. An answer is fresh while `key` stays and `revision` is not beyond the answer's. */
export interface Wish {
  request: ChartRequest;
  key: string;
  revision: number;
  /** Lower is asked for earlier. */
  order: number;
}

export interface Pane {
  wish(): Wish | null;
  receive(data: ChartColumns): void;
}

type Fetch = (charts: ChartRequest[], signal: AbortSignal) => AsyncIterable<ChartColumns>;
type Asked = { pane: Pane; wish: Wish };

/** Of one request. The server takes 256 charts and 4 MiB; fewer let a change of mind be heard earlier. */
const MOST_CHARTS = 64;
const MOST_CURVES = 400_000;
const RETRY_MS = 1000;
const LONG_MS = 300;
const MOST_REST_MS = 3000;

export class Loader {
  #fetch: Fetch;
  #fresh = new Map<Pane, { key: string; revision: number }>();
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
        await this.#ask(asked);
        await this.#settled();
        await this.#rest(performance.now() - began);
      } catch {
        await this.#rest(RETRY_MS);
      }
    }
  }

  /** After a long request as long a pause: runs that grow all the time must not keep two machines busy all the time. */
  async #rest(took: number): Promise<void> {
    if (took < LONG_MS) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, Math.min(took, MOST_REST_MS));
    });
    this.#wake = () => {};
  }

  async #ask(asked: Asked[]): Promise<void> {
    const controller = new AbortController();
    const requests = asked.map(({ wish }) => wish.request);
    let next = 0;
    for await (const data of this.#fetch(requests, controller.signal)) {
      const { pane, wish } = asked[next++];
      // The page may have learned of a later revision since; the answer to this wish is fresh for what it asked.
      const revision = Math.max(data.revision, wish.revision);
      if (this.#panes.has(pane)) {
        this.#fresh.set(pane, { key: wish.key, revision });
        pane.receive(data);
      }
      if (next === asked.length) return;
      if (!asked.slice(next).some((one) => this.#isWanted(one))) {
        controller.abort();
        return;
      }
    }
    throw new Error(`${asked.length - next} charts were not answered`);
  }

  #stale(): Asked[] {
    const asked: Asked[] = [];
    for (const pane of this.#panes) {
      const wish = pane.wish();
      const fresh = this.#fresh.get(pane);
      if (wish && !(fresh?.key === wish.key && fresh.revision >= wish.revision)) asked.push({ pane, wish });
    }
    asked.sort((a, b) => a.wish.order - b.wish.order);
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
    curves += asked[n++].wish.request.runs.length;
  }
  return n;
}

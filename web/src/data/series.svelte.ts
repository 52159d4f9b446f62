/** The entries of series that views look at: asked for a few at a time, kept, and asked for again when runs grow. */

import { SvelteMap } from "svelte/reactivity";
import { fetchEntries, Refusal, type SeriesName } from "../api/client";
import type { Dashboard } from "./dashboard.svelte";
import { EntryOrder } from "./entryorder";

/** One series; `order` is null until it is known, and stays while a newer one is on its way. */
export interface SeriesState {
  readonly order: EntryOrder | null;
  readonly error: string | null;
}

interface Kept {
  series: SeriesName;
  epoch: number;
  /** As of what it was asked for. */
  revision: number;
  askedAt: number;
  /** How many look at it. */
  watchers: number;
}

const AT_ONCE = 4;
const REST_MS = 1000;
const RETRY_MS = 3000;
/** Entries of series that nobody looks at are kept up to so many. */
const MOST_ENTRIES = 400_000;

const NOTHING: SeriesState = { order: null, error: null };

export class SeriesStore {
  readonly #board: Dashboard;
  readonly #states = new SvelteMap<string, SeriesState>();
  /** The least recently looked at first. */
  readonly #kept = new Map<string, Kept>();
  readonly #queue = new Set<string>();
  #asking = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(board: Dashboard) {
    this.#board = board;
  }

  get(kind: string, run: number, tag: string): SeriesState {
    return this.#states.get(name(kind, run, tag)) ?? NOTHING;
  }

  /** Have the entries of a tag in these runs, and keep them fresh; to be called in an effect, which ends it. */
  watch(kind: string, tag: string, runs: readonly number[]): () => void {
    const names = runs.map((run) => {
      const key = name(kind, run, tag);
      const kept = this.#kept.get(key) ?? {
        series: { kind, run, tag },
        epoch: -1,
        revision: -1,
        askedAt: 0,
        watchers: 0,
      };
      kept.watchers++;
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return key;
    });
    this.refresh();
    return () => {
      for (const key of names) {
        const kept = this.#kept.get(key);
        if (kept) kept.watchers--;
      }
      this.#dropUnwatched();
    };
  }

  /** The entries of one series, asked for when they are not known; null when there are none. */
  async load(kind: string, run: number, tag: string): Promise<EntryOrder | null> {
    const known = this.get(kind, run, tag).order;
    if (known) return known;
    try {
      return new EntryOrder(await fetchEntries({ kind, run, tag }));
    } catch {
      return null;
    }
  }

  /** Ask again for what has grown. */
  refresh(): void {
    let soonest = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const [key, kept] of this.#kept) {
      if (kept.watchers === 0 || !this.#isStale(kept)) continue;
      const wait = kept.epoch === this.#board.epoch ? kept.askedAt + REST_MS - now : 0;
      if (wait <= 0) this.#queue.add(key);
      else soonest = Math.min(soonest, wait);
    }
    if (soonest < Number.POSITIVE_INFINITY) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), soonest);
    }
    this.#ask();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#queue.clear();
  }

  #isStale({ epoch, revision, series }: Kept): boolean {
    return epoch !== this.#board.epoch || revision < this.#board.changedAt([series.run]);
  }

  #ask(): void {
    for (const key of this.#queue) {
      if (this.#asking >= AT_ONCE) return;
      this.#queue.delete(key);
      const kept = this.#kept.get(key);
      if (kept && kept.watchers > 0) this.#fetch(key, kept);
    }
  }

  async #fetch(key: string, kept: Kept): Promise<void> {
    this.#asking++;
    const { epoch } = this.#board;
    kept.revision = this.#board.changedAt([kept.series.run]);
    kept.askedAt = performance.now();
    kept.epoch = epoch;
    try {
      const columns = await fetchEntries(kept.series);
      if (epoch === this.#board.epoch && this.#kept.has(key))
        this.#states.set(key, { order: new EntryOrder(columns), error: null });
    } catch (error) {
      const order = error instanceof Refusal ? null : (this.#states.get(key)?.order ?? null);
      this.#states.set(key, { order, error: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof Refusal)) {
        kept.revision = -1;
        setTimeout(() => this.refresh(), RETRY_MS);
      }
    } finally {
      this.#asking--;
      this.#ask();
    }
  }

  #dropUnwatched(): void {
    let entries = 0;
    for (const [key, kept] of [...this.#kept].reverse()) {
      entries += this.#states.get(key)?.order?.length ?? 1;
      if (kept.watchers > 0 || entries <= MOST_ENTRIES) continue;
      this.#kept.delete(key);
      this.#states.delete(key);
    }
  }
}

const name = (kind: string, run: number, tag: string) => `${kind} ${run} ${tag}`;

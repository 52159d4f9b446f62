/** What is known of the runs beyond their names: state, group, tags, and the values of columns that somebody wants. */

import { untrack } from "svelte";
import { fetchRuns } from "../api/client";
import type { RunList, RunRow, TagColumn } from "../api/types";
import type { Setting } from "./grouping";

/** A tag's values in one run. */
export type Values = { [K in Exclude<keyof TagColumn, "tag">]: TagColumn[K][number] };

/** What to ask of the runs. */
export interface Wanted {
  tags: readonly string[];
  config: readonly string[];
}

export interface Question {
  /** Another one is another server. */
  key: string;
  revision: number;
  what: Wanted;
  /** Unless false, news are wanted of what is known. */
  follow?: boolean;
}

/** Where runs grow all the time, they are asked for no sooner than this, nor than so many times what it took. */
const REST_MS = 3000;
const REST_TIMES = 20;
const RETRY_MS = 3000;
/** The first charts go before. */
const FIRST_MS = 300;
const SILENT_MS = 30_000;
/** Columns of a kind that the server gives at once. */
const MOST = 100;

/**
 * To be made while a component is, like its `$state`. `ask` may read whatever is reactive; null asks nothing.
 * Only what changed is asked for, once all is known.
 */
export class Roster {
  /** By the run's id; empty until the first answer. */
  rows = $state.raw<ReadonlyMap<number, RunRow>>(new Map());
  /** Tag → run → values. */
  values = $state.raw<ReadonlyMap<string, ReadonlyMap<number, Values>>>(new Map());
  /** Key → run → setting. */
  config = $state.raw<ReadonlyMap<string, ReadonlyMap<number, Setting>>>(new Map());
  error = $state<string | null>(null);
  /** Columns are on their way. */
  loading = $state(false);
  /** Of the last answer. */
  revision = $state(0);

  #asked = { key: "", revision: -1 };
  #wanted: Question | null = null;
  /** All that was ever wanted. */
  #columns: Wanted = { tags: [], config: [] };
  #sending = "";
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #rest = 0;

  constructor(ask: () => Question | null) {
    $effect(() => {
      const wanted = ask();
      this.#wanted = wanted && this.#withColumns(wanted);
      this.#turn();
    });
    $effect(() => () => {
      clearTimeout(this.#timer);
      this.#controller?.abort();
    });
  }

  /** A run's setting; undefined while it is not known. */
  setting(run: number, key: string): Setting {
    return this.config.get(key)?.get(run);
  }

  /** Columns that were wanted before stay: whoever comes back to a view finds them. */
  #withColumns({ what, ...rest }: Question): Question {
    const { tags, config } = this.#columns;
    this.#columns = {
      tags: [...new Set([...what.tags, ...tags])].slice(0, MOST).sort(),
      config: [...new Set([...what.config, ...config])].slice(0, MOST).sort(),
    };
    return { ...rest, key: `${rest.key} ${JSON.stringify(this.#columns)}`, what: this.#columns };
  }

  #turn(): void {
    const wanted = this.#wanted;
    if (!wanted) {
      clearTimeout(this.#timer);
      return;
    }
    if (
      wanted.key === this.#asked.key &&
      (wanted.follow === false || wanted.revision <= this.#asked.revision)
    ) {
      this.#watchSilent();
      return;
    }
    const isOther = wanted.key !== this.#asked.key;
    if (isOther) {
      if (this.#controller && this.#sending === wanted.key) return;
      this.#controller?.abort();
      this.#controller = null;
      this.loading = true;
    } else if (this.#controller) return;
    clearTimeout(this.#timer);
    const isFirst =
      untrack(() => this.rows.size) === 0 && wanted.what.tags.length + wanted.what.config.length === 0;
    const wait = isOther ? (isFirst ? FIRST_MS : 0) : Math.max(0, this.#rest - performance.now());
    this.#timer = setTimeout(() => this.#send(), wait);
  }

  /** Runs that say that they run are lost when they are silent for long: nothing else tells. */
  #watchSilent(): void {
    if (
      !this.#wanted?.follow ||
      ![...untrack(() => this.rows).values()].some((row) => row.state === "running")
    )
      return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), SILENT_MS);
  }

  async #send(): Promise<void> {
    const wanted = this.#wanted;
    if (!wanted || this.#controller) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#sending = wanted.key;
    const began = performance.now();
    try {
      const again = wanted.key === this.#asked.key;
      const { tags, config } = wanted.what;
      const since = again ? { since: this.#asked.revision } : {};
      const list = await fetchRuns({ tag: tags, config, ...since }, controller.signal);
      if (controller.signal.aborted) return;
      this.#take(list, again);
      this.#asked = { key: wanted.key, revision: Math.max(list.revision, wanted.revision) };
      this.error = null;
      this.loading = false;
      this.revision = list.revision;
      this.#rest = performance.now() + Math.max(REST_MS, REST_TIMES * (performance.now() - began));
    } catch (error) {
      if (controller.signal.aborted) return;
      this.error = error instanceof Error ? error.message : String(error);
      this.#timer = setTimeout(() => this.#turn(), RETRY_MS);
      return;
    } finally {
      if (this.#controller === controller) this.#controller = null;
    }
    this.#turn();
  }

  /** What is left out of an answer is as before. */
  #take(list: RunList, again: boolean): void {
    if (again && list.runs.length === 0) return;
    const ids = list.runs.map((run) => run.id);
    this.rows = joined(again ? this.rows : null, ids, (i) => list.runs[i]);
    this.values = new Map(
      list.columns.map((column) => [
        column.tag,
        joined(again ? this.values.get(column.tag) : null, ids, (i) => valuesAt(column, i)),
      ]),
    );
    this.config = new Map(
      list.config.map((column) => [
        column.key,
        joined<Setting>(again ? this.config.get(column.key) : null, ids, (i) => column.values[i]),
      ]),
    );
  }
}

function joined<T>(
  before: ReadonlyMap<number, T> | null | undefined,
  ids: readonly number[],
  at: (i: number) => T,
): Map<number, T> {
  const now = new Map(before ?? []);
  for (const [i, id] of ids.entries()) now.set(id, at(i));
  return now;
}

function valuesAt(column: TagColumn, i: number): Values {
  return {
    last: column.last[i],
    last_step: column.last_step[i],
    min: column.min[i],
    min_step: column.min_step[i],
    max: column.max[i],
    max_step: column.max_step[i],
    points: column.points[i],
  };
}

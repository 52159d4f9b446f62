/** Entries of several runs that are decoded while somebody looks at them. */

import type { EntryData } from "../../api/types";
import type { Entry } from "../../data/entryorder";
import { entryValue } from "../../data/entryValues";
import { Live } from "../../data/live.svelte";
import type { SeriesStore } from "../../data/series.svelte";

export interface Asked {
  run: number;
  tag: string;
  kind: string;
  entry: Entry;
}

/** The entry of each run that counts at a step. */
export function askedAt(
  store: SeriesStore,
  kind: string,
  tag: string,
  runs: readonly number[],
  step: number | null,
): Asked[] {
  return runs.flatMap((run) => {
    const order = store.get(kind, run, tag).order;
    const entry = order?.at(order.upTo(step));
    return entry ? [{ run, tag, kind, entry }] : [];
  });
}

/** To be made while a component is. What cannot be read is left out. */
export const liveEntries = (asked: () => readonly Asked[]): Live<EntryData[]> =>
  new Live(() => {
    const all = asked();
    if (all.length === 0) return null;
    return {
      key: all.map(({ run, tag, entry }) => `${run} ${tag} ${entry.key}`).join("\n"),
      fetch: async (signal) => {
        const found = await Promise.allSettled(
          all.map(({ entry, ...series }) => entryValue(series, entry, signal)),
        );
        signal.throwIfAborted();
        const failed = found.find((one) => one.status === "rejected");
        if (failed && found.every((one) => one.status === "rejected")) throw failed.reason;
        return found.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      },
    };
  });

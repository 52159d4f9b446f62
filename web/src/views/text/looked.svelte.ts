/** What an entry is compared with, and entries that are decoded while somebody looks at them. */

import type { SeriesName } from "../../api/client";
import type { EntryData } from "../../api/types";
import type { Against } from "../../data/against";
import type { Dashboard } from "../../data/dashboard.svelte";
import type { Entry } from "../../data/entryorder";
import { entryValue } from "../../data/entryValues";
import { Live } from "../../data/live.svelte";
import { shortName } from "../../data/names";
import type { SeriesStore } from "../../data/series.svelte";

export const TEXT = "text";

/** One entry of one run. */
export interface Place {
  run: number;
  tag: string;
  entry: Entry;
}

export const seriesOf = ({ run, tag }: Pick<Place, "run" | "tag">): SeriesName => ({ run, tag, kind: TEXT });

/** The entry that counts at a step; null: none is known. */
export function placeAt(store: SeriesStore, run: number, tag: string, step: number | null): Place | null {
  const { order } = store.get(TEXT, run, tag);
  const entry = order?.at(order.upTo(step)) ?? null;
  return entry && { run, tag, entry };
}

/** What an entry is compared with; null: there is no such entry. */
export function basisOf(board: Dashboard, store: SeriesStore, place: Place, against: Against): Place | null {
  const { run, tag, entry } = place;
  if (against.kind === "step") return placeAt(store, run, tag, against.step);
  if (against.kind === "previous") {
    const order = store.get(TEXT, run, tag).order;
    const before = order?.at(order.placeOf(entry.key) - 1) ?? null;
    return before && { run, tag, entry: before };
  }
  if (against.kind === "run") {
    const other = runOf(board, against.run);
    return other === undefined ? null : placeAt(store, other, tag, entry.step);
  }
  return null;
}

export const runOf = (board: Dashboard, short: string): number | undefined =>
  board.outline.runs.find(({ name }) => shortName(name) === short)?.id;

/** To be made while a component is. */
export const liveEntry = (place: () => Place | null): Live<EntryData> =>
  new Live(() => {
    const at = place();
    return (
      at && {
        key: `${at.run} ${at.tag} ${at.entry.key}`,
        fetch: (signal) => entryValue(seriesOf(at), at.entry, signal),
      }
    );
  });

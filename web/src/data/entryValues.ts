/** Decoded entries that were looked at lately, so that stepping to and fro asks for each once. */

import { fetchEntry, type SeriesName } from "../api/client";
import type { EntryData } from "../api/types";
import type { Entry } from "./entryorder";

/** Of their bytes in the event files, which is about what they take here. */
const MOST_BYTES = 24 << 20;

const kept = new Map<string, { data: EntryData; bytes: number }>();
let bytes = 0;

export async function entryValue(
  series: SeriesName,
  entry: Pick<Entry, "key" | "size">,
  signal: AbortSignal,
): Promise<EntryData> {
  const name = `${series.run} ${series.kind} ${series.tag} ${entry.key}`;
  const known = kept.get(name);
  if (known) kept.delete(name);
  const data = known?.data ?? (await fetchEntry(series, entry.key, signal));
  if (!kept.has(name)) {
    kept.set(name, { data, bytes: entry.size });
    if (!known) bytes += entry.size;
  }
  for (const [oldest, { bytes: size }] of kept) {
    if (bytes <= MOST_BYTES || oldest === name) break;
    kept.delete(oldest);
    bytes -= size;
  }
  return data;
}

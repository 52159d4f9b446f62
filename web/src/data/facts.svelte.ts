/** What stands in entries of pictures and sounds, without their bytes: kept by key, the least recently used go. */

import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { fetchEntry, type SeriesName } from "../api/client";

/** One picture or clip of an entry. */
export interface Item {
  mediaType: string;
  bytes: number;
  /** Whatever somebody wrote. */
  caption: string;
}

export interface Facts {
  items: readonly Item[];
  /** Also beyond those that are listed. */
  count: number;
  /** Of pictures, as the log says it; 0 when it does not. */
  width: number;
  height: number;
  /** Of sounds. */
  sampleRate: number | null;
  /** Why there is nothing. */
  error: string | null;
}

const MOST = 3000;
const NOTHING = { items: [], count: 0, width: 0, height: 0, sampleRate: null };

const known = new SvelteMap<string, Facts>();
const asked = new Map<string, { controller: AbortController; watchers: number }>();

/** What is known of the entry with this key; ask with `wantFacts`. */
export const factsOf = (key: string): Facts | undefined => known.get(key);

/** Ask for it, after a moment: a slider may be passing by. To be called in an effect, which takes it back. */
export function wantFacts(series: SeriesName, key: string, afterMs = 0): () => void {
  if (untrack(() => known.has(key))) return () => {};
  let mine: ReturnType<typeof ask> | undefined;
  const timer = setTimeout(() => {
    mine ??= asked.get(key) ?? ask(series, key);
    mine.watchers++;
  }, afterMs);
  return () => {
    clearTimeout(timer);
    if (!mine || --mine.watchers > 0) return;
    mine.controller.abort();
    if (asked.get(key) === mine) asked.delete(key);
  };
}

function ask(series: SeriesName, key: string) {
  const mine = { controller: new AbortController(), watchers: 0 };
  asked.set(key, mine);
  answer(series, key, mine.controller.signal);
  return mine;
}

async function answer(series: SeriesName, key: string, signal: AbortSignal): Promise<void> {
  try {
    keep(key, readFacts((await fetchEntry(series, key, signal)).value));
  } catch (error) {
    if (!signal.aborted)
      keep(key, { ...NOTHING, error: error instanceof Error ? error.message : String(error) });
  } finally {
    if (!signal.aborted) asked.delete(key);
  }
}

function keep(key: string, facts: Facts): void {
  known.set(key, facts);
  if (known.size > MOST) for (const old of [...known.keys()].slice(0, MOST / 4)) known.delete(old);
}

interface File {
  media_type: string;
  bytes: number;
}

/** Read the value of an entry, as the server sends it. */
export function readFacts(value: unknown): Facts {
  const found = value as {
    count?: number;
    width?: number;
    height?: number;
    sample_rate?: number | string | null;
    pictures?: File[];
    clips?: File[];
    captions?: string[];
    labels?: string[];
  };
  const files = found.pictures ?? found.clips ?? [];
  const texts = found.captions ?? found.labels ?? [];
  return {
    items: files.map((file, i) => ({
      mediaType: file.media_type,
      bytes: file.bytes,
      caption: texts[i] ?? "",
    })),
    count: found.count ?? files.length,
    width: found.width ?? 0,
    height: found.height ?? 0,
    sampleRate: typeof found.sample_rate === "number" ? found.sample_rate : null,
    error: null,
  };
}

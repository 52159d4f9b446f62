/** Requests to the server, all relative: the page may live below any path. */

import { decode } from "@msgpack/msgpack";
import { type ChartColumns, decodeChart } from "./columns";
import { FrameSplitter } from "./frames";
import type {
  Change,
  ChartRequest,
  ConfigKeys,
  ConsoleFound,
  ConsoleLines,
  EmbeddingLabels,
  EmbeddingList,
  EmbeddingPoints,
  EntryColumns,
  EntryData,
  MarkEdit,
  MarkList,
  Matches,
  Overview,
  RunDetail,
  RunFiles,
  RunList,
  SeriesRequest,
  TagList,
} from "./types";

/** What the server says of a request that it refuses. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    reason: string,
  ) {
    super(reason);
  }
}

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

/** `path?query` without what is null or undefined; a list gives its name several times. */
export function addressOf(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) parameters.append(name, one);
    else if (value !== null && value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** What stands at `address`. */
export async function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await answered(address, { cache: "no-cache", ...(signal ? { signal } : {}) })).json();
}

/** Likewise, as msgpack: numbers in bulk, which JSON does not hold. */
export async function getPacked<T>(address: string, signal?: AbortSignal): Promise<T> {
  const headers = { accept: "application/msgpack" };
  const response = await answered(address, { headers, ...(signal ? { signal } : {}) });
  return decode(await response.arrayBuffer()) as T;
}

async function answered(address: string, options: RequestInit): Promise<Response> {
  const response = await fetch(address, options);
  if (!response.ok) throw new Refusal(response.status, (await response.text()).trim() || response.statusText);
  return response;
}

export const fetchOverview = () => get<Overview>("api/overview");

/** Runs, with values of tags and settings; `since`: only those that changed after that revision. */
export const fetchRuns = (
  query: { filter?: string; tag?: readonly string[]; config?: readonly string[]; since?: number },
  signal?: AbortSignal,
) => get<RunList>(addressOf("api/runs", query), signal);

/** The ids of the runs that a filter lets through. */
export const fetchMatches = (filter: string, signal?: AbortSignal) =>
  get<Matches>(addressOf("api/matches", { filter }), signal);

export const fetchConfigKeys = (signal?: AbortSignal) => get<ConfigKeys>("api/config", signal);

export const fetchRun = (run: number, signal?: AbortSignal) =>
  get<RunDetail>(addressOf("api/run", { run }), signal);

/** Tags of one kind or all, of one run or all; with `ids`, which runs have each. */
export const fetchTags = (
  query: { run?: number; kind?: string; q?: string; start?: number; limit?: number; ids?: boolean },
  signal?: AbortSignal,
) => get<TagList>(addressOf("api/tags", query), signal);

export interface SeriesName {
  run: number;
  tag: string;
  kind: string;
}

/** Where the entries of a series lie; it has no values of theirs. */
export const fetchEntries = (series: SeriesName, signal?: AbortSignal) =>
  get<EntryColumns>(addressOf("api/entries", { ...series }), signal);

/** One entry, decoded. With its `key` the browser keeps it. */
export const fetchEntry = (series: SeriesName, key: string, signal?: AbortSignal) =>
  answered(addressOf("api/entry", { ...series, key }), signal ? { signal } : {}).then(
    (response) => response.json() as Promise<EntryData>,
  );

/** Likewise, by its number; negative: from the end. */
export const fetchEntryAt = (series: SeriesName, i: number, signal?: AbortSignal) =>
  get<EntryData>(addressOf("api/entry", { ...series, i }), signal);

/** Likewise, with all numbers of a tensor or mesh. */
export const fetchPackedEntry = (series: SeriesName, key: string, signal?: AbortSignal) =>
  getPacked<EntryData>(addressOf("api/entry", { ...series, key }), signal);

/** The address of a picture's or clip's bytes. */
export const mediaAddress = (series: SeriesName, key: string, item = 0) =>
  addressOf("api/media", { ...series, key, item });

/** The files of a run: names and sizes. */
export const fetchFiles = (run: number, signal?: AbortSignal) =>
  get<RunFiles>(addressOf("api/files", { run }), signal);

/** Lines that a run printed; a negative `start` counts from the end. */
export const fetchConsole = (query: { run: number; start: number; limit: number }, signal?: AbortSignal) =>
  get<ConsoleLines>(addressOf("api/console", query), signal);

/** In which of them something stands. */
export const findInConsole = (
  query: { run: number; q?: string; errors?: boolean; start?: number },
  signal?: AbortSignal,
) => get<ConsoleFound>(addressOf("api/console/found", query), signal);

/** The embeddings beside a run's event files. */
export const fetchEmbeddings = (run: number, signal?: AbortSignal) =>
  get<EmbeddingList>(addressOf("api/embeddings", { run }), signal);

/** The points of one, as numbers. */
export const fetchPoints = (run: number, name: string, signal?: AbortSignal) =>
  getPacked<EmbeddingPoints>(addressOf("api/embedding", { run, name }), signal);

/** What is told of every `stride`-th of its points. */
export const fetchLabels = (
  query: { run: number; name: string; stride: number; points: number },
  signal?: AbortSignal,
) => getPacked<EmbeddingLabels>(addressOf("api/labels", query), signal);

/** The address of a file that a run's list of embeddings names. */
export const fileAddress = (run: number, path: string) => addressOf("api/file", { run, path });

export const fetchMarks = () => get<MarkList>("api/marks");

/** Say something of runs, or save or drop a view. */
export async function editMarks(edit: Partial<MarkEdit>): Promise<MarkList> {
  const response = await answered("api/marks", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(edit),
  });
  return response.json();
}

/** The charts, in the order asked, each as soon as it has arrived. */
export async function* fetchSeries(
  charts: ChartRequest[],
  signal: AbortSignal,
): AsyncGenerator<ChartColumns> {
  const body = { charts } satisfies SeriesRequest;
  for await (const frame of postFrames("api/series", body, signal)) yield decodeChart(frame);
}

/** An answer in frames, each as soon as it has arrived. */
export async function* postFrames(
  address: string,
  body: unknown,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const response = await answered(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.body) throw new Error("an answer without a body");
  const splitter = new FrameSplitter();
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    yield* splitter.push(part.value);
  }
  if (!splitter.atBoundary) throw new Error("the answer was cut off");
}

/** All points of what the charts draw, as CSV. */
export async function fetchTable(charts: ChartRequest[]): Promise<Blob> {
  const response = await answered("api/points", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ charts } satisfies SeriesRequest),
  });
  return response.blob();
}

const RETRY_MS = 1000;

/** Follow the server's changes until the returned function is called. Reconnects by itself. */
export function followChanges(onChange: (change: Change) => void, onLost: () => void): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = () => {
    source = new EventSource("api/changes");
    source.onmessage = (event) => onChange(JSON.parse(event.data));
    source.onerror = () => {
      onLost();
      source.close(); // the browser's own retry is slow and gives up on some answers
      timer = setTimeout(open, RETRY_MS);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

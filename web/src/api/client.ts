/** Requests to the server, all relative: the page may live below any path. */

import { type ChartColumns, decodeChart } from "./columns";
import { FrameSplitter } from "./frames";
import type { Change, ChartRequest, Overview, SeriesRequest } from "./types";

export async function fetchOverview(): Promise<Overview> {
  const response = await fetch("api/overview", { cache: "no-cache" });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.json();
}

/** The charts, in the order asked, each as soon as it has arrived. */
export async function* fetchSeries(
  charts: ChartRequest[],
  signal: AbortSignal,
): AsyncGenerator<ChartColumns> {
  const response = await fetch("api/series", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ charts } satisfies SeriesRequest),
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const splitter = new FrameSplitter();
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    for (const frame of splitter.push(part.value)) yield decodeChart(frame);
  }
  if (!splitter.atBoundary) throw new Error("the answer was cut off");
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

/** Works out projections beside the page. One job a worker: who wants another one ends it. */

import { fuzzy, perplexed } from "./affinity";
import { graphOf } from "./graph";
import { pca } from "./pca";
import { normalised, prepared } from "./points";
import type { Job, News, Order } from "./projector";
import { Tsne } from "./tsne";
import { Umap } from "./umap";

/** Dimensions that layouts are made from: more of them are noise, and time. */
const REDUCED = 50;
const TSNE_STEPS = 1000;
/** Between two looks at what the page says; layouts of few points make many steps in it. */
const SLICE_MS = 40;

let running = true;
let wake: () => void = () => {};

const tell = (news: News, transfer: Transferable[] = []) => postMessage(news, { transfer });

self.onmessage = (event: MessageEvent<Order>) => {
  const order = event.data;
  if (order.kind === "pause") running = false;
  else if (order.kind === "resume") {
    running = true;
    wake();
  } else
    work(order).catch((error) =>
      tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) }),
    );
};

async function work(job: Job): Promise<void> {
  const { points, broken } = prepared(job.points, job.preparation);
  if (job.method === "pca") {
    const { count, scores, explained } = pca(points);
    tell({ kind: "components", count, scores, explained, broken }, [scores.buffer as ArrayBuffer]);
    return;
  }
  const started = job.start ?? startOf(pca(points, job.dimensions), points.count, job.dimensions);
  const first = inSpace(started, job.dimensions);
  tell({ kind: "layout", positions: first, iteration: 0, total: 1, broken }, [first.buffer]); // to be seen meanwhile
  let reduced = job.metric === "cosine" ? normalised(points) : points;
  if (reduced.dimensions > REDUCED * 2) {
    tell({ kind: "phase", phase: "reducing", part: 0 });
    const { count, scores } = pca(reduced, REDUCED);
    reduced = { count: points.count, dimensions: count, values: scores };
  }
  const wanted = job.method === "umap" ? job.neighbours : Math.ceil(job.neighbours * 3);
  const most = points.count > 20_000 ? 48 : 150;
  const graph = graphOf(reduced, Math.min(wanted, most), (part) =>
    tell({ kind: "phase", phase: "neighbours", part }),
  );
  const layout =
    job.method === "umap"
      ? new Umap(fuzzy(graph), started, job.dimensions)
      : new Tsne(perplexed(graph, job.neighbours), started, job.dimensions);
  const total = layout instanceof Umap ? layout.epochs : TSNE_STEPS;
  while (layout.iteration < total) {
    if (!running)
      await new Promise<void>((go) => {
        wake = go;
      });
    const until = performance.now() + SLICE_MS;
    do layout.step();
    while (performance.now() < until && layout.iteration < total);
    const positions = inSpace(layout.positions, job.dimensions);
    tell({ kind: "layout", positions, iteration: layout.iteration, total, broken }, [
      positions.buffer as ArrayBuffer,
    ]);
    await new Promise((go) => setTimeout(go)); // so that orders are heard
  }
}

/** The first components of each point; where there are fewer, nothing. */
function startOf(
  { count, scores }: { count: number; scores: Float32Array },
  points: number,
  dimensions: number,
) {
  const start = new Float32Array(points * dimensions);
  for (let i = 0; i < points; i++)
    for (let k = 0; k < dimensions; k++) start[i * dimensions + k] = k < count ? scores[i * count + k] : 0;
  return start;
}

function inSpace(positions: Float32Array, dimensions: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array((positions.length / dimensions) * 3);
  for (let i = 0, at = 0; at < positions.length; i += 3, at += dimensions)
    for (let k = 0; k < dimensions; k++) out[i + k] = positions[at + k];
  return out;
}

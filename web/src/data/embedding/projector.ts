/** Asks a worker for projections, one at a time. */

import type { Metric, Points, Preparation } from "./points";

export type Method = "pca" | "tsne" | "umap";

export interface Job {
  kind: "job";
  method: Method;
  points: Points;
  preparation: Preparation;
  metric: Metric;
  dimensions: 2 | 3;
  /** t-SNE's perplexity, or UMAP's neighbours. */
  neighbours: number;
  /** Where a layout begins; the principal components when it is left out. */
  start?: Float32Array;
}

export type Order = Job | { kind: "pause" } | { kind: "resume" };

export type News =
  | { kind: "components"; count: number; scores: Float32Array; explained: number[]; broken: number }
  | { kind: "phase"; phase: "reducing" | "neighbours"; part: number }
  /** Three numbers a point, also of two dimensions. */
  | { kind: "layout"; positions: Float32Array; iteration: number; total: number; broken: number }
  | { kind: "failed"; reason: string };

export class Projector {
  #worker: Worker | null = null;

  /** Begin, and give up what was begun before. */
  start(job: Omit<Job, "kind">, told: (news: News) => void): void {
    this.stop();
    const worker = new Worker(new URL("./projector.worker.ts", import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.onmessage = (event: MessageEvent<News>) => {
      if (worker === this.#worker) told(event.data);
    };
    worker.onerror = (event) => {
      if (worker === this.#worker) told({ kind: "failed", reason: event.message });
    };
    worker.postMessage({ kind: "job", ...job } satisfies Order);
  }

  pause(): void {
    this.#worker?.postMessage({ kind: "pause" } satisfies Order);
  }

  resume(): void {
    this.#worker?.postMessage({ kind: "resume" } satisfies Order);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

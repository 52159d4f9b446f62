/** Asks a worker which names expressions fit, and does not wait for ever. */

import type { Fitting } from "./patterns";

const PATIENCE_MS = 3000;

/** An error when it takes too long. */
export function matching(
  patterns: readonly string[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<Fitting> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./patterns.worker.ts", import.meta.url), { type: "module" });
    const end = () => {
      clearTimeout(timer);
      worker.terminate();
    };
    const fail = (reason: string) => {
      end();
      reject(new Error(reason));
    };
    const timer = setTimeout(() => fail("a regular expression takes too long"), PATIENCE_MS);
    signal.addEventListener("abort", () => fail("aborted"));
    worker.onmessage = (event: MessageEvent<Fitting>) => {
      end();
      resolve(event.data);
    };
    worker.onerror = (event) => fail(event.message || "the worker could not be started");
    worker.postMessage({ patterns, names });
  });
}

/** A chart as a file. What makes the files is loaded when one is wanted. */

import type { Dashboard } from "../../data/dashboard.svelte";
import type { Chart } from "./chart.svelte";

export type ExportFormat = "png" | "svg" | "csv";

export async function exportChart(
  board: Dashboard,
  chart: Chart,
  title: string,
  format: ExportFormat,
): Promise<void> {
  const { fileOf } = await import("./sheets");
  save(await fileOf(board, chart, title, format), `${fileName(title)}.${format}`);
}

/** Fit for any file system. */
function fileName(title: string): string {
  return (
    title
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")
      .replace(/^[-.]+/, "")
      .slice(0, 80) || "chart"
  );
}

function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

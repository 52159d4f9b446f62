/** What a person chose in the view of hyperparameters, as the address has it. */

import type { Brushes } from "../../charts/parallel";
import type { Dashboard } from "../../data/dashboard.svelte";
import { readKeys } from "../../data/grouping";

export const MODES = ["parallel", "table", "scatter", "importance"] as const;
export const OFS = ["last", "min", "max", "step"] as const;

export interface Choice {
  mode: (typeof MODES)[number];
  /** "" is the one that the view thinks of. */
  metric: string;
  of: (typeof OFS)[number];
  step: number;
  /** None: those that the view thinks of. */
  keys: readonly string[];
  brushes: Brushes;
  /** The column that the table is sorted by; with "-" the greatest first. */
  sort: string;
}

export function readChoice(board: Dashboard): Choice {
  const of = (name: string, options: readonly string[]) => options.find((one) => one === name) ?? options[0];
  const step = Number(board.param("hparams.step"));
  return {
    mode: of(board.param("hparams.mode"), MODES) as Choice["mode"],
    metric: board.param("hparams.metric"),
    of: of(board.param("hparams.of"), OFS) as Choice["of"],
    step: Number.isFinite(step) ? step : 0,
    keys: readKeys(board.param("hparams.keys")),
    brushes: readBrushes(board.param("hparams.brush")),
    sort: board.param("hparams.sort") || "metric",
  };
}

/** "0.1~0.5 config.lr" one a line. */
export function writeBrushes(brushes: Brushes): string {
  return Object.entries(brushes)
    .map(([column, [low, high]]) => `${low.toFixed(3)}~${high.toFixed(3)} ${column}`)
    .join("\n");
}

export function readBrushes(text: string): Brushes {
  const found: Record<string, readonly [number, number]> = {};
  for (const line of text.split("\n")) {
    const [, low, high, column] = line.match(/^([\d.]+)~([\d.]+) (.+)$/) ?? [];
    if (column && Number(low) <= Number(high)) found[column] = [Number(low), Number(high)];
  }
  return found;
}

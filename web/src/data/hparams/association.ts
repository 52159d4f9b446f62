/** How closely a metric goes with a setting, over runs: by ranks, so that neither scale nor single runs decide. */

import { random, shuffle } from "../random";
import type { Column } from "./column";

export interface Association {
  column: Column;
  /** Share of the variance of the metric's ranks that the setting accounts for alone, 0 to 1. */
  share: number;
  /** Of numbers: 1 when the metric grows with it, −1 when it falls; 0 of categories, and where the middle is best. */
  direction: 1 | -1 | 0;
  /** The share that only one in twenty settings reaches that have nothing to do with the metric. */
  chance: number;
  /** Runs that have both. */
  runs: number;
}

/** With fewer runs a single one decides. */
export const FEWEST = 8;
/** A number is looked at in so many parts of as many runs, too: the best learning rate lies in the middle. */
const PARTS = 4;
const SHUFFLES = 400;

/**
 * Of categories, η² of the ranks: the share between the groups, as in Kruskal and Wallis's test. Of numbers, Spearman's
 * ρ² or η² of four groups by size, whichever is more. `chance` is the 95th percentile under permutations of the metric. Strongest first; settings with fewer than
 * `FEWEST` runs or without a difference are left out. It says what goes together, not what causes what.
 */
export function associations(settings: readonly Column[], metric: Column): Association[] {
  const found = settings.map((column) => associate(column, metric)).filter((one) => one !== null);
  return found.sort((a, b) => b.share - b.chance - (a.share - a.chance));
}

export function associate(column: Column, metric: Column): Association | null {
  const both = column.values
    .map((value, run) => ({ value, result: metric.values[run] }))
    .filter((one) => one.value !== null && typeof one.result === "number");
  if (both.length < FEWEST || new Set(both.map(({ value }) => value)).size < 2) return null;
  const results = ranks(both.map(({ result }) => result as number));
  const settings = column.categories === null ? ranks(both.map(({ value }) => value as number)) : null;
  const groups = settings
    ? settings.map((rank) => String(Math.floor(((rank - 0.5) / both.length) * PARTS)))
    : both.map(({ value }) => String(value));
  const monotone = (of: readonly number[]) => (settings ? correlation(settings, of) ** 2 : 0);
  const shareOf = (of: readonly number[]) => Math.max(monotone(of), between(groups, of));
  const next = random(both.length);
  const shuffled = Array.from({ length: SHUFFLES }, () => shareOf(shuffle([...results], next))).sort(
    (a, b) => a - b,
  );
  return {
    column,
    share: shareOf(results),
    direction: settings && monotone(results) >= between(groups, results) / 2 ? sign(settings, results) : 0,
    chance: shuffled[Math.floor(0.95 * SHUFFLES)],
    runs: both.length,
  };
}

const sign = (a: readonly number[], b: readonly number[]) => (correlation(a, b) < 0 ? -1 : 1);

/** 1 for the least; equal numbers share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Array<number>(values.length);
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && values[order[end]] === values[order[i]]) end++;
    for (let k = i; k < end; k++) found[order[k]] = (i + end + 1) / 2;
    i = end;
  }
  return found;
}

/** Pearson's; 0 when one of them does not vary. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Sum of squares between groups over that of all. */
export function between(groups: readonly string[], values: readonly number[]): number {
  const sums = new Map<string, { n: number; sum: number }>();
  for (const [i, group] of groups.entries()) {
    const one = sums.get(group) ?? { n: 0, sum: 0 };
    sums.set(group, { n: one.n + 1, sum: one.sum + values[i] });
  }
  const all = mean(values);
  const total = values.reduce((sum, value) => sum + (value - all) ** 2, 0);
  let within = 0;
  for (const { n, sum } of sums.values()) within += n * (sum / n - all) ** 2;
  return total > 0 ? within / total : 0;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** In which order runs stand in a table, and in which groups. */

import { compareNames } from "./names";

export type Sortable = string | number | null;

/**
 * `ids` by their values; equal ones keep their order, and those without a value come last whichever way it goes.
 * Of numbers and texts in one column, numbers come first.
 */
export function sortBy(ids: readonly number[], value: (id: number) => Sortable, down: boolean): number[] {
  const numbers: { id: number; value: number }[] = [];
  const texts: { id: number; value: string }[] = [];
  const missing: number[] = [];
  for (const id of ids) {
    const one = value(id);
    if (one === null || (typeof one === "number" && Number.isNaN(one))) missing.push(id);
    else if (typeof one === "number") numbers.push({ id, value: one });
    else texts.push({ id, value: one });
  }
  const sign = down ? -1 : 1;
  numbers.sort((a, b) => sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
  texts.sort((a, b) => sign * compareNames(a.value, b.value));
  const present = down ? [...texts, ...numbers] : [...numbers, ...texts];
  return [...present.map((one) => one.id), ...missing];
}

/** Those that people pinned first; otherwise as they are. */
export function pinnedFirst(ids: readonly number[], isPinned: (id: number) => boolean): number[] {
  const pinned = ids.filter(isPinned);
  return pinned.length === 0 ? [...ids] : [...pinned, ...ids.filter((id) => !isPinned(id))];
}

export interface RunGroup {
  key: string;
  /** In the order of what they are grouped by. */
  values: string[];
  runs: number[];
}

/** In the order of their first runs. */
export function groupRuns(ids: readonly number[], valuesOf: (id: number) => string[]): RunGroup[] {
  const groups = new Map<string, RunGroup>();
  for (const id of ids) {
    const values = valuesOf(id);
    const key = values.join("\u0000");
    const group = groups.get(key);
    if (group) group.runs.push(id);
    else groups.set(key, { key, values, runs: [id] });
  }
  return [...groups.values()];
}

/** The rows of a list: of groups, and of the runs of those that are open. */
export type Item = { kind: "run"; run: number } | { kind: "group"; group: RunGroup; open: boolean };

export function itemsOf(groups: readonly RunGroup[], isOpen: (key: string) => boolean): Item[] {
  const items: Item[] = [];
  for (const group of groups) {
    const open = isOpen(group.key);
    items.push({ kind: "group", group, open });
    if (open) for (const run of group.runs) items.push({ kind: "run", run });
  }
  return items;
}

/** The order that a person is looking at, with new runs at its end and without those that went. */
export function heldOrder(held: readonly number[], now: readonly number[]): number[] {
  const there = new Set(now);
  const before = new Set(held);
  return [...held.filter((id) => there.has(id)), ...now.filter((id) => !before.has(id))];
}

/** Which run a page is about, by the short name in its address. */

import { shortName } from "./names";

interface Named {
  id: number;
  name: string;
}

export function runNamed(runs: readonly Named[], short: string): Named | null {
  return runs.find((run) => shortName(run.name) === short) ?? null;
}

/** The runs of "a1b2c3d4.e5f6a7b8", in that order, without those that are not there; each once. */
export function runsNamed(runs: readonly Named[], shorts: string): Named[] {
  const found = [...new Set(shorts.split(".").filter(Boolean))].map((short) => runNamed(runs, short));
  return found.filter((run) => run !== null);
}

/** A filter that lets these runs through and no others. */
export function filterOf(names: readonly string[]): string {
  return `name in [${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(", ")}]`;
}

/** What a picker lists: runs whose names have all of the words in them, as many as can be read. */
export function candidates(
  runs: readonly Named[],
  text: string,
  most: number,
): { found: Named[]; more: number } {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = runs.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  return { found: all.slice(0, most), more: Math.max(0, all.length - most) };
}

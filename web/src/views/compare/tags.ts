/** The scalar tags of a comparison: what most of the runs have in common first, in the order that says most. */

import type { TagInfo } from "../../api/types";
import { keyTags } from "../../data/keytags";

/** `least`: how many of the runs must have it. */
export function commonTags(tags: readonly TagInfo[], runs: readonly number[], least: number): string[] {
  const found = tags.filter((tag) => runs.filter((run) => tag.runs.includes(run)).length >= least);
  return keyTags(
    found.map((tag) => tag.name),
    found.length,
  );
}

export function searched(tags: readonly string[], text: string): string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tags.filter((tag) => words.every((word) => tag.toLowerCase().includes(word)));
}

/** Tags grouped by what stands before the first `/`. */

import type { TagInfo } from "../api/types";
import { compareNames } from "./names";

export interface Section {
  /** Prefix of its tags; "" for tags without one. */
  name: string;
  tags: TagInfo[];
}

/** As `groupTags` wants them. Comparing names as people do is slow, so it is done once for all tags. */
export function sortTags(tags: readonly TagInfo[]): TagInfo[] {
  return [...tags].sort((a, b) => tagRank(a.name) - tagRank(b.name) || compareNames(a.name, b.name));
}

/** `tags`: sorted. */
export function groupTags(tags: readonly TagInfo[]): Section[] {
  const byName = new Map<string, TagInfo[]>();
  for (const tag of tags) {
    const name = prefix(tag.name);
    const group = byName.get(name);
    if (group) group.push(tag);
    else byName.set(name, [tag]);
  }
  const sections = [...byName].map(([name, group]) => ({ name, tags: group }));
  return sections.sort((a, b) => rank(a.name) - rank(b.name) || compareNames(a.name, b.name));
}

function prefix(tag: string): string {
  const slash = tag.indexOf("/");
  return slash > 0 ? tag.slice(0, slash) : "";
}

/** What everybody looks at first. */
function tagRank(tag: string): number {
  return /(^|[^a-z])loss([^a-z]|$)/i.test(tag) ? 0 : 1;
}

/** Training first, then how it does on other data; tags without a prefix before the rest. */
function rank(section: string): number {
  if (/^train/i.test(section)) return 0;
  if (/^(eval|val|valid|test)/i.test(section)) return 1;
  return section === "" ? 2 : 3;
}

/** A tag as a chart of that section is titled. */
export function title(tag: string, section: string): string {
  return section !== "" && tag.startsWith(`${section}/`) ? tag.slice(section.length + 1) : tag;
}

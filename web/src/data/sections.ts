/** Charts by sections: what is pinned, what people made, then the tags by what stands before the first `/`. */

import type { TagInfo } from "../api/types";
import { sortByName } from "./names";
import type { Move } from "./workspace";

/** No tag's prefix has a slash. */
export const PINNED = "/pinned";
export const MADE = "/made";

export interface Section {
  /** Prefix of its tags; "" for tags without one. */
  name: string;
  /** Of its charts. */
  ids: readonly string[];
}

export interface TagGroup {
  name: string;
  tags: readonly TagInfo[];
}

/** As `groupTags` wants them. */
export function sortTags(tags: readonly TagInfo[]): TagInfo[] {
  return sortByName(tags, (tag) => tag.name, tagRank);
}

/** `tags`: sorted. */
export function groupTags(tags: readonly TagInfo[]): TagGroup[] {
  const byName = new Map<string, TagInfo[]>();
  for (const tag of tags) {
    const name = prefix(tag.name);
    const group = byName.get(name);
    if (group) group.push(tag);
    else byName.set(name, [tag]);
  }
  const groups = [...byName].map(([name, group]) => ({ name, tags: group }));
  return sortByName(groups, (group) => group.name, rank);
}

/** The groups with what people moved where they moved it; one move after the other. */
export function reorder(groups: readonly TagGroup[], moves: readonly Move[]): readonly TagGroup[] {
  if (moves.length === 0) return groups;
  return groups.map((group) => {
    const own = moves.filter((move) => prefix(move.id) === group.name);
    if (own.length === 0) return group;
    const tags = [...group.tags];
    for (const { id, before } of own) {
      const from = tags.findIndex((tag) => tag.name === id);
      if (from < 0) continue;
      const [moved] = tags.splice(from, 1);
      const to = before === "" ? tags.length : tags.findIndex((tag) => tag.name === before);
      tags.splice(to < 0 ? from : to, 0, moved);
    }
    return { name: group.name, tags };
  });
}

/** The groups without the tags that are not to be kept; none is empty. */
export function keepTags(groups: readonly TagGroup[], isKept: (tag: TagInfo) => boolean): TagGroup[] {
  return groups
    .map(({ name, tags }) => ({ name, tags: tags.filter(isKept) }))
    .filter(({ tags }) => tags.length > 0);
}

/** What of the groups is seen. `pinned` and `made`: the charts that are seen of them, in their order. */
export function sectionsOf(
  groups: readonly TagGroup[],
  pinned: readonly string[],
  made: readonly string[],
  elsewhere: ReadonlySet<string>,
  matches: (tag: string) => boolean,
): Section[] {
  const sections: Section[] = [
    { name: PINNED, ids: pinned },
    { name: MADE, ids: made },
  ];
  for (const { name, tags } of groups) {
    const ids: string[] = [];
    for (const tag of tags) if (matches(tag.name) && !elsewhere.has(tag.name)) ids.push(tag.name);
    sections.push({ name, ids });
  }
  return sections.filter((section) => section.ids.length > 0);
}

/** The section of a tag. */
export function prefix(tag: string): string {
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

/** The tags of one kind of data, with the runs that have each. */

import { untrack } from "svelte";
import { fetchTags } from "../api/client";
import type { TagInfo } from "../api/types";
import type { Dashboard } from "./dashboard.svelte";
import { Live } from "./live.svelte";
import { compareNames } from "./names";

/** As many as the server gives at once. */
const PAGE = 10_000;

/** To be made while a component is. Asked for again when runs or tags came or went. */
export function kindTags(board: Dashboard, kind: string): Live<TagInfo[]> {
  return new Live(() => {
    board.outline; // tracked: another one is other tags
    return {
      key: `${board.epoch} ${kind}`,
      revision: untrack(() => board.revision),
      fetch: (signal) => allTags(kind, signal),
    };
  });
}

async function allTags(kind: string, signal: AbortSignal): Promise<TagInfo[]> {
  const tags: TagInfo[] = [];
  for (let total = 1; tags.length < total; ) {
    const page = await fetchTags({ kind, ids: true, start: tags.length, limit: PAGE }, signal);
    if (page.tags.length === 0) break;
    tags.push(...page.tags.map(({ name, ids }) => ({ name, runs: ids ?? [] })));
    total = page.total;
  }
  return tags.sort((a, b) => compareNames(a.name, b.name));
}

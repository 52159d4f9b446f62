/** What is to be said of runs, and how it is taken back: pure; `markedits.svelte.ts` does it. */

import type { Mark } from "../api/types";

export type Fields = { -readonly [K in keyof Mark]?: Mark[K] };

/** The same of several runs. */
export interface Change {
  runs: number[];
  fields: Fields;
}

/** Different runs may need different things said of them; those that need the same are one change. */
export function changesOf(runs: readonly number[], fieldsOf: (run: number) => Fields | null): Change[] {
  const changes = new Map<string, Change>();
  for (const run of runs) {
    const fields = fieldsOf(run);
    if (!fields) continue;
    const key = JSON.stringify(fields);
    const change = changes.get(key);
    if (change) change.runs.push(run);
    else changes.set(key, { runs: [run], fields });
  }
  return [...changes.values()];
}

/** Set fields, of the runs of which they are not so already. */
export function setting(runs: readonly number[], markOf: (run: number) => Mark, fields: Fields): Change[] {
  return changesOf(runs, (run) => (holds(markOf(run), fields) ? null : fields));
}

/** Add and take away tags; others stay. */
export function tagging(
  runs: readonly number[],
  markOf: (run: number) => Mark,
  add: readonly string[],
  remove: readonly string[],
): Change[] {
  return changesOf(runs, (run) => {
    const before = markOf(run).tags;
    const tags = [...new Set([...before, ...add])].filter((tag) => !remove.includes(tag));
    return same(tags, before) ? null : { tags };
  });
}

/** What takes `changes` back, as the marks are now. */
export function inverseOf(changes: readonly Change[], markOf: (run: number) => Mark): Change[] {
  return changes.flatMap(({ runs, fields }) =>
    changesOf(runs, (run) => {
      const mark = markOf(run);
      return Object.fromEntries(Object.keys(fields).map((key) => [key, mark[key as keyof Mark]])) as Fields;
    }),
  );
}

/** Of `inverse`, what may be done: somebody else may have said something else since `done`. */
export function stillOurs(
  inverse: readonly Change[],
  done: readonly Change[],
  markOf: (run: number) => Mark,
): Change[] {
  const said = new Map(done.flatMap(({ runs, fields }) => runs.map((run) => [run, fields])));
  return inverse.flatMap(({ runs, fields }) => {
    const ours = runs.filter((run) => holds(markOf(run), said.get(run) ?? {}));
    return ours.length === 0 ? [] : [{ runs: ours, fields }];
  });
}

export const runsOf = (changes: readonly Change[]): number =>
  new Set(changes.flatMap((change) => change.runs)).size;

function holds(mark: Mark, fields: Fields): boolean {
  return Object.entries(fields).every(([key, value]) => same(mark[key as keyof Mark], value));
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** Which rows are chosen, as lists do it everywhere: a click, with Ctrl and with Shift, and the arrows. */

export interface RowSelection {
  readonly chosen: ReadonlySet<number>;
  /** Where the keyboard is. */
  readonly cursor: number | null;
  /** From where Shift reaches. */
  readonly anchor: number | null;
}

export const NOTHING_CHOSEN: RowSelection = { chosen: new Set(), cursor: null, anchor: null };

export interface How {
  /** Ctrl or ⌘: one more, or one less. */
  toggle?: boolean;
  /** Shift: all from the anchor. */
  range?: boolean;
}

/** The row of `run` is clicked, or reached by the keyboard. `runs`: all that there are, in their order. */
export function choose(
  selection: RowSelection,
  runs: readonly number[],
  run: number,
  how: How = {},
): RowSelection {
  if (how.range) {
    const anchor = selection.anchor ?? selection.cursor ?? run;
    const [from, to] = [runs.indexOf(anchor), runs.indexOf(run)].sort((a, b) => a - b);
    const reached = from < 0 ? [run] : runs.slice(from, to + 1);
    const chosen = how.toggle ? new Set([...selection.chosen, ...reached]) : new Set(reached);
    return { chosen, cursor: run, anchor: from < 0 ? run : anchor };
  }
  if (!how.toggle) return { chosen: new Set([run]), cursor: run, anchor: run };
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(run)) chosen.add(run);
  return { chosen, cursor: run, anchor: run };
}

export function chooseAll(selection: RowSelection, runs: readonly number[]): RowSelection {
  return { ...selection, chosen: new Set(runs) };
}

/** Without those that are not there any more. */
export function stillThere(selection: RowSelection, runs: ReadonlySet<number>): RowSelection {
  const { cursor, anchor } = selection;
  const all = [...selection.chosen, cursor, anchor].every((run) => run === null || runs.has(run));
  if (all) return selection;
  const kept = (run: number | null) => (run !== null && runs.has(run) ? run : null);
  return {
    chosen: new Set([...selection.chosen].filter((run) => runs.has(run))),
    cursor: kept(cursor),
    anchor: kept(anchor),
  };
}

/** The runs that an action on `run` means: all that are chosen, when it is one of them. */
export function meant(selection: RowSelection, run: number): number[] {
  return selection.chosen.has(run) ? [...selection.chosen] : [run];
}

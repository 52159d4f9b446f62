/** What the run table shows, in which columns and in which order, and which rows are chosen. */

import { untrack } from "svelte";
import { fetchConfigKeys } from "../../api/client";
import type { ConfigKey } from "../../api/types";
import {
  type Column,
  cellValue,
  columnOf,
  defaultColumns,
  NAME,
  NAME_WIDTH,
  NARROWEST,
  type RunFacts,
  readColumns,
  readSort,
  readWidths,
  WIDEST,
  widthOf,
  writeColumns,
  writeSort,
  writeWidths,
} from "../../data/columns";
import type { Dashboard } from "../../data/dashboard.svelte";
import { settingText } from "../../data/grouping";
import { Live } from "../../data/live.svelte";
import { marks } from "../../data/marks.svelte";
import { shortName } from "../../data/names";
import { NOTHING_CHOSEN, type RowSelection, stillThere } from "../../data/rowselection";
import {
  groupRuns,
  heldOrder,
  type Item,
  itemsOf,
  pinnedFirst,
  type Sortable,
  sortBy,
} from "../../data/runorder";
import { average } from "../../data/statistics";

/** An address for "no columns at all": an empty one means the default. */
const NO_COLUMNS = "-";

export interface Placed {
  column: Column;
  left: number;
  width: number;
}

/** To be made while a component is. */
export class RunTable {
  readonly board: Dashboard;
  selection = $state.raw<RowSelection>(NOTHING_CHOSEN);
  /** Somebody has the pointer in it: rows stay where they are. */
  held = $state(false);
  /** The width that a column is being dragged to. */
  dragged = $state.raw<{ id: string; width: number } | null>(null);
  #order = $state.raw<readonly number[]>([]);
  readonly #keys: Live<{ keys: ConfigKey[] }>;

  constructor(board: Dashboard) {
    this.board = board;
    this.#keys = new Live(() => ({
      key: String(board.epoch),
      revision: board.roster.revision,
      fetch: fetchConfigKeys,
    }));
    $effect.pre(() => {
      board.wanted = this.#wanted;
    });
    let asked = "";
    $effect.pre(() => {
      const now = this.#sorted;
      const cause = this.#cause;
      this.#order =
        this.held && cause === asked
          ? heldOrder(
              untrack(() => this.#order),
              now,
            )
          : now;
      asked = cause;
    });
    $effect.pre(() => {
      this.selection = stillThere(this.selection, new Set(this.#order));
    });
  }

  get configKeys(): readonly ConfigKey[] {
    return this.#keys.value?.keys ?? [];
  }

  readonly #columnsText = $derived.by(() => this.board.param("runs.columns"));
  readonly #differingKeys = $derived.by(() => {
    const runs = this.board.outline.runs.length;
    const telling = (key: ConfigKey) => key.values > 1 && (key.numeric || key.values < Math.max(3, runs / 2));
    return this.configKeys.filter(telling).map((key) => key.key);
  });
  /** Those that people chose, or the default ones. */
  readonly chosen: readonly Column[] = $derived.by(() =>
    this.#columnsText === ""
      ? defaultColumns(this.board.outline.tags, this.#differingKeys)
      : readColumns(this.#columnsText),
  );
  readonly isDefault = $derived.by(() => this.#columnsText === "");
  readonly differingOnly = $derived.by(() => this.board.param("runs.differing") === "1");
  readonly columns: readonly Column[] = $derived.by(() =>
    this.differingOnly ? this.chosen.filter((column) => !this.#isSame(column)) : this.chosen,
  );
  readonly #wanted = $derived.by(() => {
    const of = (kinds: readonly string[]) =>
      this.chosen.filter((column) => kinds.includes(column.kind)).map((column) => column.of);
    return { tags: [...new Set(of(["last", "min", "max", "curve"]))], config: of(["config"]) };
  });

  readonly #widthsText = $derived.by(() => this.board.param("runs.widths"));
  readonly #widths = $derived.by(() => readWidths(this.#widthsText));
  readonly nameWidth = $derived.by(() => this.#width(NAME, NAME_WIDTH));
  /** Where each column lies, right of the name. */
  readonly placed: readonly Placed[] = $derived.by(() => {
    let left = this.nameWidth;
    return this.columns.map((column) => {
      const width = this.#width(column.id, widthOf(column));
      left += width;
      return { column, left: left - width, width };
    });
  });
  readonly width = $derived.by(() => {
    const last = this.placed.at(-1);
    return last ? last.left + last.width : this.nameWidth;
  });

  readonly #sortText = $derived.by(() => this.board.param("runs.sort"));
  readonly sort = $derived.by(() => readSort(this.#sortText));
  /** What people changed: then rows move also under the pointer. */
  /** Rows that are held move when this changes: what was asked for, and that the columns for it are there. */
  readonly #cause = $derived.by(() => {
    const { settings, groupBy, withArchived, roster } = this.board;
    return `${this.#sortText} ${settings.filter} ${groupBy.join("|")} ${withArchived} ${roster.loading}`;
  });
  readonly #sorted = $derived.by(() => {
    const ids = this.board.listed.map((run) => run.id);
    const by = columnOf(this.sort.column);
    const down = this.sort.down;
    const sorted = by
      ? sortBy(ids, (run) => cellValue(by, this.facts(run)), down)
      : this.sort.column === NAME
        ? this.#byName(ids, down)
        : ids;
    const pinned = pinnedFirst(sorted, (run) => marks.of(this.#name(run)).pinned);
    return this.board.groupBy.length > 0 && by ? this.#byGroups(pinned, by, down) : pinned;
  });

  #byName(ids: readonly number[], down: boolean): number[] {
    const renamed = ids.some((run) => marks.of(this.#name(run)).name !== "");
    if (renamed) return sortBy(ids, (run) => this.board.titleOf(this.#name(run)), down);
    return down ? [...ids].reverse() : [...ids];
  }

  /** Groups by their means, where there are numbers; within, runs as they are. */
  #byGroups(ids: readonly number[], by: Column, down: boolean): number[] {
    const groups = groupRuns(ids, (run) => this.groupOf(run));
    const means = groups.map((group) => this.#meanOf(group.runs, by));
    if (means.every((mean) => mean === null)) return groups.flatMap((group) => group.runs);
    const order = sortBy(
      groups.map((_, i) => i),
      (i) => means[i],
      down,
    );
    return order.flatMap((i) => groups[i].runs);
  }

  #meanOf(runs: readonly number[], column: Column): Sortable {
    return average(this.numbers(runs, column))?.mean ?? null;
  }

  /** What there is of numbers in a column of these runs. */
  numbers(runs: readonly number[], column: Column): number[] {
    return runs
      .map((run) => cellValue(column, this.facts(run)))
      .filter((value): value is number => typeof value === "number" && Number.isFinite(value));
  }

  readonly groups = $derived.by(() => groupRuns(this.#order, (run) => this.groupOf(run)));
  readonly #closedText = $derived.by(() => this.board.param("runs.closed"));
  readonly closed: ReadonlySet<string> = $derived.by(
    () => new Set(this.#closedText.split(".").filter((key) => key !== "")),
  );
  /** Rows, of groups and of runs. */
  readonly items: readonly Item[] = $derived.by(() =>
    this.board.groupBy.length === 0
      ? this.#order.map((run): Item => ({ kind: "run", run }))
      : itemsOf(this.groups, (key) => !this.closed.has(shortName(key))),
  );
  /** The runs that there are rows of, in their order. */
  readonly runs: readonly number[] = $derived.by(() =>
    this.items.flatMap((item) => (item.kind === "run" ? [item.run] : [])),
  );

  groupOf(run: number): string[] {
    return this.board.groupBy.map((key) => settingText(this.board.settingOf(run, key)));
  }

  facts(run: number): RunFacts {
    const { board } = this;
    const name = this.#name(run);
    return {
      name,
      row: board.roster.rows.get(run),
      mark: marks.of(name),
      group: board.groupOf(run),
      tags: board.tagsOf(run),
      values: (tag) => board.roster.values.get(tag)?.get(run),
      setting: (key) => board.roster.setting(run, key),
    };
  }

  #name = (run: number) => this.board.names.get(run) ?? "";

  #isSame(column: Column): boolean {
    let first: string | number | null | undefined;
    for (const { id } of this.board.listed) {
      const value = cellValue(column, this.facts(id));
      if (first !== undefined && value !== first) return false;
      first = value;
    }
    return true;
  }

  #width(id: string, otherwise: number): number {
    return this.dragged?.id === id ? this.dragged.width : (this.#widths.get(id) ?? otherwise);
  }

  /** Sort by a column; by the same one again the other way round. */
  sortBy(column: string, down?: boolean): void {
    const same = this.sort.column === column;
    const other = same ? !this.sort.down : isBetterHigh(column);
    this.board.setParams({ "runs.sort": writeSort({ column, down: down ?? other }) });
  }

  show(columns: readonly Column[]): void {
    this.board.setParams({ "runs.columns": columns.length === 0 ? NO_COLUMNS : writeColumns(columns) });
  }

  toggle(column: Column): void {
    const others = this.chosen.filter((one) => one.id !== column.id);
    this.show(others.length < this.chosen.length ? others : [...others, column]);
  }

  has(column: Column): boolean {
    return this.chosen.some((one) => one.id === column.id);
  }

  /** Before the one that is at `to` of those shown; behind all when there is none. */
  move(id: string, to: number): void {
    const column = this.chosen.find((one) => one.id === id);
    if (!column) return;
    const before = this.columns.filter((one) => one.id !== id)[to];
    const others = this.chosen.filter((one) => one.id !== id);
    const at = before ? others.indexOf(before) : others.length;
    this.show([...others.slice(0, at), column, ...others.slice(at)]);
  }

  resize(id: string, width: number): void {
    const fitting = Math.min(WIDEST, Math.max(NARROWEST, width));
    this.dragged = null;
    this.board.setParams({ "runs.widths": writeWidths(new Map([...this.#widths, [id, fitting]])) });
  }

  fold(key: string): void {
    const short = shortName(key);
    const closed = new Set(this.closed);
    if (!closed.delete(short)) closed.add(short);
    this.#fold(closed);
  }

  foldAll(on: boolean): void {
    this.#fold(on ? new Set(this.groups.map((group) => shortName(group.key))) : new Set());
  }

  #fold(closed: ReadonlySet<string>): void {
    this.board.setParams({ "runs.closed": [...closed].join(".") });
  }
}

/** What is best comes first: the greatest of these columns, the least or the first of others. */
const isBetterHigh = (column: string) =>
  column.startsWith("max:") || ["started", "duration", "step", "points"].includes(column);

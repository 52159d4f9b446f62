/** The columns of the run table: which there are, what stands in them, and how an address keeps them. */

import type { Mark, RunRow, TagInfo } from "../api/types";
import { readKeys, type Setting, settingText, writeKeys } from "./grouping";
import type { Values } from "./roster.svelte";

export const FIELDS = ["state", "started", "duration", "step", "points", "group", "tags", "note"] as const;
export type Field = (typeof FIELDS)[number];
export type Statistic = "last" | "min" | "max";
export const STATISTICS: readonly Statistic[] = ["last", "min", "max"];

export type Column =
  | { id: string; kind: "field"; of: Field }
  | { id: string; kind: Statistic; of: string }
  | { id: string; kind: "curve"; of: string }
  | { id: string; kind: "config"; of: string };

/** What of a run its cells are made of. */
export interface RunFacts {
  name: string;
  row: RunRow | undefined;
  mark: Mark;
  group: string;
  tags: readonly string[];
  values(tag: string): Values | undefined;
  setting(key: string): Setting;
}

export const fieldColumn = (of: Field): Column => ({ id: of, kind: "field", of });
export const tagColumn = (kind: Statistic | "curve", of: string): Column => ({
  id: `${kind}:${of}`,
  kind,
  of,
});
export const configColumn = (of: string): Column => ({ id: `config:${of}`, kind: "config", of });

/** The column with this id; null for what is none. */
export function columnOf(id: string): Column | null {
  const field = FIELDS.find((one) => one === id);
  if (field) return fieldColumn(field);
  const colon = id.indexOf(":");
  const [kind, of] = [id.slice(0, colon), id.slice(colon + 1)];
  if (of === "" || colon < 0) return null;
  if (kind === "config") return configColumn(of);
  const known = ([...STATISTICS, "curve"] as const).find((one) => one === kind);
  return known ? tagColumn(known, of) : null;
}

export const readColumns = (text: string): Column[] =>
  [...new Set(readKeys(text))].map(columnOf).filter((column) => column !== null);
export const writeColumns = (columns: readonly Column[]): string =>
  writeKeys(columns.map((column) => column.id));

/** The name of the run is a column, too, always the first. */
export const NAME = "name";

export interface Sort {
  column: string;
  down: boolean;
}

export function readSort(text: string): Sort {
  const down = text.startsWith("-");
  return { column: text.slice(down ? 1 : 0) || NAME, down };
}
export const writeSort = ({ column, down }: Sort): string =>
  column === NAME && !down ? "" : `${down ? "-" : ""}${column}`;

/** What a cell has, for sorting and for averages: null where it has nothing. */
export function cellValue(column: Column, run: RunFacts): string | number | null {
  if (column.kind === "config") return settingValue(run.setting(column.of));
  if (column.kind === "curve") return run.values(column.of)?.last ?? null;
  if (column.kind !== "field") return run.values(column.of)?.[column.kind] ?? null;
  switch (column.of) {
    case "state":
      return run.row?.state ?? null;
    case "started":
      return run.row?.started ?? null;
    case "duration":
      return durationOf(run.row);
    case "step":
      return run.row?.last_step ?? null;
    case "points":
      return run.row?.points ?? null;
    case "group":
      return run.group || null;
    case "tags":
      return run.tags.join(", ") || null;
    case "note":
      return run.mark.note.trim() || null;
  }
}

/** Numbers stay numbers, also those that a config has as text, so that they are sorted as such. */
function settingValue(value: Setting): string | number | null {
  if (typeof value === "number") return value;
  const text = settingText(value);
  if (text === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function durationOf(row: RunRow | undefined): number | null {
  if (!row || row.first_wall === null || row.last_wall === null) return null;
  return row.last_wall - row.first_wall;
}

/** Of these, numbers stand at the right and can be averaged. */
export const isNumeric = (column: Column): boolean =>
  column.kind === "field"
    ? ["duration", "step", "points"].includes(column.of)
    : column.kind !== "curve" && column.kind !== "config";

const WIDTHS: Partial<Record<string, number>> = {
  state: 104,
  started: 132,
  duration: 92,
  step: 88,
  points: 88,
  group: 120,
  tags: 150,
  note: 220,
  curve: 116,
  config: 100,
};
export const NAME_WIDTH = 260;
export const NARROWEST = 56;
export const WIDEST = 900;
export const widthOf = (column: Column): number =>
  WIDTHS[column.kind === "field" ? column.of : column.kind] ?? 120;

/** Widths that people dragged: column → pixels. */
export function readWidths(text: string): Map<string, number> {
  const widths = new Map<string, number>();
  for (const key of readKeys(text)) {
    const at = key.lastIndexOf("=");
    const width = Number(key.slice(at + 1));
    if (at > 0 && width >= NARROWEST && width <= WIDEST) widths.set(key.slice(0, at), width);
  }
  return widths;
}
export const writeWidths = (widths: ReadonlyMap<string, number>): string =>
  writeKeys([...widths].map(([id, width]) => `${id}=${Math.round(width)}`));

/** What the table shows until somebody chooses: how runs go, their first metrics, and what tells them apart. */
export function defaultColumns(tags: readonly TagInfo[], differing: readonly string[]): Column[] {
  const first = tags.slice(0, 3).map((tag) => tag.name);
  return [
    fieldColumn("state"),
    ...first.slice(0, 1).map((tag) => tagColumn("curve", tag)),
    ...first.map((tag) => tagColumn("last", tag)),
    ...differing.slice(0, 5).map(configColumn),
    fieldColumn("started"),
    fieldColumn("duration"),
    fieldColumn("step"),
    fieldColumn("tags"),
    fieldColumn("note"),
  ];
}

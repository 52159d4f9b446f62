/** Tables that were logged: rows of cells, found, sorted and matched with those of another step or run. */

export type Cell = string | number | boolean | null | { image: number };
export type Row = readonly Cell[];

export interface TableValue {
  kind: "table";
  /** `type`: text, number, bool, image or mixed. */
  columns: readonly { name: string; type: string }[];
  rows: readonly Row[];
}

export interface TextValue {
  kind: "text";
  shape: readonly number[];
  /** In one row, whatever the shape. */
  strings: readonly string[];
  html: boolean;
}

export const isTable = (value: unknown): value is TableValue => kindOf(value) === "table";
export const isText = (value: unknown): value is TextValue => kindOf(value) === "text";

const kindOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "kind" in value ? value.kind : null;

/** What it says, and what it is called by; "" for pictures and nothing. NaN and infinities come as texts. */
export const cellText = (cell: Cell | undefined): string =>
  cell === null || cell === undefined || typeof cell === "object" ? "" : String(cell);

/** Names that people give to what a row is about. */
const KEYS =
  /^(prompt|question|input|query|instruction|problem|task|source|context|name|key|id|example|sample)/i;

/** The column whose cells name the rows: the one wanted, else one that is called like that, else the first text. */
export function keyColumn(columns: TableValue["columns"], wanted: string): number {
  const found = [
    columns.findIndex(({ name }) => name === wanted),
    columns.findIndex(({ name, type }) => type === "text" && KEYS.test(name)),
    columns.findIndex(({ name, type }) => type !== "image" && KEYS.test(name)),
    columns.findIndex(({ type }) => type === "text"),
  ];
  return found.find((at) => at >= 0) ?? 0;
}

/** By a column; `delta`: by how much its numbers changed, where two tables are compared. */
export interface Order {
  column: string;
  descending: boolean;
}

/** "score" ascending, "-score" descending. */
export const readOrder = (text: string): Order | null =>
  text ? { column: text.replace(/^-/, ""), descending: text.startsWith("-") } : null;

export const writeOrder = (order: Order | null): string =>
  order ? `${order.descending ? "-" : ""}${order.column}` : "";

/** What a click on a column's head does: numbers from above, then from below, then as they were. */
export function nextOrder(order: Order | null, column: string): Order | null {
  if (order?.column !== column) return { column, descending: true };
  return order.descending ? { column, descending: false } : null;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Numbers before texts, nothing last whichever way. */
export function compareCells(a: Cell | undefined, b: Cell | undefined, descending = false): number {
  const [x, y] = [rank(a), rank(b)];
  if (x !== y) return x - y;
  const sign = descending ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * collator.compare(cellText(a), cellText(b));
}

const rank = (cell: Cell | undefined): number =>
  typeof cell === "number" ? 0 : cell === null || cell === undefined || typeof cell === "object" ? 2 : 1;

/** The places of those rows that `test` lets through, in an order. */
export function arranged(
  table: TableValue,
  test: ((row: Row) => boolean) | null,
  order: Order | null,
): number[] {
  let places = table.rows.map((_, i) => i);
  if (test) places = places.filter((i) => test(table.rows[i]));
  const at = order ? table.columns.findIndex(({ name }) => name === order.column) : -1;
  if (order && at >= 0)
    places.sort((a, b) => compareCells(table.rows[a][at], table.rows[b][at], order.descending) || a - b);
  return places;
}

/** The least and greatest number of each column; null where there is none. */
export function ranges(table: TableValue): ([number, number] | null)[] {
  return table.columns.map((_, at) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of table.rows) {
      const cell = row[at];
      if (typeof cell !== "number") continue;
      low = Math.min(low, cell);
      high = Math.max(high, cell);
    }
    return low <= high ? [low, high] : null;
  });
}

/** The same row of two tables. Null where one does not have it. */
export interface Pair {
  key: string;
  before: Row | null;
  after: Row | null;
}

/**
 * Rows of two tables whose cells in the key columns are equal, in the order of `after`, then what it lacks. Of rows that
 * are called the same, the first is that of the first, and so on.
 */
export function matched(before: TableValue, beforeKey: number, after: TableValue, afterKey: number): Pair[] {
  const waiting = new Map<string, Row[]>();
  for (const row of before.rows) {
    const key = cellText(row[beforeKey]);
    const same = waiting.get(key);
    if (same) same.push(row);
    else waiting.set(key, [row]);
  }
  for (const rows of waiting.values()) rows.reverse();
  const pairs: Pair[] = after.rows.map((row) => {
    const key = cellText(row[afterKey]);
    return { key, before: waiting.get(key)?.pop() ?? null, after: row };
  });
  for (const [key, rows] of waiting)
    for (const row of rows.reverse()) pairs.push({ key, before: row, after: null });
  return pairs;
}

/** Whether the cells of two rows differ, by the names of their columns. */
export function differs(pair: Pair, before: TableValue, after: TableValue): boolean {
  if (!pair.before || !pair.after) return true;
  return after.columns.some(({ name }, at) => {
    const other = before.columns.findIndex((column) => column.name === name);
    return cellText(pair.before?.[other]) !== cellText(pair.after?.[at]);
  });
}

/** How wide each column wants to be, in shares; a number or a tick needs a fixed width. */
export function widths(table: TableValue): string[] {
  const sample = table.rows.slice(0, 100);
  return table.columns.map(({ name, type }, at) => {
    if (type === "number" || type === "bool")
      return `minmax(${Math.min(150, 34 + 7 * name.length)}px, 0.5fr)`;
    if (type === "image") return "minmax(100px, 0.8fr)";
    const letters =
      sample.reduce((sum, row) => sum + cellText(row[at]).length, 0) / Math.max(1, sample.length);
    const share = Math.min(8, Math.max(1, Math.sqrt(letters / 4)));
    return `minmax(${letters > 30 ? 170 : 100}px, ${share.toFixed(1)}fr)`;
  });
}

/** How much the number in a column of `after` changed; null where there are not two. */
export function change(pair: Pair, beforeAt: number, afterAt: number): number | null {
  const [a, b] = [pair.before?.[beforeAt], pair.after?.[afterAt]];
  return typeof a === "number" && typeof b === "number" ? b - a : null;
}

/** Pairs by how much a number changed, or by what the column says now. */
export function arrangedPairs(
  pairs: readonly Pair[],
  before: TableValue,
  after: TableValue,
  order: Order | null,
): Pair[] {
  const at = order ? after.columns.findIndex(({ name }) => name === order.column) : -1;
  if (!order || at < 0) return [...pairs];
  const isNumber = after.columns[at].type === "number";
  const other = before.columns.findIndex(({ name }) => name === order.column);
  const value = (pair: Pair) => (isNumber ? change(pair, other, at) : pair.after?.[at]);
  return pairs
    .map((pair) => ({ pair, value: value(pair) }))
    .sort((a, b) => compareCells(a.value, b.value, order.descending))
    .map(({ pair }) => pair);
}

/** Rows of several tables that are called the same, in the order in which the names first come up. */
export function besides(
  tables: readonly (TableValue | null)[],
  keys: readonly number[],
): { key: string; rows: (Row | null)[] }[] {
  const found = new Map<string, (Row | null)[]>();
  tables.forEach((table, i) => {
    for (const row of table?.rows ?? []) {
      const key = cellText(row[keys[i]]);
      const rows = found.get(key) ?? tables.map(() => null);
      rows[i] ??= row;
      found.set(key, rows);
    }
  });
  return [...found].map(([key, rows]) => ({ key, rows }));
}

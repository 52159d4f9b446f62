/** One row of a table over the steps, told as what changed: steps without news are told together. */

import type { RowAtStep } from "../api/types";
import { type Cell, cellText } from "./tables";

export interface Version {
  /** `same`: its text is that of the version before; `missing`: the row is not there. */
  kind: "text" | "same" | "missing";
  /** The first and last of the steps that it is about. */
  from: RowAtStep;
  to: RowAtStep;
  steps: number;
  text: string;
  /** What it was before; null: nothing. */
  before: string | null;
}

export const cellOf = (row: RowAtStep, column: string): Cell | undefined =>
  (row.cells as Cell[] | null)?.[row.columns.indexOf(column)];

/** In the order of the steps. */
export function versions(rows: readonly RowAtStep[], column: string): Version[] {
  const found: Version[] = [];
  let before: string | null = null;
  for (const row of rows) {
    const text = row.cells === null ? null : cellText(cellOf(row, column));
    const kind = text === null ? "missing" : text === before ? "same" : "text";
    const last = found.at(-1);
    if (last && kind !== "text" && last.kind === kind) {
      last.to = row;
      last.steps++;
    } else found.push({ kind, from: row, to: row, steps: 1, text: text ?? "", before });
    if (text !== null) before = text;
  }
  return found;
}

/** The columns of rows that hold numbers, and those that hold texts, in their order. */
export function columnsOf(rows: readonly RowAtStep[], key: string): { numbers: string[]; texts: string[] } {
  const numbers = new Set<string>();
  const texts = new Set<string>();
  for (const { columns, cells } of rows)
    columns.forEach((name, at) => {
      const cell = (cells as Cell[] | null)?.[at];
      if (name === key) return;
      if (typeof cell === "number") numbers.add(name);
      if (typeof cell === "string") texts.add(name);
    });
  return { numbers: [...numbers], texts: [...texts].filter((name) => !numbers.has(name)) };
}

/** The column that one wants to follow: the one wanted, else the text that changes most often. */
export function followed(rows: readonly RowAtStep[], texts: readonly string[], wanted: string): string {
  if (texts.includes(wanted)) return wanted;
  const news = (name: string) => versions(rows, name).filter(({ kind }) => kind === "text").length;
  return texts.reduce((best, name) => (news(name) > news(best) ? name : best), texts[0] ?? "");
}

/** "M0 10L…" through the numbers of a column, in a box of that size; steps without one are passed over. */
export function trend(rows: readonly RowAtStep[], column: string, width: number, height: number): string {
  const points = rows.flatMap((row, i) => {
    const cell = cellOf(row, column);
    return typeof cell === "number" ? [[i, cell] as const] : [];
  });
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (i: number) => (rows.length > 1 ? (i * width) / (rows.length - 1) : width / 2);
  const y = (value: number) => (high > low ? height * (1 - (value - low) / (high - low)) : height / 2);
  return points
    .map(([i, value], n) => `${n === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`)
    .join("");
}

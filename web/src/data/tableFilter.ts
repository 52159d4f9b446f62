/** What rows are to be shown, as people type it: `cat prompt:dog score>0.5 -refused "two words"`. */

import { type Cell, cellText, type Row, type TableValue } from "./tables";

type Test = (row: Row) => boolean;

const TERMS = /(-?)(?:("[^"]*"|[^\s":<>=]+)(:|>=|<=|>|<|=))?("[^"]*"?|\S+)/g;

/** Rows must pass every term; null: all rows do. */
export function rowFilter(text: string, columns: TableValue["columns"]): Test | null {
  const tests = [...text.matchAll(TERMS)].map(([all, not, name, sign, value]) => {
    const at = name ? placeOf(columns, bare(name)) : -1;
    const test = at >= 0 ? ofColumn(at, sign, bare(value)) : anywhere(bare(not ? all.slice(1) : all));
    return not ? (row: Row) => !test(row) : test;
  });
  return tests.length > 0 ? (row) => tests.every((test) => test(row)) : null;
}

/** The words that a filter looks for, to be marked where they stand. */
export function wordsOf(text: string, columns: TableValue["columns"]): string[] {
  return [...text.matchAll(TERMS)].flatMap(([all, not, name, sign, value]) => {
    if (not) return [];
    const isColumn = name !== undefined && placeOf(columns, bare(name)) >= 0;
    if (!isColumn) return [bare(all)];
    return sign === ":" ? [bare(value)] : [];
  });
}

const bare = (text: string) => text.replace(/^"|"$/g, "");

function placeOf(columns: TableValue["columns"], name: string): number {
  const wanted = name.toLowerCase();
  return columns.findIndex((column) => column.name.toLowerCase() === wanted);
}

const has = (cell: Cell | undefined, wanted: string) => cellText(cell).toLowerCase().includes(wanted);

function anywhere(text: string): Test {
  const wanted = text.toLowerCase();
  return (row) => row.some((cell) => has(cell, wanted));
}

function ofColumn(at: number, sign: string, text: string): Test {
  const wanted = text.toLowerCase();
  const number = Number(text);
  const compared = (test: (cell: number) => boolean) => (row: Row) => {
    const cell = row[at];
    return typeof cell === "number" && test(cell);
  };
  switch (sign) {
    case ">":
      return compared((cell) => cell > number);
    case "<":
      return compared((cell) => cell < number);
    case ">=":
      return compared((cell) => cell >= number);
    case "<=":
      return compared((cell) => cell <= number);
    case "=":
      return (row) => cellText(row[at]).toLowerCase() === wanted || row[at] === number;
    default:
      return (row) => has(row[at], wanted);
  }
}

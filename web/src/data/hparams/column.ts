/** A setting or a metric of many runs as an axis: numbers, evenly or by powers of ten, or values one beside another. */

import { type Setting, settingText } from "../grouping";
import { compareNames } from "../names";

export interface Column {
  /** Unique: "config.lr", or "metric". */
  id: string;
  title: string;
  /** Of each run; null where it has none. */
  values: readonly (number | string | null)[];
  /** Where the values of a category stand, in their order; null of numbers. */
  categories: readonly string[] | null;
  /** Of numbers: the least and greatest, logarithms to base 10 where `log`. */
  min: number;
  max: number;
  log: boolean;
}

/** Positive numbers over so many powers of ten are shown by their logarithms: learning rates are. */
const DECADES = 1.5;

export function columnOf(id: string, title: string, settings: readonly Setting[]): Column {
  const given = settings.filter((value) => value !== null && value !== undefined && value !== "");
  const numeric = given.length > 0 && given.every((value) => typeof value === "number");
  if (!numeric) return categories(id, title, settings);
  const values = settings.map((value) =>
    typeof value === "number" && Number.isFinite(value) ? value : null,
  );
  const numbers = values.filter((value) => value !== null);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of numbers) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const log = min > 0 && Math.log10(max / min) >= DECADES;
  if (log) [min, max] = [Math.log10(min), Math.log10(max)];
  if (numbers.length === 0) [min, max] = [0, 1];
  if (min === max) [min, max] = [min - 0.5, max + 0.5];
  return { id, title, values, categories: null, min, max, log };
}

function categories(id: string, title: string, settings: readonly Setting[]): Column {
  const values = settings.map((value) => (value === null || value === undefined ? null : settingText(value)));
  const names = [...new Set(values.filter((value) => value !== null))].sort(compareNames);
  return { id, title, values, categories: names, min: 0, max: Math.max(1, names.length - 1), log: false };
}

/** Where a run lies on the axis, from 0 to 1; null when it has no value. */
export function place(column: Column, run: number): number | null {
  const value = column.values[run];
  return value === null || value === undefined ? null : placeOf(column, value);
}

export function placeOf(column: Column, value: number | string): number {
  const { categories, min, max, log } = column;
  if (categories) return categories.length === 1 ? 0.5 : categories.indexOf(String(value)) / max;
  const number = Number(value);
  return ((log ? Math.log10(number) : number) - min) / (max - min);
}

/** Whether it tells runs apart. */
export function differs(column: Column): boolean {
  return new Set(column.values.filter((value) => value !== null)).size > 1;
}

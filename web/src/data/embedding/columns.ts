/** What is told of points: columns of words or of numbers, their colours, and searching in them. */

import { oklchHex, slotColour } from "../colours";
import { compareNames } from "../names";

export interface Column {
  name: string;
  values: readonly string[];
  /** Null when it is one of words. */
  numbers: Float64Array | null;
  /** Of words: the different ones, the most frequent first; those of one row each tell nothing by their colour. */
  categories: readonly { word: string; count: number }[];
  /** Of numbers that are finite. */
  range: readonly [number, number];
}

/** More categories than that are not told apart by colour. */
export const MOST_CATEGORIES = 40;
/** Whole numbers with so few different ones are classes, not amounts. */
const CLASSES = 20;

export function columnOf(name: string, values: readonly string[]): Column {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const numbers = Float64Array.from(values, (value) => (value.trim() === "" ? Number.NaN : Number(value)));
  let [low, high, finite, given] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let isWhole = true;
  numbers.forEach((v, i) => {
    if (values[i].trim() !== "" && !/^[-+]?nan$/i.test(values[i].trim())) given++;
    if (!Number.isFinite(v)) return;
    finite++;
    if (!Number.isInteger(v)) isWhole = false;
    low = Math.min(low, v);
    high = Math.max(high, v);
  });
  const isClass = finite > 0 && isWhole && counts.size <= CLASSES;
  const isAmount = finite > 0 && finite >= given * 0.98 && !isClass;
  const words = [...counts].map(([word, count]) => ({ word, count }));
  if (isClass) words.sort((a, b) => compareNames(a.word, b.word));
  else words.sort((a, b) => b.count - a.count || compareNames(a.word, b.word));
  return {
    name,
    values,
    numbers: isAmount ? numbers : null,
    categories: isAmount ? [] : words,
    range: finite > 0 ? [low, high] : [0, 1],
  };
}

/** Whether colours tell anything: not a different word at each point. */
export const isColourable = (column: Column) =>
  column.numbers !== null ||
  (column.categories.length > 1 && column.categories.length < column.values.length * 0.8);

export type Rgb = readonly [number, number, number];

export const rgb = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** Colours of a column's categories; the rest, and what is no number, are `other`. */
export function categoryColour(index: number, dark: boolean): string {
  return slotColour(index, dark);
}

/** From dark blue over teal to yellow, even to the eye and to eyes that see no red or green. */
export function scaleColour(part: number, dark: boolean): string {
  const t = Math.max(0, Math.min(1, part));
  const lightness = dark ? 0.42 + 0.5 * t : 0.34 + 0.5 * t;
  return oklchHex(lightness, 0.13 + 0.03 * t, 285 - 185 * t);
}

/** Red, green and blue of each point. */
export function coloursOf(
  column: Column | null,
  count: number,
  dark: boolean,
  plain: string,
  other: string,
): Uint8Array {
  const out = new Uint8Array(count * 3);
  const put = (i: number, colour: Rgb) => out.set(colour, i * 3);
  if (!column) for (let i = 0; i < count; i++) put(i, rgb(plain));
  else if (column.numbers) {
    const [low, high] = column.range;
    const shades = Array.from({ length: 256 }, (_, s) => rgb(scaleColour(s / 255, dark)));
    for (let i = 0; i < count; i++) {
      const v = column.numbers[i];
      put(i, Number.isFinite(v) ? shades[Math.round(((v - low) / (high - low || 1)) * 255)] : rgb(other));
    }
  } else {
    const shown = column.categories.slice(0, MOST_CATEGORIES);
    const colours = new Map(shown.map(({ word }, c) => [word, rgb(categoryColour(c, dark))]));
    for (let i = 0; i < count; i++) put(i, colours.get(column.values[i] ?? "") ?? rgb(other));
  }
  return out;
}

/** The points of which a column matches; without one, any column. */
export function search(
  columns: readonly Column[],
  matches: (text: string) => boolean,
  only?: Column,
): number[] {
  const looked = only ? [only] : columns;
  const count = columns[0]?.values.length ?? 0;
  const found: number[] = [];
  for (let i = 0; i < count; i++) if (looked.some((column) => matches(column.values[i]))) found.push(i);
  return found;
}

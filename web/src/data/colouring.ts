/** By which rule runs get their colours, and what that gives. */

import { assignSlots, rampColour, slotColour } from "./colours";
import { type Setting, settingText } from "./grouping";

export type ColourRule =
  | { by: "run" }
  /** By what runs are grouped by, else by the group that they belong to. */
  | { by: "group" }
  | { by: "config"; key: string }
  /** By what the first parenthesis of a regular expression catches of the name, else by all that it matches. */
  | { by: "regex"; pattern: string };

/** What colours mean, to be shown beside the runs. */
export type Legend =
  | { kind: "values"; entries: { text: string; colour: string; runs: number }[] }
  | { kind: "scale"; low: number; high: number; log: boolean; colours: string[] };

/** "" leaves it to what the runs are grouped by. */
export function readRule(text: string, grouped: boolean): ColourRule {
  const [by, rest] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
  if (by === "config") return { by, key: rest };
  if (by === "regex") return { by, pattern: rest };
  if (text === "run" || text === "group") return { by: text };
  return { by: grouped ? "group" : "run" };
}

export function writeRule(rule: ColourRule): string {
  if (rule.by === "config") return `config:${rule.key}`;
  return rule.by === "regex" ? `regex:${rule.pattern}` : rule.by;
}

/** What the pattern catches of a name; "" where it does not match, or is none. */
export function catcher(pattern: string): (name: string) => string {
  try {
    const regex = new RegExp(pattern, "i");
    return (name) => {
      const found = regex.exec(name);
      return found ? (found[1] ?? found[0]) : "";
    };
  } catch {
    return () => "";
  }
}

/** Which colour a value has, among all the values that there are. */
export interface Scheme {
  colour(value: Setting): string;
  legend: Legend;
}

/** So many numbers are told apart by the palette of the scale, each by itself. */
const FEW = 12;
const STOPS = 9;

/**
 * A scheme for these values, one a run, in the order in which the runs began: what is new later leaves the colours
 * of names as they are. Numbers lie on a scale.
 */
export function schemeOf(values: readonly Setting[], dark: boolean, scales = true): Scheme {
  const counts = new Map<string, number>();
  for (const value of values) {
    const text = settingText(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const texts = [...counts.keys()].filter((text) => text !== "");
  const numbers = texts.map(Number);
  if (scales && texts.length > 1 && numbers.every(Number.isFinite)) return onScale(numbers, counts, dark);
  const slots = new Map(assignSlots(texts).map((slot, i) => [texts[i], slot]));
  const colour = (value: Setting) => {
    const slot = slots.get(settingText(value));
    return slot === undefined ? nothingColour(dark) : slotColour(slot, dark);
  };
  return { colour, legend: listed([...counts.keys()], counts, colour) };
}

/** Of a run that says nothing of what the others are coloured by. */
export const nothingColour = (dark: boolean) => (dark ? "#8b94a2" : "#8a919e");

function onScale(numbers: number[], counts: ReadonlyMap<string, number>, dark: boolean): Scheme {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const log = low > 0 && high / low >= 50;
  const rank = new Map(sorted.map((number, i) => [number, i / (sorted.length - 1)]));
  const few = sorted.length <= FEW;
  const place = log ? Math.log : (x: number) => x;
  const part = (x: number) => (place(x) - place(low)) / (place(high) - place(low));
  const colour = (value: Setting) => {
    const text = settingText(value);
    const number = Number(text);
    if (text === "" || !Number.isFinite(number)) return nothingColour(dark);
    return rampColour((few ? rank.get(number) : undefined) ?? Math.min(1, Math.max(0, part(number))), dark);
  };
  if (few) return { colour, legend: listed([...sorted.map(String), ...none(counts)], counts, colour) };
  const colours = Array.from({ length: STOPS }, (_, i) => rampColour(i / (STOPS - 1), dark));
  return { colour, legend: { kind: "scale", low, high, log, colours } };
}

const none = (counts: ReadonlyMap<string, number>) => (counts.has("") ? [""] : []);

function listed(
  texts: readonly string[],
  counts: ReadonlyMap<string, number>,
  colour: (value: Setting) => string,
): Legend {
  const entries = texts.map((text) => ({ text, colour: colour(text), runs: counts.get(text) ?? 0 }));
  return { kind: "values", entries: entries.sort((a, b) => Number(a.text === "") - Number(b.text === "")) };
}

/** Layouts of custom scalars: what several runs want to see, put together. */

import type { Card } from "./card";

export interface CustomChart {
  title: string;
  /** Regular expressions over tags. */
  tags: readonly string[];
  margins: readonly { value: string; lower: string; upper: string }[];
}

export interface Category {
  title: string;
  closed: boolean;
  charts: readonly CustomChart[];
}

export interface LayoutValue {
  kind: "layout";
  categories: readonly Category[];
}

export const isLayout = (value: unknown): value is LayoutValue =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "layout";

/** Categories of one title are one; so are charts that are the same. Closed is what all of them have closed. */
export function merged(layouts: readonly LayoutValue[]): Category[] {
  const found = new Map<string, { closed: boolean; charts: Map<string, CustomChart> }>();
  for (const { title, closed, charts } of layouts.flatMap((layout) => layout.categories)) {
    const category = found.get(title) ?? { closed: true, charts: new Map<string, CustomChart>() };
    category.closed &&= closed;
    for (const chart of charts) category.charts.set(JSON.stringify(chart), chart);
    found.set(title, category);
  }
  return [...found].map(([title, { closed, charts }]) => ({ title, closed, charts: [...charts.values()] }));
}

/** All expressions in it. */
export const patternsOf = (categories: readonly Category[]): string[] => [
  ...new Set(categories.flatMap(({ charts }) => charts.flatMap(({ tags }) => tags))),
];

/** More lines a chart cannot be told apart. */
export const MOST_TAGS = 24;

/** What a chart draws, of the tags that each of its expressions fits. */
export function cardOf(
  chart: CustomChart,
  id: string,
  fitting: ReadonlyMap<string, readonly string[]>,
): { card: Card; left: number } {
  const tags = [...new Set(chart.tags.flatMap((pattern) => fitting.get(pattern) ?? []))];
  const margins = chart.margins.map(({ value, lower, upper }) => ({
    y: value,
    between: [lower, upper] as const,
  }));
  const drawn = [...margins, ...tags.slice(0, MOST_TAGS).map((y) => ({ y }))];
  const title = chart.title || (drawn[0]?.y ?? "");
  // A value between its bounds is drawn as it is: they are not smoothed either.
  const card: Card = { id, title, drawn, ...(margins.length > 0 ? { smoothing: 0 } : {}) };
  return { card, left: Math.max(0, tags.length - MOST_TAGS) };
}

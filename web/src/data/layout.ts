/** Where everything of the chart grid lies, in pixels, so that only what is on the screen has to exist. */

import type { Card } from "./card";
import type { Section } from "./sections";
import { MOST_ROWS, ONE, type Size } from "./workspace";

export const HEAD = 40;
const GAP = 12;
const CARD = 264;
const NARROWEST = 340;
const BELOW = 12;

export interface Box {
  card: Card;
  section: string;
  /** Relative to the section. */
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PlacedSection extends Section {
  open: boolean;
  top: number;
  height: number;
  cells: Cells;
}

export interface VisibleSection extends Omit<PlacedSection, "cells"> {
  boxes: Box[];
}

/** Where the charts of a section lie. */
interface Cells {
  rows: number;
  /** Of each chart, in the unit of the grid. Null: one cell each, so that nothing has to be written down. */
  places: readonly Place[] | null;
}

const NO_CELLS: Cells = { rows: 0, places: null };

interface Place extends Size {
  column: number;
  row: number;
}

/** A grid of that many equal columns. */
export interface Frame {
  across: number;
  /** Of a column. */
  width: number;
}

export function frameOf(width: number): Frame {
  const across = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  return { across, width: (width - GAP * (across - 1)) / across };
}

export function placeSections(
  sections: readonly Section[],
  frame: Frame,
  isOpen: (section: string) => boolean,
  sizes: Readonly<Record<string, Size>>,
): PlacedSection[] {
  const placed: PlacedSection[] = [];
  const isSized = Object.keys(sizes).length > 0;
  let top = 0;
  for (const section of sections) {
    const open = isOpen(section.name);
    const cells = open ? placeCards(section.ids, frame.across, isSized ? sizes : null) : NO_CELLS;
    const height = HEAD + (open ? cells.rows * (CARD + GAP) + BELOW : 0);
    placed.push({ name: section.name, ids: section.ids, open, top, height, cells });
    top += height;
  }
  return placed;
}

/** In reading order, each where it first fits after the one before; what is taller reaches down beside the next row. */
function placeCards(
  ids: readonly string[],
  across: number,
  sizes: Readonly<Record<string, Size>> | null,
): Cells {
  if (!sizes || !ids.some((id) => Object.hasOwn(sizes, id)))
    return { rows: Math.ceil(ids.length / across), places: null };
  const below = new Array<number>(across).fill(0); // the first free row of each column
  const places: Place[] = [];
  let [row, column] = [0, 0];
  for (const id of ids) {
    const size = Object.hasOwn(sizes, id) ? sizes[id] : ONE;
    const columns = Math.min(size.columns, across);
    while (column + columns > across || below.slice(column, column + columns).some((free) => free > row)) {
      if (++column + columns > across) [row, column] = [row + 1, 0];
    }
    places.push({ column, row, columns, rows: size.rows });
    below.fill(row + size.rows, column, column + columns);
    column += columns;
  }
  return { rows: Math.max(0, ...below), places };
}

/** The sections that touch the window from `top` to `bottom`, each with the boxes alone that do. */
export function visiblePart(
  sections: readonly PlacedSection[],
  frame: Frame,
  top: number,
  bottom: number,
  cardOf: (id: string) => Card,
): VisibleSection[] {
  // There may be ten thousand, in the order of their places.
  let first = 0;
  for (let stop = sections.length; first < stop; ) {
    const middle = (first + stop) >> 1;
    if (sections[middle].top + sections[middle].height > top) stop = middle;
    else first = middle + 1;
  }
  let last = first;
  while (last < sections.length && sections[last].top < bottom) last++;
  return sections.slice(first, last).map(({ cells, ...section }) => {
    const boxes: Box[] = [];
    const from = (top - section.top - HEAD) / (CARD + GAP);
    const to = (bottom - section.top - HEAD) / (CARD + GAP);
    for (const [i, place] of placesIn(cells, section.open ? section.ids.length : 0, frame.across, from, to)) {
      const box = { card: cardOf(section.ids[i]), section: section.name, ...boxOf(place, frame) };
      const y = section.top + box.top;
      if (y < bottom && y + box.height > top) boxes.push(box);
    }
    return { ...section, boxes };
  });
}

/** What may touch the rows from `first` to `last`. */
function* placesIn(
  { places }: Cells,
  count: number,
  across: number,
  first: number,
  last: number,
): Generator<[number, Place]> {
  if (places) {
    for (const [i, place] of places.entries())
      if (place.row < last && place.row + place.rows > first) yield [i, place];
    return;
  }
  const stop = Math.min(count, Math.ceil(last) * across);
  for (let i = Math.max(0, Math.floor(first) * across); i < stop; i++)
    yield [i, { column: i % across, row: Math.floor(i / across), ...ONE }];
}

function boxOf(place: Place, { width }: Frame): Omit<Box, "card" | "section"> {
  const left = Math.round(place.column * (width + GAP));
  const right = Math.round((place.column + place.columns) * (width + GAP) - GAP);
  return {
    left,
    top: HEAD + place.row * (CARD + GAP),
    width: right - left,
    height: place.rows * (CARD + GAP) - GAP,
  };
}

export function totalHeight(sections: readonly PlacedSection[]): number {
  const last = sections.at(-1);
  return last ? last.top + last.height : 0;
}

/** Where a chart of a section begins, from the top of the grid. */
export function topOf({ top, cells }: PlacedSection, index: number, { across }: Frame): number {
  const row = cells.places ? cells.places[index].row : Math.floor(index / across);
  return top + HEAD + row * (CARD + GAP);
}

/** How many columns and rows a card of that many pixels is nearest to. */
export function sizeNear(width: number, height: number, frame: Frame): Size {
  return {
    columns: Math.max(1, Math.min(frame.across, Math.round((width + GAP) / (frame.width + GAP)))),
    rows: Math.max(1, Math.min(MOST_ROWS, Math.round((height + GAP) / (CARD + GAP)))),
  };
}

/** In pixels. */
export function extentOf(size: Size, frame: Frame): { width: number; height: number } {
  const columns = Math.min(size.columns, frame.across);
  return {
    width: Math.round(columns * (frame.width + GAP) - GAP),
    height: size.rows * (CARD + GAP) - GAP,
  };
}

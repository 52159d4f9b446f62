/** What people do to the grid of charts: from settings to what changes of them. */

import type { Settings } from "./address";
import type { Card, CardEdit, CardOptions, Drawn } from "./card";

/** In columns and rows of the grid. */
export interface Size {
  columns: number;
  rows: number;
}

/** A chart stands right before another one of its section; before "": at the end. */
export interface Move {
  id: string;
  before: string;
}

export const ONE: Size = { columns: 1, rows: 1 };
/** As wide as the grid is, and tall. */
export const LARGE: Size = { columns: 6, rows: 2 };
export const MOST_ROWS = 4;

type Change = Partial<Settings>;

export function withCard(
  settings: Settings,
  drawn: readonly Drawn[],
  options: CardOptions,
): [string, Change] {
  const numbers = settings.made.map((card) => Number(card.id.slice(1)));
  const id = `+${Math.max(0, ...numbers) + 1}`;
  return [id, { made: [...settings.made, { id, drawn, ...options }] }];
}

/** Of a chart that somebody made: also what it draws. An option that is undefined is as the page has it again. */
export function withOptions(settings: Settings, id: string, options: CardEdit): Change {
  const made = settings.made.find((card) => card.id === id);
  if (made) {
    const edited = defined<Card>({ ...made, ...options });
    return { made: settings.made.map((card) => (card === made ? edited : card)) };
  }
  const { drawn: _, ...rest } = options;
  const edited = defined<CardOptions>({ ...settings.cards[id], ...rest });
  const others = without(settings.cards, id);
  return { cards: Object.keys(edited).length > 0 ? { ...others, [id]: edited } : others };
}

/** Take away a chart that somebody made; of another, what was said of it. */
export function withoutCard(settings: Settings, id: string): Change {
  return {
    made: settings.made.filter((card) => card.id !== id),
    cards: without(settings.cards, id),
    pinned: settings.pinned.filter((one) => one !== id),
    hidden: settings.hidden.filter((one) => one !== id),
    sizes: without(settings.sizes, id),
    order: settings.order.filter((move) => move.id !== id && move.before !== id),
  };
}

export function withPin(settings: Settings, id: string, on: boolean): Change {
  const others = settings.pinned.filter((one) => one !== id);
  return { pinned: on ? [...others, id] : others };
}

export function withHidden(settings: Settings, id: string, on: boolean): Change {
  const others = settings.hidden.filter((one) => one !== id);
  return { hidden: on ? [...others, id] : others };
}

export function withSize(settings: Settings, id: string, size: Size): Change {
  const columns = clamp(size.columns, 1, LARGE.columns);
  const rows = clamp(size.rows, 1, MOST_ROWS);
  const others = without(settings.sizes, id);
  return { sizes: columns === 1 && rows === 1 ? others : { ...others, [id]: { columns, rows } } };
}

/** Put a chart right before another of its section, or at its end. Out of the first section it goes back to its own. */
export function withPlace(settings: Settings, id: string, isPinned: boolean, before: string): Change {
  if (isPinned) return { pinned: placed(settings.pinned, id, before) };
  const change: Change = settings.pinned.includes(id) ? withPin(settings, id, false) : {};
  const made = settings.made.map((card) => card.id);
  if (!made.includes(id)) return { ...change, order: [...ownMoves(settings.order, id), { id, before }] };
  const byId = new Map(settings.made.map((card) => [card.id, card]));
  return { ...change, made: placed(made, id, before).flatMap((one) => byId.get(one) ?? []) };
}

/** The moves without that of `id`, unless a later one stands on where it put it. */
function ownMoves(moves: readonly Move[], id: string): readonly Move[] {
  const last = moves.findLastIndex((move) => move.id === id);
  return moves.slice(last + 1).some((move) => move.before === id)
    ? moves
    : moves.filter((_, i) => i !== last);
}

function placed(ids: readonly string[], id: string, before: string): string[] {
  const others = ids.filter((one) => one !== id);
  const at = others.indexOf(before);
  others.splice(at < 0 ? others.length : at, 0, id);
  return others;
}

/** One chart of what two draw: the second, when somebody made it, else a new one. */
export function withCombined(settings: Settings, from: string, into: string): [string, Change] {
  const target = cardOf(settings, into);
  const drawn = [...target.drawn];
  for (const one of cardOf(settings, from).drawn)
    if (!drawn.some((other) => other.y === one.y)) drawn.push(one);
  if (settings.made.some((card) => card.id === into)) return [into, withOptions(settings, into, { drawn })];
  return withCard(settings, drawn, settings.cards[into] ?? {});
}

/** The chart as it is drawn: what it is by itself, with what was said of it. */
export function cardOf(settings: Settings, id: string): Card {
  const made = settings.made.find((card) => card.id === id);
  return made ?? { id, drawn: [{ y: id }], ...settings.cards[id] };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== key));
}

/** Without what is undefined. */
function defined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, Math.round(value)));
}

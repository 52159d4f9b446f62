/** What the person looking at the page has chosen: changed, undone, written into the address, opened again. */

import { DEFAULTS, readAddress, type Settings, type ViewName, writeAddress } from "./address";
import type { Card, CardEdit, CardOptions, Drawn } from "./card";
import { changedKeys, controlOf, type Deed, deedOf, isPassing, undone } from "./deeds";
import { History } from "./history";
import { marks } from "./marks.svelte";
import { recall, remember } from "./memory";
import { addressOf, openSaved, savedIn, stateOf } from "./saved";
import {
  cardOf,
  type Size,
  withCard,
  withCombined,
  withHidden,
  withOptions,
  withoutCard,
  withPin,
  withPlace,
  withSize,
} from "./workspace";

/** Browsers refuse an address that changes with every move of a slider; one change alone is in it at once. */
const ADDRESS_MS = 120;
/** Where the browser keeps what a person wants to see first of a log directory. */
const FIRST = "headway.first ";

export class Workspace {
  settings = $state.raw<Settings>(readAddress(location.search));

  /** The saved view that the address named and that is not there. */
  missing = $state("");

  readonly #history = new History<Settings>();
  /** Counts up with it. */
  #recorded = $state(0);
  /** Counts up with what the browser keeps. */
  #remembered = $state(0);
  /** What the page was opened with; null once that is dealt with. */
  #arrival: string | null = location.search;
  #written = Number.NEGATIVE_INFINITY;
  #addressTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #made = $derived(this.settings.made);
  readonly #edited = $derived(this.settings.cards);
  /** Those that were asked for. */
  readonly #cards = $derived.by(() => {
    this.#made;
    this.#edited;
    return new Map<string, Card>();
  });

  change(settings: Partial<Settings>): void {
    const before = this.settings;
    const after = { ...before, ...settings };
    const keys = changedKeys(before, after);
    if (keys.length === 0) return;
    if (after.view !== before.view) {
      this.writeAddress();
      history.pushState(null, ""); // so that the browser's Back is the view before
    } else if (!isPassing(before, after)) {
      // A parameter of a view is one change for as long as nothing else changes: a film may be playing.
      const isParam = keys.every((key) => key === "params");
      this.#history.record(before, after, controlOf(before, after), performance.now(), isParam);
      this.#recorded++;
    }
    this.#set(after);
  }

  #set(settings: Settings): void {
    this.settings = settings;
    clearTimeout(this.#addressTimer);
    const wait = this.#written + ADDRESS_MS - performance.now();
    if (wait <= 0) this.writeAddress();
    else this.#addressTimer = setTimeout(() => this.writeAddress(), wait);
  }

  /** Put the settings into the address now: the page may be about to go. */
  writeAddress(): void {
    clearTimeout(this.#addressTimer);
    this.#written = performance.now();
    const query = addressOf(this.settings, marks.views);
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }

  reset(): void {
    this.change({ ...DEFAULTS, view: this.settings.view, embedded: this.settings.embedded });
  }

  /** Where the whole page shows what a frame shows. */
  get wholePage(): string {
    const params = Object.entries(this.settings.params).filter(([key]) => key !== "charts.only");
    const query = writeAddress({ ...this.settings, embedded: false, params: Object.fromEntries(params) });
    return query ? `?${query}` : "./";
  }

  /** The address of a chart alone, for a frame; of the view, without one. */
  embedAddress(card = ""): string {
    const params = card ? { ...this.settings.params, "charts.only": card } : this.settings.params;
    return new URL(`?${writeAddress({ ...this.settings, embedded: true, params })}`, location.href).href;
  }

  /** The address is another one: the browser's Back or Forward. */
  returnTo(query: string): void {
    clearTimeout(this.#addressTimer);
    this.settings = readAddress(query);
  }

  /** Show what was saved under a name; whether there is such a view. */
  openSaved(name: string): boolean {
    const settings = openSaved(marks.views, name);
    if (settings) this.change({ ...settings, embedded: this.settings.embedded });
    return settings !== null;
  }

  /** Before anything is shown: an address may name a saved view, or nothing, which is what this person wants to see first. */
  protected async arrive(logdir: string): Promise<void> {
    if (this.#arrival === null) return;
    const name = savedIn(this.#arrival);
    if (name) {
      await marks.refresh();
      const settings = openSaved(marks.views, name);
      if (settings) this.settings = { ...settings, embedded: this.settings.embedded };
      else this.missing = name;
    } else if (this.#arrival === "") this.settings = readAddress(recall(FIRST + logdir) ?? "");
    this.#arrival = null;
  }

  /** Whether an address that says nothing opens what is seen now. */
  isFirst(logdir: string): boolean {
    this.#remembered;
    return (recall(FIRST + logdir) ?? "") === stateOf(this.settings);
  }

  /** From now on it does; or, again, everything. */
  saveAsFirst(logdir: string, on: boolean): void {
    remember(FIRST + logdir, on ? stateOf(this.settings) : "");
    this.#remembered++;
  }

  get canUndo(): boolean {
    this.#recorded;
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    this.#recorded;
    return this.#history.canRedo;
  }

  /** What was undone; null when there is nothing to undo. */
  undo(): Deed | null {
    const step = this.#history.undo();
    if (!step) return null;
    this.#recorded++;
    this.#set({ ...this.settings, ...undone(this.settings, step.before, step.after) });
    return deedOf(step.before, step.after);
  }

  redo(): Deed | null {
    const step = this.#history.redo();
    if (!step) return null;
    this.#recorded++;
    this.#set({ ...this.settings, ...undone(this.settings, step.after, step.before) });
    return deedOf(step.before, step.after);
  }

  /** Show another view, with some of its parameters. */
  show(view: ViewName, params: Readonly<Record<string, string>> = {}): void {
    this.change({ view, params: { ...this.settings.params, ...params } });
  }

  /** A parameter of a view, "images.step"; "" when it is not set. */
  param(key: `${ViewName}.${string}`): string {
    return this.settings.params[key] ?? "";
  }

  /** Set parameters of views; "" takes one away. */
  setParams(params: Readonly<Record<`${ViewName}.${string}`, string>>): void {
    const all: [string, string][] = Object.entries({ ...this.settings.params, ...params });
    this.change({ params: Object.fromEntries(all.filter(([, value]) => value !== "")) });
  }

  /** A chart: of a tag by itself, or one that somebody made; with what was said of it. The same one until that changes. */
  card(id: string): Card {
    const cards = this.#cards;
    const known = cards.get(id) ?? cardOf(this.settings, id);
    cards.set(id, known);
    return known;
  }

  /** Make a chart; its id. */
  addCard(drawn: readonly Drawn[], options: CardOptions = {}): string {
    const [id, change] = withCard(this.settings, drawn, options);
    this.change(change);
    return id;
  }

  /** An option that is undefined is as the page has it again. What a chart draws can be changed of those people made. */
  editCard(id: string, options: CardEdit): void {
    this.change(withOptions(this.settings, id, options));
  }

  removeCard(id: string): void {
    this.change(withoutCard(this.settings, id));
  }

  /** One chart of what two draw; its id. */
  combine(from: string, into: string): string {
    const [id, change] = withCombined(this.settings, from, into);
    this.change(change);
    return id;
  }

  pin(id: string, on = !this.settings.pinned.includes(id)): void {
    this.change(withPin(this.settings, id, on));
  }

  hide(id: string, on = true): void {
    this.change(withHidden(this.settings, id, on));
  }

  /** Put a chart right before another of its section, or of the pinned ones; "" for the end. */
  place(id: string, isPinned: boolean, before: string): void {
    this.change(withPlace(this.settings, id, isPinned, before));
  }

  resize(id: string, columns: number, rows: number): void {
    this.change(withSize(this.settings, id, { columns, rows }));
  }

  sizeOf(id: string): Size {
    return this.settings.sizes[id] ?? { columns: 1, rows: 1 };
  }
}

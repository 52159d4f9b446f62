/** One picture of the viewer: which it is, what is known of it, and where one goes from it. */

import { mediaAddress, type SeriesName } from "../../api/client";
import type { TagInfo } from "../../api/types";
import type { Dashboard } from "../../data/dashboard.svelte";
import type { Entry, EntryOrder } from "../../data/entryorder";
import { EntryOrder as Order } from "../../data/entryorder";
import { type Facts, factsOf } from "../../data/facts.svelte";
import { shortName } from "../../data/names";
import type { Pixels } from "../../data/pictures/difference";
import type { Reference } from "../../data/pictures/reference";
import type { Size } from "../../data/pictures/zoom";
import type { SeriesStore } from "../../data/series.svelte";

export class Pane {
  readonly #board: Dashboard;
  readonly #store: SeriesStore;
  readonly #tags: () => readonly TagInfo[];
  readonly #change: (reference: Reference) => void;
  readonly #reference: () => Reference;

  /** In pixels, as decoded. */
  size = $state.raw<Size | null>(null);
  pixels = $state.raw<Pixels | null>(null);
  unreadable = $state(false);

  constructor(
    board: Dashboard,
    store: SeriesStore,
    tags: () => readonly TagInfo[],
    reference: () => Reference,
    change: (reference: Reference) => void,
  ) {
    this.#board = board;
    this.#store = store;
    this.#tags = tags;
    this.#reference = reference;
    this.#change = change;
  }

  readonly reference = $derived.by<Reference>(() => this.#reference());
  readonly run = $derived.by<number | null>(
    () => this.#board.outline.runs.find((run) => shortName(run.name) === this.reference.run)?.id ?? null,
  );
  /** Runs that have the tag, those shown first. */
  readonly runs = $derived.by<{ id: number; name: string }[]>(() => {
    const has = new Set(this.#tags().find((tag) => tag.name === this.reference.tag)?.runs ?? []);
    const all = this.#board.outline.runs.filter((run) => has.has(run.id));
    return [
      ...all.filter((run) => this.#board.shown.has(run.id)),
      ...all.filter((run) => !this.#board.shown.has(run.id)),
    ];
  });
  readonly series = $derived.by<SeriesName | null>(() =>
    this.run === null ? null : { run: this.run, tag: this.reference.tag, kind: "images" },
  );
  /** All entries, also those that were superseded. */
  readonly order = $derived.by<EntryOrder | null>(() => {
    const known = this.series && this.#store.get("images", this.series.run, this.series.tag).order;
    return known ? new Order(known.columns, true) : null;
  });
  /** The place of the latest entry that counts; of the last of all where none does. */
  readonly latest = $derived.by<number>(() => {
    let place = (this.order?.length ?? 0) - 1;
    while (place > 0 && this.order?.at(place)?.superseded) place--;
    return this.order?.at(place)?.superseded ? this.order.length - 1 : place;
  });
  readonly place = $derived.by<number>(() => {
    if (!this.order) return -1;
    return this.reference.key === "" ? this.latest : this.order.placeOf(this.reference.key);
  });
  readonly entry = $derived.by<Entry | null>(() => this.order?.at(this.place) ?? null);
  readonly facts = $derived.by<Facts | undefined>(() => (this.entry ? factsOf(this.entry.key) : undefined));
  readonly address = $derived.by<string>(() =>
    this.series && this.entry ? mediaAddress(this.series, this.entry.key, this.reference.item) : "",
  );

  goTo(place: number): void {
    if (!this.order || this.order.length === 0) return;
    const inside = Math.max(0, Math.min(this.order.length - 1, place));
    const key = inside === this.latest ? "" : (this.order.at(inside)?.key ?? "");
    this.#change({ ...this.reference, key });
  }

  goToStep(step: number | null): void {
    this.goTo(this.order?.upTo(step) ?? 0);
  }

  goToItem(item: number): void {
    const count = this.facts?.count ?? 1;
    this.#change({ ...this.reference, item: Math.max(0, Math.min(count - 1, item)) });
  }

  goToTag(tag: string): void {
    const has = this.#tags().find((one) => one.name === tag)?.runs ?? [];
    const id = this.run !== null && has.includes(this.run) ? this.run : has[0];
    const name = this.#board.names.get(id ?? -1);
    if (name !== undefined) this.#change({ run: shortName(name), tag, key: "", item: 0 });
  }

  /** Another run, at this one's step or the nearest before. */
  async goToRun(id: number): Promise<void> {
    const name = this.#board.names.get(id);
    if (name === undefined) return;
    const step = this.entry?.step ?? null;
    const wasLast = this.reference.key === "";
    const order = await this.#store.load("images", id, this.reference.tag);
    const place = wasLast || !order ? -1 : Math.max(0, order.upTo(step));
    const isLast = place < 0 || place === (order?.length ?? 0) - 1;
    const key = isLast ? "" : (order?.at(place)?.key ?? "");
    this.#change({ ...this.reference, run: shortName(name), key });
  }

  goToRunBeside(by: 1 | -1): void {
    const at = this.runs.findIndex((run) => run.id === this.run);
    const next = this.runs[(at + by + this.runs.length) % this.runs.length];
    if (next) this.goToRun(next.id);
  }
}

/** What the view of layers shows: a family of tags in a run, as rows over steps. Its state is in the address. */

import { untrack } from "svelte";
import { fetchHeat, type Heat } from "../../api/heat";
import type { HeatRequest, HeatStat } from "../../api/types";
import type { Dashboard } from "../../data/dashboard.svelte";
import { byTensor, type Family, families, firstFamily } from "../../data/families";
import { arePositive, columnAt } from "../../data/heatrows";
import { kindTags } from "../../data/kindtags.svelte";
import { Live } from "../../data/live.svelte";
import { matcher, shortName } from "../../data/names";

export const MODES = ["heat", "profile", "changed", "tree"] as const;
export type Mode = (typeof MODES)[number];

/** A family of one kind; of histograms, one number of each. */
export interface Chosen extends Family {
  kind: "scalars" | "histograms";
}

export const STATS: readonly HeatStat[] = ["norm", "rms", "std", "mean", "min", "max"];

/** As the server takes. */
const MOST_ROWS = 20_000;
const MOST_CELLS = 4_000_000;
const MOST_COLUMNS = 1000;
/** Runs that are laid over each other in a profile. */
const MOST_RUNS = 6;

export class Layers {
  readonly board: Dashboard;
  readonly #histograms;
  readonly heat: Live<Heat>;
  readonly others: Live<Heat[]>;
  #tags: readonly string[] = [];
  /** Counts up when `asked` is another array. */
  #version = 0;
  /** What has arrived of an answer that is still on its way. */
  #part = $state.raw<{ key: string; heat: Heat } | null>(null);

  readonly mode: Mode = $derived.by(() => MODES.find((mode) => mode === this.param("mode")) ?? "heat");
  readonly families: readonly Chosen[] = $derived.by(() => this.#families());
  readonly family: Chosen | undefined = $derived.by(
    () =>
      this.families.find((one) => idOf(one) === this.param("family")) ??
      (firstFamily(this.families) as Chosen | undefined),
  );
  readonly stat: HeatStat = $derived.by(() =>
    this.family?.kind === "histograms"
      ? (STATS.find((stat) => stat === this.param("stat")) ?? "norm")
      : "value",
  );
  /** Shown runs that have something of the family, in the order of the run list. */
  readonly runs: readonly number[] = $derived.by(() => {
    const tags = new Set(this.family?.members.map((member) => member.tag));
    const having = new Set<number>();
    for (const tag of this.#tagsOf(this.family?.kind))
      if (tags.has(tag.name)) for (const id of tag.runs) having.add(id);
    return this.board.outline.runs
      .map(({ id }) => id)
      .filter((id) => this.board.shown.has(id) && having.has(id));
  });
  readonly run: number | undefined = $derived.by(
    () =>
      this.runs.find((run) => shortName(this.board.names.get(run) ?? "") === this.param("run")) ??
      this.runs[0],
  );
  /** Its tags, as the server is asked for them: the same array for as long as they are the same. */
  readonly asked: readonly string[] = $derived.by(() => {
    const members = this.family?.members.slice(0, MOST_ROWS) ?? [];
    const same = members.length === this.#tags.length && members.every((one, i) => one.tag === this.#tags[i]);
    if (!same) {
      this.#tags = members.map((member) => member.tag);
      this.#version++;
    }
    return this.#tags;
  });
  /** The steps that are zoomed into; null: all. */
  readonly steps: readonly [number, number] | null = $derived.by(() => rangeOf(this.param("steps")));
  /** The step that others are compared with, or shown at; null: none is chosen. */
  readonly step: number | null = $derived.by(() => {
    const text = this.param("step");
    return text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
  });
  readonly find: { matches: (name: string) => boolean; error: string | null } = $derived.by(() =>
    matcher(this.param("find")),
  );
  readonly shown: Heat | null = $derived.by(() => this.#part?.heat ?? this.heat.value);
  /** Rows of `shown` that are looked at, in their order. */
  readonly rows: readonly number[] = $derived.by(() => {
    const { family, shown } = this;
    if (!family || !shown) return [];
    const at = new Map(shown.tags.map((tag, row) => [tag, row]));
    const members = this.param("order") === "tensor" ? byTensor(family.members) : family.members;
    return members
      .filter((member) => this.find.matches(member.module))
      .map((member) => at.get(member.tag) ?? -1)
      .filter((row) => row >= 0 && (row >= shown.filled || shown.points[row] > 0));
  });
  readonly modules: ReadonlyMap<string, string> = $derived.by(
    () => new Map(this.family?.members.map((member) => [member.tag, member.module])),
  );
  readonly positive: boolean = $derived.by(() => (this.shown ? arePositive(this.shown) : false));

  constructor(board: Dashboard) {
    this.board = board;
    this.#histograms = kindTags(board, "histograms");
    this.heat = new Live(() => this.#question(this.run, MOST_COLUMNS, this.steps));
    this.others = new Live(() => this.#questionOfOthers());
    $effect(() => {
      if (this.heat.value) this.#part = null;
    });
  }

  param(key: string): string {
    return this.board.param(`layers.${key}`);
  }

  set(params: Readonly<Record<string, string>>): void {
    this.board.setParams(
      Object.fromEntries(Object.entries(params).map(([key, value]) => [`layers.${key}`, value])),
    );
  }

  /** The column that the chosen step is in; the first or the last one when none is chosen. */
  column(heat: Heat, otherwise: "first" | "last"): number {
    if (this.step === null) return otherwise === "first" ? 0 : heat.columns - 1;
    return columnAt(heat, this.step);
  }

  moduleOf(tag: string): string {
    return this.modules.get(tag) ?? tag;
  }

  #tagsOf(kind: Chosen["kind"] | undefined) {
    return kind === "histograms" ? (this.#histograms.value ?? []) : this.board.outline.tags;
  }

  #families(): Chosen[] {
    const of = (kind: Chosen["kind"]) =>
      families(this.#tagsOf(kind).map((tag) => tag.name)).map((family): Chosen => ({ ...family, kind }));
    return [...of("scalars"), ...of("histograms")];
  }

  #question(run: number | undefined, most: number, steps: readonly [number, number] | null) {
    const { family, stat, asked } = this;
    if (!family || run === undefined || asked.length === 0) return null;
    const key = [this.board.epoch, run, idOf(family), this.#version, stat, steps?.join("~") ?? "", most].join(
      " ",
    );
    return {
      key,
      revision: this.board.changedAt([run]),
      fetch: (signal: AbortSignal) => {
        const isFirst = untrack(() => this.shown?.run !== run || this.shown.tags !== asked);
        return fetchHeat(requestOf(run, family.kind, stat, asked, most, steps), signal, (heat) => {
          if (isFirst && most === MOST_COLUMNS) this.#part = { key, heat };
        }).finally(() => {
          if (this.#part?.key === key) this.#part = null;
        });
      },
    };
  }

  /** Of the other runs, for what lays runs over each other. */
  #questionOfOthers() {
    if (this.mode !== "profile") return null;
    const runs = this.runs.filter((run) => run !== this.run).slice(0, MOST_RUNS - 1);
    const questions = runs.map((run) => this.#question(run, 300, this.steps)).filter((one) => one !== null);
    if (questions.length === 0) return null;
    return {
      key: questions.map((one) => one.key).join("|"),
      revision: Math.max(...questions.map((one) => one.revision)),
      fetch: (signal: AbortSignal) => Promise.all(questions.map((one) => one.fetch(signal))),
    };
  }
}

/** As an address names it. */
export const idOf = (family: Chosen) => (family.kind === "histograms" ? `${family.name}:h` : family.name);

function requestOf(
  run: number,
  kind: Chosen["kind"],
  stat: HeatStat,
  tags: readonly string[],
  most: number,
  steps: readonly [number, number] | null,
): HeatRequest {
  const columns = Math.max(20, Math.min(most, Math.floor(MOST_CELLS / tags.length)));
  const [start, stop] = steps ?? [null, null];
  return { run, tags: tags as string[], kind, stat, columns, start, stop };
}

function rangeOf(text: string): readonly [number, number] | null {
  const [start, stop] = text.split("~").map(Number);
  return text !== "" && start < stop ? [start, stop] : null;
}

/** What the page knows of the server, and what the person looking at it has chosen. */

import { untrack } from "svelte";
import { fetchMatches, fetchOverview, fetchSeries, followChanges, Refusal } from "../api/client";
import type { Change, FileProblem, Overview, Progress, RunInfo, TagInfo } from "../api/types";
import { allPainted } from "../charts/schedule";
import type { ColourRule, Legend } from "./colouring";
import { RunColours } from "./colouring.svelte";
import { slotsOf } from "./colours";
import { type Band, GROUP, readBand, readKeys, type Setting } from "./grouping";
import { Live, type Question } from "./live.svelte";
import { Loader } from "./loader";
import { marks } from "./marks.svelte";
import { compareNames, matcher } from "./names";
import { Roster, type Wanted } from "./roster.svelte";
import { type FilterKind, isExpression } from "./runfilter";
import { groupTags, keepTags, reorder, sectionsOf, sortTags } from "./sections";
import { isTicked } from "./selection";
import { Workspace } from "./workspace.svelte";

export type Connection = "connecting" | "live" | "reconnecting" | "paused";

/** Which runs there are; their numbers, which change many times a second, are asked for one by one. */
interface Outline {
  runs: { id: number; name: string }[];
  tags: TagInfo[];
  slots: Map<number, number>;
}

/** Whom an expression finds; null when it never was right. */
interface Found {
  runs: ReadonlySet<number> | null;
  problem: string;
}

const LEAVE_MS = 10_000;

export class Dashboard extends Workspace {
  connection = $state<Connection>("connecting");
  /** Null until the first overview. */
  server = $state.raw<Pick<Overview, "version" | "logdir" | "index" | "notice"> | null>(null);
  outline = $state.raw<Outline>({ runs: [], tags: [], slots: new Map() });
  /** Kind of data → how many series of it there are, as of the last outline. */
  kinds = $state.raw<Readonly<Record<string, number>>>({});
  /** Runs with embeddings beside their event files. */
  projectors = $state.raw<readonly number[]>([]);
  progress = $state.raw<Progress | null>(null);
  problems = $state.raw<FileProblem[]>([]);
  revision = $state(0);
  points = $state(0);
  /** Counts up when charts must be asked for again whatever their revision: another server, other ids. */
  epoch = $state(0);
  /** The run under the pointer, in the list or in a chart. */
  highlighted = $state<number | null>(null);

  readonly loader = new Loader(fetchSeries, allPainted);

  #infos = new Map<number, RunInfo>();
  #changedAt = new Map<number, number>();
  #stop: (() => void) | null = null;
  #leaveTimer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #askAgain = false;
  /** What the stream began with. */
  #heard = { life: "", revision: 0 };
  /** Which server the overview came from. */
  #life = "";

  readonly #filterText = $derived(this.settings.filter.trim());
  readonly #isExpression = $derived(isExpression(this.#filterText));
  readonly #matches = new Live<Found>(() => this.#askMatches());
  readonly runMatcher = $derived(matcher(this.#isExpression ? "" : this.#filterText));
  // Each by itself: what is worked out from one of the settings is not worked out anew when another changes.
  readonly #search = $derived(this.settings.search);
  readonly #order = $derived(this.settings.order);
  readonly #pinned = $derived(this.settings.pinned);
  readonly #hidden = $derived(this.settings.hidden);
  readonly #made = $derived(this.settings.made);
  readonly tagMatcher = $derived(matcher(this.#search));
  /** Whether archived runs are there, too. */
  readonly withArchived = $derived(this.param("runs.archived") === "1");
  readonly #seen = $derived(
    this.withArchived
      ? this.outline.runs
      : this.outline.runs.filter((run) => !marks.runs[run.name]?.archived),
  );
  readonly archived = $derived(this.outline.runs.filter((run) => marks.runs[run.name]?.archived).length);
  /** The runs that the filter lets through, by their own names or those that people gave them. */
  readonly listed = $derived.by(() => {
    const { matches } = this.runMatcher;
    const found = this.#isExpression ? (this.#matches.value?.runs ?? null) : null;
    if (found) return this.#seen.filter((run) => found.has(run.id));
    return this.#seen.filter((run) => matches(run.name) || matches(this.titleOf(run.name)));
  });
  readonly #selection = $derived(this.settings.selection);
  /** Of those, the ones that are ticked: what charts draw. */
  readonly shown = $derived(
    new Set(this.listed.filter((run) => isTicked(this.#selection, run.name)).map((run) => run.id)),
  );
  /** Tags by name. */
  readonly tags = $derived(new Map(this.outline.tags.map((tag) => [tag.name, tag])));
  readonly #groups = $derived(groupTags(this.outline.tags));
  readonly #ordered = $derived(reorder(this.#groups, this.#order));
  readonly #elsewhere = $derived(new Set([...this.#pinned, ...this.#hidden]));
  /** Of the groups, the tags that a run shown has: what a search looks through. */
  readonly #searched = $derived.by(() => {
    const { shown } = this;
    return keepTags(this.#ordered, (tag) => tag.runs.some((run) => shown.has(run)));
  });
  /** Charts that the search lets through and that a run shown has something to draw for. */
  readonly sections = $derived.by(() => {
    const { matches } = this.tagMatcher;
    const made = this.#made.map((card) => card.id);
    return sectionsOf(
      this.#searched,
      this.#pinned.filter((id) => !this.#hidden.includes(id) && this.#isSeen(id)),
      made.filter((id) => !this.#elsewhere.has(id) && this.#isSeen(id)),
      this.#elsewhere,
      matches,
    );
  });
  readonly names = $derived(new Map(this.outline.runs.map((run) => [run.id, run.name])));

  readonly #groupText = $derived(this.param("runs.group"));
  /** Keys of the configuration by which runs are grouped. */
  readonly groupBy: readonly string[] = $derived(readKeys(this.#groupText));
  /** What is drawn around the mean of a group. */
  readonly band: Band = $derived(readBand(this.param("runs.band")));
  /** State, group, settings and values of the runs. */
  readonly roster = new Roster(() => this.#wanted());
  /** What of them a view has columns for. */
  wanted = $state.raw<Wanted>({ tags: [], config: [] });
  readonly #colours = new RunColours(this);

  /** What the run filter is taken for, and what is wrong with it. */
  get filterKind(): FilterKind {
    if (this.#filterText === "") return "none";
    if (this.#isExpression) return "expression";
    return this.runMatcher.error === null ? "regex" : "text";
  }

  get filterProblem(): string {
    return this.#isExpression ? (this.#matches.value?.problem ?? "") : "";
  }

  /** Whom an expression finds; while it is wrong, whom the last right one found. */
  #askMatches(): Question<Found> | null {
    const filter = this.#filterText;
    if (!this.#isExpression || this.server === null) return null;
    const before = untrack(() => this.#matches.value?.runs ?? null);
    const fetch = async (signal: AbortSignal) => {
      try {
        return { runs: new Set((await fetchMatches(filter, signal)).runs), problem: "" };
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 400) throw error;
        return { runs: before, problem: error.message };
      }
    };
    return { key: `${this.epoch} ${this.withArchived} ${filter}`, revision: this.revision, fetch };
  }

  /** As people call the run of this name. */
  titleOf(name: string): string {
    return marks.runs[name]?.name || name;
  }

  get colourBy(): ColourRule {
    return this.#colours.rule;
  }

  /** Run → `#rrggbb`, by the rule, or as people chose it. */
  get colours(): ReadonlyMap<number, string> {
    return this.#colours.all;
  }

  get legend(): Legend | null {
    return this.#colours.legend;
  }

  /** The colour of a group, by its values of `groupBy`. */
  groupColour(values: readonly string[]): string {
    return this.#colours.ofGroup(values);
  }

  /** What people, or else the run itself, say that it belongs to. */
  groupOf(run: number): string {
    return marks.of(this.names.get(run) ?? "").group || (this.roster.rows.get(run)?.own_group ?? "");
  }

  /** The run's own tags, then those that people gave it. */
  tagsOf(run: number): string[] {
    const row = this.roster.rows.get(run);
    const own = row ? row.tags.slice(0, row.tags.length - (row.mark?.tags.length ?? 0)) : [];
    return [...new Set([...own, ...marks.of(this.names.get(run) ?? "").tags])];
  }

  /** A run's value of one of the keys that runs are grouped by. */
  settingOf(run: number, key: string): Setting {
    return (key === GROUP && this.groupOf(run)) || this.roster.setting(run, key);
  }

  #wanted() {
    if (this.outline.runs.length === 0 || this.connection === "reconnecting") return null;
    const config = new Set([...this.groupBy, ...this.wanted.config]);
    if (this.colourBy.by === "config") config.add(this.colourBy.key);
    const what = { tags: this.wanted.tags, config: [...config] };
    return { key: String(this.epoch), revision: this.revision, what, follow: this.connection === "live" };
  }

  /** Follow the server, until `pause`. */
  start(): void {
    this.connection = "connecting";
    this.#askOverview();
    this.#stop = followChanges(
      (change) => this.#onChange(change),
      () => {
        this.connection = "reconnecting";
      },
    );
  }

  pause(): void {
    this.#disconnect();
    this.connection = "paused";
  }

  /**
   * The page is seen, or no longer. Browsers allow six connections to a server, over all tabs: a page that nobody looks
   * at gives its own back.
   */
  attend(seen: boolean): void {
    clearTimeout(this.#leaveTimer);
    if (this.connection === "paused") return;
    if (!seen) this.#leaveTimer = setTimeout(() => this.#disconnect(), LEAVE_MS);
    else if (!this.#stop) this.start();
  }

  #disconnect(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** A run's numbers as of `revision`. */
  info(run: number): RunInfo | undefined {
    this.revision; // tracked: whoever reads numbers is told of new ones
    return this.#infos.get(run);
  }

  /** The revision at which one of `runs` last changed. */
  changedAt(runs: readonly number[]): number {
    let latest = 0;
    for (const run of runs) latest = Math.max(latest, this.#changedAt.get(run) ?? 0);
    return latest;
  }

  /** Those of `runs` that changed after `revision`. */
  changedSince(runs: readonly number[], revision: number): number[] {
    return runs.filter((run) => (this.#changedAt.get(run) ?? 0) > revision);
  }

  #onChange(change: Change): void {
    if (this.connection !== "live") {
      // The first of a stream names the server; the overview may know all there is already, or be about to.
      this.connection = "live";
      this.#heard = { life: change.life ?? "", revision: change.revision };
      const known = change.life === this.#life && change.revision === this.revision;
      if (!known && !this.#asking) this.#askOverview();
      return;
    }
    if (change.outline) this.#askOverview();
    if (change.progress) this.progress = change.progress;
    if (change.problems) this.problems = change.problems;
    if (change.marks) this.#askMarks(change.marks);
    let points = this.points;
    for (const run of change.runs ?? []) {
      const known = this.#infos.get(run.id);
      if (!known) continue; // an overview is on its way
      const now = { ...known, ...run } as RunInfo;
      points += now.points - known.points;
      this.#infos.set(run.id, now);
      if (hasGrown(known, now)) this.#changedAt.set(run.id, change.revision);
    }
    this.points = points;
    this.revision = change.revision;
    this.loader.poke();
  }

  /** Marks that could not be fetched are asked for with the next change of theirs. */
  #askMarks(revision?: number): void {
    marks.refresh(revision).catch(() => {});
  }

  #isSeen(id: string): boolean {
    const { drawn, title } = this.card(id);
    const isThere =
      id === drawn[0].y ? this.tags.get(id)?.runs.some((run) => this.shown.has(run)) : this.shown.size > 0;
    return (isThere ?? false) && [title ?? "", ...drawn.map((one) => one.y)].some(this.tagMatcher.matches);
  }

  /** So that no archived run is seen for a moment. */
  async #firstMarks(): Promise<void> {
    if (this.#life === "") await marks.refresh().catch(() => {});
  }

  async #askOverview(): Promise<void> {
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    try {
      do {
        this.#askAgain = false;
        const [overview] = await Promise.all([fetchOverview(), this.#firstMarks()]);
        await this.arrive(overview.logdir);
        this.#onOverview(overview);
      } while (this.#askAgain || (this.#life === this.#heard.life && this.revision < this.#heard.revision));
    } catch {
      if (this.connection === "live") this.connection = "reconnecting";
      setTimeout(() => this.#askOverview(), 1000);
    } finally {
      this.#asking = false;
    }
  }

  #onOverview(overview: Overview): void {
    const { version, logdir, index, notice } = overview;
    if (overview.life !== this.#life) {
      if (this.#life !== "") {
        marks.forget();
        this.#askMarks();
      }
      this.#life = overview.life;
      this.epoch++;
      this.#changedAt.clear();
    }
    this.server = { version, logdir, index, notice };
    this.progress = overview.progress;
    this.problems = overview.problems;
    const projectors = overview.projectors.length;
    this.kinds = projectors > 0 ? { ...overview.kinds, projectors } : overview.kinds;
    this.projectors = overview.projectors;
    for (const run of overview.runs) {
      const known = this.#infos.get(run.id);
      if (!known || hasGrown(known, run)) this.#changedAt.set(run.id, overview.revision);
    }
    this.#infos = new Map(overview.runs.map((run) => [run.id, run]));
    this.points = overview.runs.reduce((sum, run) => sum + run.points, 0);
    this.revision = overview.revision;
    this.outline = {
      runs: overview.runs.map(({ id, name }) => ({ id, name })).sort((a, b) => compareNames(a.name, b.name)),
      tags: sortTags(overview.tags),
      slots: slotsOf(overview.runs),
    };
    this.loader.poke();
  }
}

function hasGrown(before: RunInfo, now: RunInfo): boolean {
  return before.points !== now.points || before.entries !== now.entries || before.last_wall !== now.last_wall;
}

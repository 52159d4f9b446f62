/** What the view of embeddings shows: chosen by the address, fetched, projected, coloured. */

import { untrack } from "svelte";
import { fetchEmbeddings, fetchLabels, fetchPoints } from "../../api/client";
import type { EmbeddingInfo, EmbeddingPoints } from "../../api/types";
import type { Dashboard } from "../../data/dashboard.svelte";
import { type Column, coloursOf, columnOf, isColourable, search } from "../../data/embedding/columns";
import { type Neighbour, nearest } from "../../data/embedding/neighbours";
import type { Metric, Points, Preparation } from "../../data/embedding/points";
import { aligned } from "../../data/embedding/procrustes";
import { type Method, type News, Projector } from "../../data/embedding/projector";
import { Live } from "../../data/live.svelte";
import { matcher, shortName } from "../../data/names";
import { placeOf } from "../../data/steps";
import { theme } from "../../data/theme.svelte";

type Key =
  | "run"
  | "tag"
  | "step"
  | "method"
  | "dimensions"
  | "x"
  | "y"
  | "z"
  | "perplexity"
  | "neighbours"
  | "metric"
  | "data"
  | "colour"
  | "label"
  | "labels"
  | "pictures"
  | "size"
  | "search"
  | "point"
  | "near"
  | "camera";

/** Opacities, of 255. */
const PLAIN = 225;
const MARKED = 255;
const FADED = 46;

const METHODS: readonly Method[] = ["pca", "tsne", "umap"];
const PREPARATIONS: readonly Preparation[] = ["centre", "none", "sphere"];

export class Model {
  readonly board: Dashboard;
  readonly #list: Live<{ run: number; embeddings: EmbeddingInfo[] }>;
  readonly #data: Live<EmbeddingPoints>;
  readonly #labels: Live<{ of: string; columns: Column[] }>;
  readonly #projector = new Projector();

  /** The principal components of the points, when they are known. */
  components = $state.raw<(News & { kind: "components" }) | null>(null);
  layout = $state.raw<Float32Array | null>(null);
  phase = $state<"reducing" | "neighbours" | null>(null);
  part = $state(0);
  iteration = $state(0);
  total = $state(0);
  busy = $state(false);
  paused = $state(false);
  failed = $state<string | null>(null);
  broken = $state(0);
  /** Counts up to begin a layout again. */
  round = $state(0);
  selection = $state.raw<readonly number[]>([]);
  isolated = $state.raw<ReadonlySet<number> | null>(null);
  hovered = $state(-1);

  /** What the positions on the screen are of, and where they are: those of another step are turned onto them. */
  /** The embedding that `components` and `layout` are of. */
  #of = $state("");
  #anchor: { key: string; step: string; positions: Float32Array } | null = null;

  constructor(board: Dashboard) {
    this.board = board;
    this.#list = new Live(() => {
      const run = this.run;
      if (run === null) return null;
      return {
        key: String(run),
        revision: board.changedAt([run]),
        fetch: (signal) => fetchEmbeddings(run, signal),
      };
    });
    this.#data = new Live(() => {
      const [run, info] = [this.run, this.info];
      if (run === null || !info) return null;
      return { key: `${run} ${info.name}`, fetch: (signal) => fetchPoints(run, info.name, signal) };
    });
    this.#labels = new Live(() => {
      const [data, info] = [this.data, this.info];
      if (!data || info?.name !== data.name || !info.has_labels) return null;
      const { run, name, stride, total } = data;
      const of = `${run} ${name} ${stride}`;
      const fetch = async (signal: AbortSignal) => {
        const { columns, values } = await fetchLabels({ run, name, stride, points: total }, signal);
        const count = data.points;
        const fitted = values.map((column) => Array.from({ length: count }, (_, i) => column[i] ?? ""));
        return { of, columns: columns.map((column, c) => columnOf(column, fitted[c])) };
      };
      return { key: of, fetch };
    });
    $effect(() => this.#project());
    $effect(() => () => this.#projector.stop());
    $effect(() => {
      this.data; // other points: what was chosen among the old ones says nothing
      this.selection = [];
      this.isolated = null;
      this.hovered = -1;
    });
  }

  param(key: Key): string {
    return this.board.param(`embeddings.${key}`);
  }

  set(params: Partial<Record<Key, string>>): void {
    this.board.setParams(
      Object.fromEntries(Object.entries(params).map(([key, value]) => [`embeddings.${key}`, value])),
    );
  }

  readonly runs = $derived.by(() => {
    const some = new Set(this.board.projectors);
    return this.board.outline.runs.filter((run) => some.has(run.id));
  });
  readonly run = $derived.by((): number | null => {
    const wanted = this.param("run");
    const { runs } = this;
    const chosen = runs.find((run) => shortName(run.name) === wanted);
    return (chosen ?? runs.find((run) => this.board.shown.has(run.id)) ?? runs[0])?.id ?? null;
  });
  readonly embeddings = $derived.by(() => {
    const list = this.#list.value;
    return list && list.run === this.run ? list.embeddings : [];
  });
  readonly listError = $derived.by(() => this.#list.error);
  readonly tags = $derived([...new Set(this.embeddings.map((one) => one.tag))]);
  readonly tag = $derived.by(() => this.tags.find((tag) => tag === this.param("tag")) ?? this.tags[0] ?? "");
  readonly steps = $derived.by(() => {
    const steps = this.embeddings.filter((one) => one.tag === this.tag).flatMap((one) => one.step ?? []);
    return steps.sort((a, b) => a - b);
  });
  readonly step = $derived.by((): number | null => {
    const text = this.param("step");
    return text === "" ? null : Number(text);
  });
  readonly info = $derived.by((): EmbeddingInfo | undefined => {
    const some = this.embeddings.filter((one) => one.tag === this.tag);
    const at = this.steps[placeOf(this.steps, this.step)];
    return some.find((one) => one.step === at) ?? some[0];
  });

  readonly data = $derived.by((): EmbeddingPoints | null => this.#data.value);
  readonly dataError = $derived.by(() => this.#data.error);
  readonly labelsError = $derived.by(() => (this.info?.has_labels ? this.#labels.error : null));
  readonly loading = $derived.by(
    () => this.#data.loading || (this.#list.value === null && !this.#list.error),
  );
  readonly points = $derived.by((): Points | null => {
    const { data } = this;
    if (!data || data.points === 0 || data.dimensions === 0) return null;
    const values = new Float32Array(data.values.slice().buffer);
    return { count: data.points, dimensions: data.dimensions, values };
  });
  readonly columns = $derived.by((): readonly Column[] => {
    const [labels, data] = [this.#labels.value, this.data];
    return labels && data && labels.of === `${data.run} ${data.name} ${data.stride}` ? labels.columns : [];
  });

  readonly method = $derived.by(() => METHODS.find((m) => m === this.param("method")) ?? "pca");
  readonly flat = $derived.by(() => this.param("dimensions") !== "3");
  readonly metric = $derived.by(
    (): Metric => (this.param("metric") === "euclidean" ? "euclidean" : "cosine"),
  );
  readonly preparation = $derived.by(() => PREPARATIONS.find((p) => p === this.param("data")) ?? "centre");
  readonly perplexity = $derived.by(() => within(this.param("perplexity"), 2, 100, 30));
  readonly neighbours = $derived.by(() => within(this.param("neighbours"), 2, 100, 15));
  readonly near = $derived.by(() => within(this.param("near"), 1, 500, 20));
  readonly size = $derived.by(() => within(this.param("size"), 1, 100, 0));
  readonly axes = $derived.by((): [number, number, number] => {
    const most = (this.components?.count ?? 10) - 1;
    const of = (key: "x" | "y" | "z", fallback: number) =>
      Math.min(most, within(this.param(key), 1, 10, fallback + 1) - 1);
    return [of("x", 0), of("y", 1), of("z", 2)];
  });

  /** Three numbers a point. Until those of another step are known, the ones before stay. */
  readonly positions = $derived.by((): Float32Array | null => {
    const { data } = this;
    if (!data) return null;
    const found =
      this.#of === data.name ? (this.method === "pca" ? this.#chosenComponents() : this.layout) : null;
    const key = [data.run, this.tag, this.method, this.flat, this.axes, this.preparation].join(" ");
    const before = this.#anchor?.key === key ? this.#anchor : null;
    if (!found || found.length !== data.points * 3)
      return before?.positions.length === data.points * 3 ? before.positions : null;
    if (this.method !== "pca" || !before) this.#anchor = { key, step: data.name, positions: found };
    else if (before.step !== data.name)
      this.#anchor = { key, step: data.name, positions: aligned(found, before.positions, this.flat) };
    return this.#anchor?.positions ?? null;
  });

  readonly colouring = $derived.by((): Column | null => {
    const wanted = this.param("colour");
    if (wanted === "-") return null;
    const { columns } = this;
    const byName = columns.find((column, c) => wanted !== "" && (column.name || String(c)) === wanted);
    return byName ?? columns.find((column) => isColourable(column)) ?? null;
  });
  readonly labelling = $derived.by((): Column | undefined => {
    const wanted = this.param("label");
    return this.columns.find((column, c) => (column.name || String(c)) === wanted) ?? this.columns[0];
  });
  readonly showLabels = $derived.by(() => this.param("labels") === "1");
  readonly showPictures = $derived.by(() => this.info?.sprite !== "" && this.param("pictures") !== "0");

  readonly searching = $derived.by(() => matcher(this.param("search")));
  readonly found = $derived.by(() =>
    this.param("search") === "" ? [] : search(this.columns, this.searching.matches),
  );
  readonly point = $derived.by(() => {
    const text = this.param("point");
    const index = text === "" ? -1 : Number(text);
    return Number.isInteger(index) && index >= 0 && index < (this.points?.count ?? 0) ? index : -1;
  });
  readonly nearest = $derived.by((): Neighbour[] => {
    const { points, point, isolated } = this;
    if (!points || point < 0) return [];
    return nearest(points, point, this.near, this.metric, (i) => !isolated || isolated.has(i));
  });
  /** What is to stand out; empty: everything does alike. */
  readonly marked = $derived.by((): readonly number[] => {
    if (this.point >= 0) return [this.point, ...this.nearest.map((one) => one.index)];
    return this.selection.length > 0 ? this.selection : this.found;
  });

  readonly colours = $derived.by((): Uint8Array => {
    const count = this.points?.count ?? 0;
    const [plain, other] = theme.dark ? ["#7f9bff", "#6b7280"] : ["#3559e0", "#9aa3b0"];
    const base = coloursOf(this.colouring, count, theme.dark, plain, other);
    const marked = new Set(this.marked);
    const out = new Uint8Array(count * 4);
    for (let i = 0; i < count; i++) {
      out[i * 4] = base[i * 3];
      out[i * 4 + 1] = base[i * 3 + 1];
      out[i * 4 + 2] = base[i * 3 + 2];
      const strength = marked.size === 0 ? PLAIN : marked.has(i) ? MARKED : FADED;
      out[i * 4 + 3] = this.isolated && !this.isolated.has(i) ? 0 : strength;
    }
    return out;
  });

  labelOf(i: number): string {
    return this.labelling?.values[i] || `#${i * (this.data?.stride ?? 1)}`;
  }

  isolate(some: readonly number[]): void {
    this.isolated = new Set(some);
  }

  clear(): void {
    this.selection = [];
    this.isolated = null;
    this.set({ point: "", search: "" });
  }

  pause(): void {
    this.paused = !this.paused;
    if (this.paused) this.#projector.pause();
    else this.#projector.resume();
  }

  #chosenComponents(): Float32Array | null {
    const { components, axes, flat } = this;
    if (!components) return null;
    const { count, scores } = components;
    const out = new Float32Array((scores.length / count) * 3);
    for (let i = 0, at = 0; i < out.length; i += 3, at += count) {
      out[i] = scores[at + axes[0]];
      out[i + 1] = scores[at + axes[1]];
      out[i + 2] = flat ? 0 : scores[at + axes[2]];
    }
    return out;
  }

  #project(): void {
    const { points, preparation, method } = this;
    this.round;
    this.#projector.stop();
    this.phase = null;
    this.failed = null;
    this.iteration = 0;
    this.paused = false;
    this.busy = points !== null;
    if (!points) return;
    const of = untrack(() => this.data?.name ?? "");
    const hear = (news: News) => this.#hear(news, of);
    if (method === "pca") {
      this.#projector.start(
        { method, points, preparation, metric: "euclidean", dimensions: 2, neighbours: 0 },
        hear,
      );
      return;
    }
    const dimensions = this.flat ? 2 : 3;
    const start = untrack(() => this.#startOf(points.count, dimensions, of));
    this.#projector.start(
      {
        method,
        points,
        preparation,
        metric: this.metric,
        dimensions,
        neighbours: method === "umap" ? this.neighbours : this.perplexity,
        ...(start ? { start } : {}),
      },
      hear,
    );
  }

  /** A layout of another step begins where the one before ended, so that points keep their places. */
  #startOf(count: number, dimensions: 2 | 3, of: string): Float32Array | null {
    const { layout } = this;
    if (!layout || layout.length !== count * 3 || this.#of === of) return null;
    return layout.filter((_, at) => at % 3 < dimensions);
  }

  #hear(news: News, of: string): void {
    if (news.kind === "phase") {
      this.phase = news.phase;
      this.part = news.part;
    } else if (news.kind === "failed") {
      this.failed = news.reason;
      this.busy = false;
    } else {
      this.phase = null;
      this.broken = news.broken;
      if (news.kind === "components") {
        this.components = news;
        this.#of = of;
        this.busy = false;
      } else {
        this.layout = news.positions;
        this.#of = of;
        this.iteration = news.iteration;
        this.total = news.total;
        this.busy = news.iteration < news.total;
      }
    }
  }
}

/** A whole number of the address within limits. */
function within(text: string, least: number, most: number, otherwise: number): number {
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.round(Math.min(most, Math.max(least, value))) : otherwise;
}

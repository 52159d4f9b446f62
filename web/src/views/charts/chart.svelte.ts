/** One chart's data: asked of the server, kept up to date, and put together as what is drawn. */

import type { ChartColumns } from "../../api/columns";
import type { ChartRequest } from "../../api/types";
import { type AxesKind, plotWidth } from "../../charts/axes";
import type { Drawing, Part, Size } from "../../charts/figure";
import { columnsFor } from "../../charts/view";
import { between } from "../../data/bands";
import type { Card, Drawn } from "../../data/card";
import type { Dashboard } from "../../data/dashboard.svelte";
import { figureOf, frameOf, requestFor, runsOf, sharesAxis } from "../../data/figure";
import type { Pane, Wish } from "../../data/loader";
import { markersHere } from "../../data/markers.svelte";

/** What a chart depends on. */
export interface Inputs {
  board: Dashboard;
  card: Card;
  /** Of the whole plot, in CSS pixels. */
  size: Size;
  /** Lower is asked for earlier. */
  order: number;
  /** Instead of those that the page shows. */
  runs?: ReadonlySet<number>;
  /** A run whose line is subtracted from each. */
  minus?: number;
}

interface Answer {
  chart: ChartColumns;
  /** Of the request: what is drawn together must agree in it. */
  frame: string;
  epoch: number;
}

interface Asked {
  request: ChartRequest;
  key: string;
}

/** The tags and expressions that have to be asked for. */
const namesOf = (drawn: Drawn): string[] => [drawn.y, ...(drawn.between ?? [])];

/** To be made while a component is, like its `$state`. */
export class Chart {
  /** A range dragged in a chart that has an axis of its own. */
  ownZoom = $state.raw<readonly [number, number] | null>(null);

  #inputs: () => Inputs;
  #markers = markersHere();
  #answers = $state.raw<ReadonlyMap<string, Answer>>(new Map());
  #shown = $state.raw<ReadonlyMap<string, Answer>>(new Map());

  readonly #board = $derived.by(() => this.#inputs().board);
  readonly card: Card = $derived.by(() => this.#inputs().card);
  readonly figure = $derived.by(() => figureOf(this.card, this.#board.settings));
  readonly isLinked = $derived.by(() => sharesAxis(this.figure, this.#board.settings));
  readonly zoom = $derived.by(() => (this.isLinked ? this.#board.settings.zoom : this.ownZoom));
  readonly hasRight = $derived.by(() => this.card.drawn.some((one) => one.right));
  readonly #tags = $derived.by(() => JSON.stringify([...new Set(this.card.drawn.flatMap(namesOf))]));
  readonly #asked: ReadonlyMap<string, Asked> = $derived.by(() => this.#askEach());

  readonly #keys = $derived.by(() => [...this.#asked.values()].map((one) => one.key).join("\n"));

  constructor(inputs: () => Inputs) {
    this.#inputs = inputs;
    $effect(() => this.#follow(JSON.parse(this.#tags)));
    $effect(() => {
      this.#keys;
      this.#board.loader.poke(true);
    });
  }

  #askEach(): Map<string, Asked> {
    const board = this.#board;
    const { size, runs: single, minus } = this.#inputs();
    const chosen = single ?? board.shown;
    // Runs that a page looks at one by one are not averaged.
    const group = single || minus !== undefined ? [] : board.groupBy;
    const { figure, zoom } = this;
    const asked = new Map<string, Asked>();
    for (const y of this.card.drawn.flatMap(namesOf)) {
      const runs = runsOf(y, board.tags, chosen);
      if (runs.length === 0) continue;
      const columns = columnsFor(plotWidth(size.width, this.hasRight) * devicePixelRatio, runs.length);
      const request = {
        ...requestFor(y, figure, { runs, columns, zoom, group, band: board.band }),
        ...(minus === undefined ? {} : { minus }),
      };
      asked.set(y, { request, key: `${board.epoch} ${JSON.stringify(request)}` });
    }
    return asked;
  }

  /** One pane for each tag or expression. */
  #follow(tags: string[]): () => void {
    const panes = tags.map((tag) => this.#pane(tag));
    for (const pane of panes) this.#board.loader.add(pane);
    this.#board.loader.poke(true);
    return () => {
      for (const pane of panes) this.#board.loader.remove(pane);
    };
  }

  #pane(tag: string): Pane {
    return {
      wish: () => {
        const asked = this.#asked.get(tag);
        if (!asked) return null;
        const { runs, minus } = asked.request;
        const subtracted = typeof minus === "number" ? [minus] : [];
        return {
          ...asked,
          revision: this.#board.changedAt([...runs, ...subtracted]),
          changedSince: (revision) =>
            this.#board.changedSince(subtracted, revision).length > 0
              ? runs
              : this.#board.changedSince(runs, revision),
          order: this.#inputs().order,
        };
      },
      receive: (chart, wish) => this.#receive(tag, chart, wish),
    };
  }

  #receive(tag: string, chart: ChartColumns, wish: Wish): void {
    const answer = { chart, frame: frameOf(wish.request), epoch: this.#board.epoch };
    // What is drawn no longer is forgotten.
    const kept = [...this.#answers].filter(([one]) => this.#asked.has(one));
    this.#answers = new Map(kept).set(tag, answer);
    const wanted = [...this.#asked.keys()].map((one) => this.#answers.get(one));
    const agree = wanted.every((one) => one && one.frame === answer.frame && one.epoch === answer.epoch);
    if (agree) this.#shown = this.#answers; // the old ones stay until all of the new kind are there
  }

  /** Null until the first answers are there; nothing where there is nothing to ask. */
  readonly parts: readonly Part[] | null = $derived.by(() => {
    const parts: Part[] = [];
    for (const [number, { y, right = false, between: edges }] of this.card.drawn.entries()) {
      const chart = this.#drawn(y, edges);
      if (chart && chart.error === null && this.#asked.has(y)) parts.push({ name: y, chart, right, number });
    }
    return this.#shown.size > 0 || this.#asked.size === 0 ? parts : null;
  });

  /** The curves of a tag, with a band between those of two others where there are to be some. */
  #drawn(y: string, edges?: readonly [string, string]): ChartColumns | undefined {
    const chart = this.#shown.get(y)?.chart;
    const [low, high] = (edges ?? []).map((edge) => this.#shown.get(edge)?.chart);
    return chart && low && high && low.error === null && high.error === null
      ? between(chart, low, high)
      : chart;
  }

  /** What the server said is wrong with what is to be drawn. */
  readonly errors: readonly string[] = $derived.by(() => {
    const errors = this.card.drawn.map(({ y }) => this.#shown.get(y)?.chart.error ?? null);
    return [...new Set(errors.filter((error) => error !== null))];
  });

  readonly hasCurves = $derived.by(() => this.parts?.some((part) => part.chart.curves.length > 0) ?? false);

  /** The axes of what is shown now, which may be older than what is wanted. */
  readonly axes: AxesKind | null = $derived.by(() => {
    const [answer] = this.#shown.values();
    if (!answer) return null;
    const [axis, x, scale] = JSON.parse(answer.frame);
    const { left, right } = this.figure;
    return {
      axis,
      other: x !== "",
      xLog: scale === "log",
      left: left.scale,
      right: this.hasRight ? right.scale : null,
    };
  });

  readonly frame = $derived.by(() => [...this.#shown.values()][0]?.frame ?? "");

  readonly drawing: Drawing | null = $derived.by(() => {
    const { parts, axes, figure } = this;
    if (!parts || !axes) return null;
    const isCurrent = axes.axis === figure.axis && axes.other === (figure.x !== "");
    return {
      parts,
      axis: axes.axis,
      x: axes.other ? figure.x : "",
      xLog: axes.xLog,
      left: figure.left,
      right: figure.right,
      ignoreOutliers: figure.ignoreOutliers,
      zoom: isCurrent ? this.zoom : null,
      points: figure.points,
      markers: axes.other ? [] : (this.#markers?.on(axes.axis) ?? []),
    };
  });

  zoomTo(zoom: readonly [number, number]): void {
    if (this.isLinked) this.#board.change({ zoom });
    else this.ownZoom = zoom;
  }

  /** Everything again: no zoom, and no limits of y. */
  resetZoom(): void {
    if (this.isLinked) this.#board.change({ zoom: null });
    this.ownZoom = null;
    const { yMin, yMax, rightMin, rightMax, id } = this.card;
    if ([yMin, yMax, rightMin, rightMax].some((limit) => limit !== undefined))
      this.#board.editCard(id, {
        yMin: undefined,
        yMax: undefined,
        rightMin: undefined,
        rightMax: undefined,
      });
  }

  /** What the server is asked for all that is drawn, as it is now. */
  get requests(): ChartRequest[] {
    return [...this.#asked.values()].map((one) => one.request);
  }
}

/** What a shared address restores. Only what differs from the default is written. */

import type { Axis } from "../api/types";
import {
  type Card,
  type CardOptions,
  SCALES,
  type Scale,
  SMOOTHING_KINDS,
  type SmoothingKind,
  X_SCALES,
  type XScale,
} from "./card";
import { readCard, readOptionsOf, writeCard, writeOptions } from "./cardcode";
import { ALL, type Selection } from "./selection";
import { LARGE, type Move, type Size } from "./workspace";

/** The views there are, in the order in which the page offers them. */
export const VIEWS = [
  "charts",
  "runs",
  "layers",
  "images",
  "audio",
  "text",
  "histograms",
  "evaluation",
  "hparams",
  "custom",
  "graph",
  "embeddings",
  "meshes",
  "raw",
  "compare",
  "run",
] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Settings {
  view: ViewName;
  /** What other views keep: "view.key" → value. Empty values are left out. */
  params: Readonly<Record<string, string>>;
  /** The view alone, without the page around it: in a frame of another page. */
  embedded: boolean;
  /** Regular expression over run names. */
  filter: string;
  /** Regular expression over tags. */
  search: string;
  axis: Axis;
  /** Instead of the axis: a tag or an expression; "" for none. */
  x: string;
  xScale: XScale;
  yScale: Scale;
  smoothing: number;
  smoothingKind: SmoothingKind;
  ignoreOutliers: boolean;
  zoom: readonly [number, number] | null;
  /** Names of collapsed sections. */
  collapsed: readonly string[];
  /** Charts that people made. */
  made: readonly Card[];
  /** What was said of a chart that is there by itself, by its tag. */
  cards: Readonly<Record<string, CardOptions>>;
  /** Ids of the charts in the first section, in their order. */
  pinned: readonly string[];
  hidden: readonly string[];
  /** Of the charts that are not one cell of the grid, by id. */
  sizes: Readonly<Record<string, Size>>;
  /** Where charts stand that were moved within their section. */
  order: readonly Move[];
  /** The saved view that this was once; "" for none. */
  saved: string;
  selection: Selection;
}

export const DEFAULTS: Settings = {
  view: "charts",
  params: {},
  embedded: false,
  filter: "",
  search: "",
  axis: "step",
  x: "",
  xScale: "linear",
  yScale: "linear",
  smoothing: 0.6,
  smoothingKind: "ema",
  ignoreOutliers: true,
  zoom: null,
  collapsed: [],
  made: [],
  cards: {},
  pinned: [],
  hidden: [],
  sizes: {},
  order: [],
  saved: "",
  selection: ALL,
};

/** Beyond this an address would be too long to share; the run filter serves better. */
const MOST_NAMES = 500;
const AXES: readonly Axis[] = ["step", "relative", "wall"];

/** `most`: of the names of runs. */
export function writeAddress(settings: Settings, most = MOST_NAMES): string {
  const query = new URLSearchParams();
  if (settings.view !== DEFAULTS.view) query.set("view", settings.view);
  if (settings.embedded) query.set("embed", "1");
  if (settings.filter) query.set("runs", settings.filter);
  if (settings.search) query.set("tags", settings.search);
  if (settings.axis !== DEFAULTS.axis) query.set("axis", settings.axis);
  if (settings.smoothing !== DEFAULTS.smoothing) query.set("smoothing", String(settings.smoothing));
  if (settings.smoothingKind !== DEFAULTS.smoothingKind) query.set("smoother", settings.smoothingKind);
  if (settings.x) query.set("x", settings.x);
  if (settings.xScale !== DEFAULTS.xScale) query.set("xscale", settings.xScale);
  if (settings.yScale === "log") query.set("log", "1");
  else if (settings.yScale !== DEFAULTS.yScale) query.set("yscale", settings.yScale);
  if (settings.ignoreOutliers !== DEFAULTS.ignoreOutliers) query.set("outliers", "1");
  if (settings.zoom) query.set("zoom", settings.zoom.join("~"));
  for (const section of settings.collapsed) query.append("closed", section);
  writeGrid(settings, query);
  const { only, names } = settings.selection;
  if ((only || names.size > 0) && names.size <= most)
    query.set(only ? "only" : "hide", [...names].sort().join("."));
  if (settings.saved) query.set("from", settings.saved);
  for (const [key, value] of Object.entries(settings.params)) if (value) query.set(key, value);
  return query.toString();
}

function writeGrid(settings: Settings, query: URLSearchParams): void {
  for (const card of settings.made) query.append("chart", writeCard(card));
  for (const [id, options] of Object.entries(settings.cards)) query.append("card", writeOptions(id, options));
  for (const id of settings.pinned) query.append("pin", id);
  for (const id of settings.hidden) query.append("without", id);
  for (const [id, { columns, rows }] of Object.entries(settings.sizes))
    query.append("size", `${columns}x${rows} ${id}`);
  for (const { id, before } of settings.order) {
    query.append("move", id);
    query.append("before", before);
  }
}

export function readAddress(text: string): Settings {
  const query = new URLSearchParams(text);
  const smoothing = Number(query.get("smoothing") ?? Number.NaN);
  return {
    view: oneOf(VIEWS, query.get("view"), DEFAULTS.view),
    params: Object.fromEntries([...query].filter(([key, value]) => isParam(key) && value !== "")),
    embedded: query.get("embed") === "1",
    filter: query.get("runs") ?? "",
    search: query.get("tags") ?? "",
    axis: oneOf(AXES, query.get("axis"), DEFAULTS.axis),
    smoothing: smoothing >= 0 && smoothing < 1 ? smoothing : DEFAULTS.smoothing,
    smoothingKind: oneOf(SMOOTHING_KINDS, query.get("smoother"), DEFAULTS.smoothingKind),
    x: query.get("x") ?? "",
    xScale: oneOf(X_SCALES, query.get("xscale"), DEFAULTS.xScale),
    yScale: query.get("log") === "1" ? "log" : oneOf(SCALES, query.get("yscale"), DEFAULTS.yScale),
    ignoreOutliers: query.get("outliers") !== "1",
    zoom: readZoom(query.get("zoom")),
    collapsed: query.getAll("closed"),
    ...readGrid(query),
    saved: query.get("from") ?? "",
    selection: readSelection(query),
  };
}

function readGrid(query: URLSearchParams) {
  const made = query
    .getAll("chart")
    .map(readCard)
    .filter((card) => card !== null);
  const sizes = query
    .getAll("size")
    .map(readSize)
    .filter((size) => size !== null);
  const wide = query.getAll("wide").map((id): [string, Size] => [id, LARGE]); // as addresses once had it
  const places = query.getAll("before");
  return {
    made: [...new Map(made.map((card) => [card.id, card])).values()],
    cards: Object.fromEntries(
      query
        .getAll("card")
        .map(readOptionsOf)
        .filter((one) => one !== null),
    ),
    pinned: [...new Set(query.getAll("pin"))],
    hidden: [...new Set(query.getAll("without"))],
    sizes: Object.fromEntries([...wide, ...sizes]),
    order: query.getAll("move").map((id, i) => ({ id, before: places[i] ?? "" })),
  };
}

function readSize(text: string): [string, Size] | null {
  const [, columns, rows, id] = /^([1-6])x([1-4]) (.+)$/s.exec(text) ?? [];
  return id === undefined ? null : [id, { columns: Number(columns), rows: Number(rows) }];
}

function oneOf<T extends string>(values: readonly T[], text: string | null, otherwise: T): T {
  return values.find((value) => value === text) ?? otherwise;
}

/** "images.step": of one of the views. */
function isParam(key: string): boolean {
  const dot = key.indexOf(".");
  return dot > 0 && VIEWS.some((view) => view === key.slice(0, dot));
}

function readZoom(text: string | null): Settings["zoom"] {
  const [start, stop, more] = (text ?? "")
    .split("~")
    .map((part) => (part === "" ? Number.NaN : Number(part)));
  return more === undefined && start < stop && Number.isFinite(stop - start) ? [start, stop] : null;
}

function readSelection(query: URLSearchParams): Selection {
  const only = query.get("only");
  const names = (only ?? query.get("hide") ?? "").split(".").filter((name) => /^[0-9a-z]{8}$/.test(name));
  return { only: only !== null, names: new Set(names) };
}

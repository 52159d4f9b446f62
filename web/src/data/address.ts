/** What a shared address restores. Only what differs from the default is written. */

import type { Axis } from "../api/types";
import { ALL, type Selection } from "./selection";

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
  /** Regular expression over run names. */
  filter: string;
  /** Regular expression over tags. */
  search: string;
  axis: Axis;
  smoothing: number;
  log: boolean;
  ignoreOutliers: boolean;
  zoom: readonly [number, number] | null;
  /** Names of collapsed sections. */
  collapsed: readonly string[];
  /** Tags of the charts that are drawn wide. */
  wide: readonly string[];
  selection: Selection;
}

export const DEFAULTS: Settings = {
  view: "charts",
  params: {},
  filter: "",
  search: "",
  axis: "step",
  smoothing: 0.6,
  log: false,
  ignoreOutliers: true,
  zoom: null,
  collapsed: [],
  wide: [],
  selection: ALL,
};

/** Beyond this an address would be too long to share; the run filter serves better. */
const MOST_NAMES = 500;
const AXES: readonly Axis[] = ["step", "relative", "wall"];

export function writeAddress(settings: Settings): string {
  const query = new URLSearchParams();
  if (settings.view !== DEFAULTS.view) query.set("view", settings.view);
  if (settings.filter) query.set("runs", settings.filter);
  if (settings.search) query.set("tags", settings.search);
  if (settings.axis !== DEFAULTS.axis) query.set("axis", settings.axis);
  if (settings.smoothing !== DEFAULTS.smoothing) query.set("smoothing", String(settings.smoothing));
  if (settings.log !== DEFAULTS.log) query.set("log", settings.log ? "1" : "0");
  if (settings.ignoreOutliers !== DEFAULTS.ignoreOutliers) query.set("outliers", "1");
  if (settings.zoom) query.set("zoom", settings.zoom.join("~"));
  for (const section of settings.collapsed) query.append("closed", section);
  for (const tag of settings.wide) query.append("wide", tag);
  const { only, names } = settings.selection;
  if ((only || names.size > 0) && names.size <= MOST_NAMES)
    query.set(only ? "only" : "hide", [...names].sort().join("."));
  for (const [key, value] of Object.entries(settings.params)) if (value) query.set(key, value);
  return query.toString();
}

export function readAddress(text: string): Settings {
  const query = new URLSearchParams(text);
  const axis = AXES.find((a) => a === query.get("axis")) ?? DEFAULTS.axis;
  const smoothing = Number(query.get("smoothing") ?? Number.NaN);
  return {
    view: VIEWS.find((view) => view === query.get("view")) ?? DEFAULTS.view,
    params: Object.fromEntries([...query].filter(([key, value]) => isParam(key) && value !== "")),
    filter: query.get("runs") ?? "",
    search: query.get("tags") ?? "",
    axis,
    smoothing: smoothing >= 0 && smoothing < 1 ? smoothing : DEFAULTS.smoothing,
    log: query.get("log") === "1",
    ignoreOutliers: query.get("outliers") !== "1",
    zoom: readZoom(query.get("zoom")),
    collapsed: query.getAll("closed"),
    wide: query.getAll("wide"),
    selection: readSelection(query),
  };
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

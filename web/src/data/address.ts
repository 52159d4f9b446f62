/** What a shared address restores. Only what differs from the default is written. */

import type { Axis } from "../api/types";
import { ALL, type Selection } from "./selection";

export interface Settings {
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
  return query.toString();
}

export function readAddress(text: string): Settings {
  const query = new URLSearchParams(text);
  const axis = AXES.find((a) => a === query.get("axis")) ?? DEFAULTS.axis;
  const smoothing = Number(query.get("smoothing") ?? Number.NaN);
  return {
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

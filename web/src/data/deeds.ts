/** What a change of the settings was, to say it in words. */

import { DEFAULTS, type Settings } from "./address";

/** What people can do to the settings; `name`: to what, where it is one thing. */
export interface Deed {
  kind: DeedKind;
  name: string;
}

export type DeedKind =
  | "filter"
  | "search"
  | "axis"
  | "xScale"
  | "yScale"
  | "smoothing"
  | "outliers"
  | "zoom"
  | "made"
  | "removed"
  | "edited"
  | "pinned"
  | "unpinned"
  | "hid"
  | "showed"
  | "resized"
  | "moved"
  | "resetZoom"
  | "selection"
  | "collapsed"
  | "several"
  | "view";

/** The keys that differ. */
export function changedKeys(before: Settings, after: Settings): (keyof Settings)[] {
  const keys = Object.keys(after) as (keyof Settings)[];
  return keys.filter((key) => before[key] !== after[key]);
}

/** Names the control that made the change, so that what goes on changing is one change. */
export function controlOf(before: Settings, after: Settings): string {
  const keys = changedKeys(before, after);
  const params = keys.includes("params") ? changedParams(before, after) : [];
  return [...keys, ...params].join(" ");
}

export function changedParams(before: Settings, after: Settings): string[] {
  const keys = new Set([...Object.keys(before.params), ...Object.keys(after.params)]);
  return [...keys].filter((key) => before.params[key] !== after.params[key]).sort();
}

/** What changes along with something, and is not said: another axis drops the zoom, a chart that goes its size. */
const COMPANIONS: Partial<Record<keyof Settings, readonly (keyof Settings)[]>> = {
  axis: ["x", "zoom"],
  x: ["zoom"],
  made: ["cards", "pinned", "hidden", "sizes", "order"],
  pinned: ["order"],
};

/** Of a dialog, not of what is seen when it is closed. */
const PASSING = new Set(["charts.full", "charts.edit", "charts.make"]);

/** Whether there is nothing in the change to go back to. */
export function isPassing(before: Settings, after: Settings): boolean {
  const keys = changedKeys(before, after);
  return (
    keys.every((key) => key === "saved" || key === "params") &&
    changedParams(before, after).every((key) => PASSING.has(key))
  );
}

/** What was done between the two. */
export function deedOf(before: Settings, after: Settings): Deed {
  const keys = changedKeys(before, after).filter((key) => !["view", "saved", "embedded"].includes(key));
  const key = keys.find((one) => keys.every((other) => other === one || COMPANIONS[one]?.includes(other)));
  return key ? ofKey(key, before, after) : { kind: "several", name: "" };
}

function ofKey(key: keyof Settings, before: Settings, after: Settings): Deed {
  switch (key) {
    case "axis":
    case "x":
      return { kind: "axis", name: "" };
    case "smoothing":
    case "smoothingKind":
      return { kind: "smoothing", name: "" };
    case "ignoreOutliers":
      return { kind: "outliers", name: "" };
    case "zoom":
      return after.zoom ? { kind: "zoom", name: "" } : { kind: "resetZoom", name: "" };
    case "pinned":
      return listed(before.pinned, after.pinned, "pinned", "unpinned");
    case "hidden":
      return listed(before.hidden, after.hidden, "hid", "showed");
    case "made":
      return ofMade(before, after);
    case "cards":
      return { kind: "edited", name: changedName(before.cards, after.cards) };
    case "sizes":
      return { kind: "resized", name: changedName(before.sizes, after.sizes) };
    case "order":
      return { kind: "moved", name: after.order.at(-1)?.id ?? "" };
    case "params":
      return { kind: "view", name: (changedParams(before, after)[0] ?? "").split(".")[0] };
    case "collapsed":
    case "selection":
      return { kind: key, name: "" };
    case "filter":
    case "search":
    case "xScale":
    case "yScale":
      return { kind: key, name: "" };
    default:
      return { kind: "several", name: "" };
  }
}

function listed(before: readonly string[], after: readonly string[], came: DeedKind, went: DeedKind): Deed {
  const fresh = after.filter((id) => !before.includes(id));
  const gone = before.filter((id) => !after.includes(id));
  if (fresh.length + gone.length === 0) return { kind: "moved", name: "" };
  if (fresh.length + gone.length > 1) return { kind: "several", name: "" };
  return fresh.length > 0 ? { kind: came, name: fresh[0] } : { kind: went, name: gone[0] };
}

function ofMade(before: Settings, after: Settings): Deed {
  const fresh = after.made.find((card) => !before.made.some((one) => one.id === card.id));
  if (fresh) return { kind: "made", name: fresh.id };
  const gone = before.made.find((card) => !after.made.some((one) => one.id === card.id));
  if (gone) return { kind: "removed", name: gone.id };
  return { kind: "edited", name: after.made.find((card) => !before.made.includes(card))?.id ?? "" };
}

function changedName(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string {
  const names = [...Object.keys(after), ...Object.keys(before)];
  return names.find((name) => before[name] !== after[name]) ?? "";
}

/** `now` with what was done from one to the other undone, or done again the other way round; the view stays. */
export function undone(now: Settings, before: Settings, after: Settings): Partial<Settings> {
  const keys = changedKeys(before, after).filter((key) => key !== "view" && key !== "params");
  const params = { ...now.params };
  for (const key of changedParams(before, after)) {
    if (before.params[key] === undefined) delete params[key];
    else params[key] = before.params[key];
  }
  return { ...Object.fromEntries(keys.map((key) => [key, before[key]])), params };
}

/** The settings that are not the default, but for which view is seen. */
export function differences(settings: Settings): (keyof Settings)[] {
  return changedKeys(DEFAULTS, settings).filter(
    (key) =>
      !["view", "saved", "embedded"].includes(key) &&
      JSON.stringify(plain(DEFAULTS[key])) !== JSON.stringify(plain(settings[key])),
  );
}

function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null && "names" in value && value.names instanceof Set
    ? { ...value, names: [...value.names] }
    : value;
}

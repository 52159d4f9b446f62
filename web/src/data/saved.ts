/** Views that people saved under a name: what an address says, kept by the server, so that it may be of any length. */

import { readAddress, type Settings, writeAddress } from "./address";

type Views = Readonly<Record<string, unknown>>;

/** What is saved of the settings. */
export function stateOf(settings: Settings): string {
  return writeAddress({ ...settings, saved: "", embedded: false }, Number.POSITIVE_INFINITY);
}

/** The settings of a saved view; null when there is none of that name, or one of something else. */
export function openSaved(views: Views, name: string): Settings | null {
  const state = Object.hasOwn(views, name) ? views[name] : null;
  return typeof state === "string" ? { ...readAddress(state), saved: name } : null;
}

/** Whether the settings are what was saved under the name that they have. */
export function isAsSaved(settings: Settings, views: Views): boolean {
  const saved = settings.saved ? openSaved(views, settings.saved) : null;
  return saved !== null && stateOf(saved) === stateOf(settings);
}

/** `saved=NAME` opens a saved view; one that has been changed since is written out. */
export function addressOf(settings: Settings, views: Views): string {
  return isAsSaved(settings, views) && !settings.embedded
    ? new URLSearchParams({ saved: settings.saved }).toString()
    : writeAddress(settings);
}

/** The name of the saved view that an address is of; "" when it says everything itself. */
export function savedIn(query: string): string {
  return new URLSearchParams(query).get("saved") ?? "";
}

/** Which runs are ticked: all but some, or only some. New runs join the first kind and not the second. */

import { shortName } from "./names";

export interface Selection {
  readonly only: boolean;
  /** Short names of the exceptions. */
  readonly names: ReadonlySet<string>;
}

export const ALL: Selection = { only: false, names: new Set() };
export const NONE: Selection = { only: true, names: new Set() };

export function isTicked(selection: Selection, name: string): boolean {
  const { only, names } = selection;
  return (names.size > 0 && names.has(shortName(name))) === only;
}

/** The selection with `names` ticked or unticked. */
export function tick(selection: Selection, names: readonly string[], on: boolean): Selection {
  const next = new Set(selection.names);
  for (const name of names) {
    if (on === selection.only) next.add(shortName(name));
    else next.delete(shortName(name));
  }
  return { only: selection.only, names: next };
}

export function solo(name: string): Selection {
  return { only: true, names: new Set([shortName(name)]) };
}

export function isSolo(selection: Selection, name: string): boolean {
  return selection.only && selection.names.size === 1 && selection.names.has(shortName(name));
}

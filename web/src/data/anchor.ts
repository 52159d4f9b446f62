/** How far the grid has to be scrolled so that what is seen stays where it is, whatever came or went above it. */

import { type Frame, type PlacedSection, topOf, type VisibleSection } from "./layout";

interface Seen {
  section: string;
  id: string;
  /** From the top of the grid. */
  y: number;
}

/** What is seen between `top` and `bottom`. */
export function seenIn(sections: readonly VisibleSection[], top: number, bottom: number): Seen[] {
  return sections.flatMap((section) =>
    section.boxes
      .map((box) => ({
        section: section.name,
        id: box.card.id,
        y: section.top + box.top,
        height: box.height,
      }))
      .filter((box) => box.y + box.height > top && box.y < bottom),
  );
}

/** By how much most of it has moved; 0 when nothing of it is left. */
export function shiftOf(seen: readonly Seen[], placed: readonly PlacedSection[], frame: Frame): number {
  const sections = new Map(placed.map((section) => [section.name, section]));
  const votes = new Map<number, number>();
  for (const { section, id, y } of seen) {
    const now = sections.get(section);
    const at = now?.open ? now.ids.indexOf(id) : -1;
    if (!now || at < 0) continue;
    const shift = topOf(now, at, frame) - y;
    votes.set(shift, (votes.get(shift) ?? 0) + 1);
  }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best), [0, 0])[0];
}

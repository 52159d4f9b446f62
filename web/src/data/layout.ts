/** Where everything of the chart grid lies, in pixels, so that only what is on the screen has to exist. */

import type { TagInfo } from "../api/types";
import type { Section } from "./sections";

export const HEAD = 40;
const GAP = 12;
const CARD = 264;
const WIDE_CARD = 440;
const NARROWEST = 340;
const BELOW = 12;

export interface Box {
  tag: TagInfo;
  section: string;
  /** Relative to the section. */
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PlacedSection {
  name: string;
  count: number;
  open: boolean;
  top: number;
  height: number;
  boxes: Box[];
}

export function placeSections(
  sections: readonly Section[],
  width: number,
  isOpen: (section: string) => boolean,
  isWide: (tag: string) => boolean,
): PlacedSection[] {
  const placed: PlacedSection[] = [];
  let top = 0;
  for (const { name, tags } of sections) {
    const open = isOpen(name);
    const { boxes, bottom } = open ? placeCards(name, tags, width, isWide) : { boxes: [], bottom: HEAD };
    placed.push({ name, count: tags.length, open, top, height: bottom, boxes });
    top += bottom;
  }
  return placed;
}

function placeCards(
  section: string,
  tags: readonly TagInfo[],
  width: number,
  isWide: (tag: string) => boolean,
) {
  const across = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
  const narrow = (width - GAP * (across - 1)) / across;
  const boxes: Box[] = [];
  let column = 0;
  let top = HEAD;
  for (const tag of tags) {
    const wide = isWide(tag.name);
    if (wide && column > 0) {
      column = 0;
      top += CARD + GAP;
    }
    const left = Math.round(column * (narrow + GAP));
    const right = Math.round(column * (narrow + GAP) + narrow);
    boxes.push({
      tag,
      section,
      left,
      top,
      width: wide ? width : right - left,
      height: wide ? WIDE_CARD : CARD,
    });
    if (wide) top += WIDE_CARD + GAP;
    else if (++column === across) {
      column = 0;
      top += CARD + GAP;
    }
  }
  if (column > 0) top += CARD + GAP;
  return { boxes, bottom: top + BELOW };
}

/** The sections, each with the boxes alone that touch the window from `top` to `bottom`. */
export function visiblePart(
  sections: readonly PlacedSection[],
  top: number,
  bottom: number,
): PlacedSection[] {
  return sections
    .filter((section) => section.top < bottom && section.top + section.height > top)
    .map((section) => ({
      ...section,
      boxes: section.boxes.filter((box) => {
        const y = section.top + box.top;
        return y < bottom && y + box.height > top;
      }),
    }));
}

export function totalHeight(sections: readonly PlacedSection[]): number {
  const last = sections.at(-1);
  return last ? last.top + last.height : 0;
}

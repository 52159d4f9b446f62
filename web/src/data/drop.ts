/** Where a chart that is dragged would fall. */

import type { Box, VisibleSection } from "./layout";

export interface Drop {
  section: string;
  /** The chart below the pointer. */
  over: Box;
  /** Of that section, from the top of the grid. */
  top: number;
  /** Beyond the middle of that chart: behind it. */
  after: boolean;
}

/** `x`, `y`: in the grid, from its left and its top. */
export function dropAt(sections: readonly VisibleSection[], x: number, y: number): Drop | null {
  for (const { name, top, boxes } of sections)
    for (const over of boxes) {
      const inside =
        x >= over.left &&
        x <= over.left + over.width &&
        y >= top + over.top &&
        y <= top + over.top + over.height;
      if (inside) return { section: name, over, top, after: x > over.left + over.width / 2 };
    }
  return null;
}

/** Which chart of the section will follow; "" at the end. */
export function follower(ids: readonly string[], id: string, drop: Drop): string {
  const others = ids.filter((one) => one !== id);
  const at = others.indexOf(drop.over.card.id);
  return others[drop.after ? at + 1 : at] ?? "";
}

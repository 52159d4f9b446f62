/** Random numbers that are the same every time: what somebody shares is what others see. */

/** mulberry32 (Tommy Ettinger, public domain): 0 ≤ x < 1. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Normally distributed (Box and Muller). */
export function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Puts `items` into an order that tells nothing, in place (Fisher and Yates). */
export function shuffle<T extends { [index: number]: number; readonly length: number }>(
  items: T,
  next: () => number,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const k = Math.floor(next() * (i + 1));
    [items[i], items[k]] = [items[k], items[i]];
  }
  return items;
}

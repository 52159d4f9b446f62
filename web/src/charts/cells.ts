/** Paints the cells of a heat map, pixel by pixel; where several share a pixel, the most striking one is seen. */

import { type ColourMap, NOTHING, ODD } from "./colourmap";

export interface Cells {
  rows: number;
  columns: number;
  /** [rows · columns] of a colour map. */
  levels: Uint8Array;
}

/** The part of the cells that fills the picture; ends may lie inside of a cell. */
export interface Window {
  row0: number;
  row1: number;
  column0: number;
  column1: number;
}

export const whole = (cells: { rows: number; columns: number }): Window => ({
  row0: 0,
  row1: cells.rows,
  column0: 0,
  column1: cells.columns,
});

/** Fills `pixels` [height · width]; what is not finite is striped. */
export function paintCells(
  pixels: Uint32Array,
  width: number,
  height: number,
  cells: Cells,
  window: Window,
  map: ColourMap,
): void {
  const columns = spans(window.column0, window.column1, width, cells.columns);
  const rows = spans(window.row0, window.row1, height, cells.rows);
  const rank = ranks(map);
  const line = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const [from, to] = [rows[2 * y], rows[2 * y + 1]];
    if (y === 0 || from !== rows[2 * y - 2] || to !== rows[2 * y - 1])
      lineOf(line, columns, cells, from, to, rank);
    const at = y * width;
    for (let x = 0; x < width; x++) {
      const level = line[x];
      const isGap = level === ODD && (x + y) % 4 === 0;
      pixels[at + x] = isGap ? 0xff000000 : map.pixels[level];
    }
  }
}

function lineOf(
  line: Uint8Array,
  columns: Int32Array,
  cells: Cells,
  from: number,
  to: number,
  rank: Uint8Array,
): void {
  const { levels, columns: stride } = cells;
  for (let x = 0; x < line.length; x++) {
    let best = NOTHING;
    const [first, last] = [columns[2 * x], columns[2 * x + 1]];
    for (let row = from; row < to; row++) {
      for (let column = first, at = row * stride + first; column < last; column++, at++) {
        const level = levels[at];
        if (rank[level] > rank[best]) best = level;
      }
    }
    line[x] = best;
  }
}

/** First cell and the one after the last of each pixel; at least one. */
function spans(start: number, stop: number, pixels: number, most: number): Int32Array {
  const found = new Int32Array(2 * pixels);
  const each = (stop - start) / pixels;
  for (let i = 0; i < pixels; i++) {
    const first = Math.min(most - 1, Math.max(0, Math.floor(start + i * each + 1e-9)));
    found[2 * i] = first;
    found[2 * i + 1] = Math.min(most, Math.max(first + 1, Math.floor(start + (i + 1) * each + 1e-9)));
  }
  return found;
}

/** How striking each level is: what is not finite above all, then the greatest, or what is farthest from the middle. */
function ranks(map: ColourMap): Uint8Array {
  const found = new Uint8Array(256);
  for (let level = 1; level < ODD; level++)
    found[level] = map.kind === "sequential" ? level : Math.min(254, 1 + 2 * Math.abs(level - 127.5));
  found[ODD] = 255;
  return found;
}

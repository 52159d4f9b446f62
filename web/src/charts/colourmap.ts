/**
 * Colours for numbers. Sequential: lightness alone tells the order, for any eye and in print; hue goes along with it from
 * violet over red to yellow. On a light page little is pale and much is dark, on a dark page the other way round, so
 * that much is always what stands out. Diverging: blue below, orange above, the page's own lightness in the middle.
 */

import { oklchHex } from "../data/colours";

export type MapKind = "sequential" | "diverging";

/** Levels 1 to 254 of a cell; 0: nothing there; 255: not finite. */
export const LEVELS = 254;
export const NOTHING = 0;
export const ODD = 255;

export interface ColourMap {
  kind: MapKind;
  /** [256] `#rrggbb` of each level. */
  css: readonly string[];
  /** [256] the same as bytes of an ImageData. */
  pixels: Uint32Array;
}

/** Marks of cells that are not finite: on any of the colours it is told by its stripes. */
const ODD_CSS = { light: "#00857a", dark: "#35e0d0" };

const made = new Map<string, ColourMap>();

export function colourMap(kind: MapKind, dark: boolean): ColourMap {
  const key = `${kind} ${dark}`;
  let map = made.get(key);
  if (!map) {
    const css = Array.from({ length: 256 }, (_, level) => {
      if (level === ODD) return dark ? ODD_CSS.dark : ODD_CSS.light;
      const t = Math.max(0, level - 1) / (LEVELS - 1);
      return kind === "sequential" ? sequential(t, dark) : diverging(2 * t - 1, dark);
    });
    const pixels = Uint32Array.from(css, (hex, level) => (level === NOTHING ? 0 : abgr(hex)));
    map = { kind, css, pixels };
    made.set(key, map);
  }
  return map;
}

function sequential(t: number, dark: boolean): string {
  // From 285° backwards over 360° = 0° to 95°: violet, red, orange, yellow.
  const along = dark ? t : 1 - t;
  const hue = (285 + 170 * along) % 360;
  const lightness = dark ? 0.2 + 0.74 * t : 0.96 - 0.7 * t;
  const chroma = 0.2 * Math.sin(Math.PI * Math.min(1, Math.max(0, 0.12 + 0.8 * along)));
  return oklchHex(lightness, chroma, hue);
}

function diverging(t: number, dark: boolean): string {
  const size = Math.abs(t);
  const lightness = dark ? 0.27 + 0.53 * size : 0.95 - 0.5 * size;
  return oklchHex(lightness, 0.19 * size ** 0.8, t < 0 ? 255 : 45);
}

function abgr(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/**
 * One colour a run. The first few come from a hand-picked palette whose neighbours differ in lightness as well as
 * in hue, so that they stay apart for colour-blind eyes; after that hues go round by the golden angle.
 * Written in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020).
 */

import type { RunInfo } from "../api/types";
import { hashName } from "./names";

type Oklch = readonly [lightness: number, chroma: number, hue: number];

const PALETTE: readonly Oklch[] = [
  [0.55, 0.2, 262], // blue
  [0.67, 0.17, 52], // orange
  [0.62, 0.12, 175], // teal
  [0.58, 0.22, 355], // pink
  [0.5, 0.21, 296], // violet
  [0.69, 0.14, 85], // gold
  [0.66, 0.13, 232], // sky
  [0.5, 0.15, 28], // brick
  [0.64, 0.16, 138], // green
  [0.64, 0.18, 322], // orchid
];
const GOLDEN_ANGLE = 137.508;
const LIGHTNESS = [0.58, 0.67, 0.5];
/** Lines on a dark page need to be lighter to weigh the same, but not so light that they lose their hue. */
const onDark = (lightness: number) => Math.min(0.8, Math.max(0.64, lightness + 0.07));

/**
 * A slot for each name. A run keeps its slot when later runs come: its name asks for a place in the palette, and
 * takes the next free one when an earlier run has that.
 */
export function assignSlots(names: readonly string[]): number[] {
  const taken = new Set<number>();
  return names.map((name, index) => {
    if (taken.size >= PALETTE.length) return index;
    let slot = hashName(name) % PALETTE.length;
    while (taken.has(slot)) slot = (slot + 1) % PALETTE.length;
    taken.add(slot);
    return slot;
  });
}

/**
 * The slot of each run, by its id, in the order in which they began: ids are given as files happen to be read, otherwise
 * by each server, and by them a restart would colour everything anew.
 */
export function slotsOf(runs: readonly Pick<RunInfo, "id" | "name" | "first_wall">[]): Map<number, number> {
  const began = (run: { first_wall: number | null }) => run.first_wall ?? Number.MAX_VALUE;
  const ordered = [...runs].sort((a, b) => began(a) - began(b) || (a.name < b.name ? -1 : 1));
  const slots = assignSlots(ordered.map((run) => run.name));
  return new Map(ordered.map((run, i) => [run.id, slots[i]]));
}

/** The colour of a slot as `#rrggbb`. */
export function slotColour(slot: number, dark: boolean): string {
  const [lightness, chroma, hue] = PALETTE[slot] ?? spread(slot - PALETTE.length);
  return oklchHex(dark ? onDark(lightness) : lightness, chroma, hue);
}

function spread(k: number): Oklch {
  return [LIGHTNESS[k % LIGHTNESS.length], 0.15, (k * GOLDEN_ANGLE + 20) % 360];
}

/** The hand-picked ones, for a person to choose from. */
export const palette = (dark: boolean): string[] => PALETTE.map((_, slot) => slotColour(slot, dark));

/** What a person chose in one theme, as it can be seen in another: a neighbour in lightness, of the same hue. */
export function fitted(colour: string, dark: boolean): string {
  const slot = PALETTE.findIndex(
    (_, i) => slotColour(i, false) === colour.toLowerCase() || slotColour(i, true) === colour.toLowerCase(),
  );
  if (slot >= 0) return slotColour(slot, dark);
  const [lightness, chroma, hue] = hexOklch(colour);
  return dark
    ? oklchHex(Math.min(0.86, Math.max(0.6, lightness)), chroma, hue)
    : oklchHex(Math.min(0.7, lightness), chroma, hue);
}

/**
 * A place, 0 to 1, on a scale whose lightness rises evenly, so that it is read without seeing hues; from violet over
 * teal to gold.
 */
export function rampColour(place: number, dark: boolean): string {
  const [from, to] = dark ? [0.61, 0.9] : [0.36, 0.72];
  return oklchHex(from + (to - from) * place, 0.14, 300 - 215 * place);
}

/** sRGB, with the chroma lowered until the colour exists there. */
export function oklchHex(lightness: number, chroma: number, hue: number): string {
  for (let c = chroma; c > 0; c -= 0.01) {
    const rgb = linearRgb(lightness, c, hue);
    if (rgb.every((v) => v > -0.001 && v < 1.001)) return hex(rgb);
  }
  return hex(linearRgb(lightness, 0, hue));
}

function linearRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function hexOklch(colour: string): Oklch {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const u = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const v = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return [lightness, Math.hypot(u, v), (Math.atan2(v, u) * 180) / Math.PI];
}

function hex(rgb: readonly number[]): string {
  const channel = (v: number) => {
    const gamma = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.round(Math.min(1, Math.max(0, gamma)) * 255)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${rgb.map(channel).join("")}`;
}

/** Where ticks stand on an axis, and which steps durations count in. */

import type { Mapping } from "./scale";

/** Ticks of a log axis from 10^min to 10^max as logarithms: whole decades, or nicer numbers within one or two. */
export function logTicks(min: number, max: number, most: number): number[] {
  const decades = max - min;
  if (decades > 1.2) {
    const stride = Math.max(1, Math.ceil(decades / most));
    const ticks: number[] = [];
    for (let e = Math.ceil(min / stride) * stride; e <= max; e += stride) {
      for (const m of decades < 2.5 && most > 4 ? [1, 2, 5] : [1]) {
        const at = e + Math.log10(m);
        if (at <= max) ticks.push(at);
      }
    }
    return ticks;
  }
  return linearTicks(10 ** min, 10 ** max, most)
    .filter((value) => value > 0)
    .map(Math.log10);
}

/** Ticks of a symlog axis between two places, as places: zero and whole decades. */
export function symlogTicks(min: number, max: number, mapping: Mapping, most: number): number[] {
  if (min >= -1 && max <= 1) {
    const values = linearTicks(min * mapping.linear, max * mapping.linear, most);
    return values.map((value) => value / mapping.linear);
  }
  const stride = Math.max(1, Math.ceil((max - min) / Math.max(1, most)));
  const ticks: number[] = [];
  for (let place = Math.ceil(min / stride) * stride; place <= max; place += stride) ticks.push(place + 0);
  return ticks;
}

/** Ticks between two places of an axis, as places. */
export function ticksBetween(min: number, max: number, mapping: Mapping, most: number): number[] {
  if (mapping.kind === "log") return logTicks(min, max, most);
  return mapping.kind === "symlog" ? symlogTicks(min, max, mapping, most) : linearTicks(min, max, most);
}

/** At most `most` multiples of 1, 2 or 5 times a power of ten. */
export function linearTicks(min: number, max: number, most: number): number[] {
  const rough = (max - min) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const stride = power * ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let k = Math.ceil(min / stride); k * stride <= max; k++) ticks.push(k * stride);
  return ticks;
}

/** Seconds between ticks of a relative axis: fractions, then what clocks count in. */
export const DURATIONS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000, 1728000, 4320000, 8640000, 43200000,
  86400000, 432000000, 864000000, 4320000000,
];

/** Steps are whole. */
export const STEPS = Array.from({ length: 16 }, (_, e) => [1, 2, 5].map((m) => m * 10 ** e)).flat();

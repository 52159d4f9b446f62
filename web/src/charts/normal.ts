/** From numbers to the levels of a colour map, so that neither an outlier nor a decade swallows all the others. */

import { LEVELS, type MapKind, NOTHING, ODD } from "./colourmap";
import { quantile } from "./range";
import { LINEAR, LOG, type Mapping, placed, valueAt } from "./scale";

export interface Norm {
  map: MapKind;
  mapping: Mapping;
  /** Places of the first and the last colour; what lies beyond has that colour. */
  low: number;
  high: number;
  /** Whether something does. */
  under: boolean;
  over: boolean;
}

/** Of the finite values, so many are looked at. */
const SAMPLE = 20_000;
/** The colours reach from this share of the values to the same share from the end. */
const TAIL = 0.01;
/** Positive values whose quantiles are so far apart are told apart on a logarithmic scale alone. */
const DECADES = 1.2;

export type Spacing = "auto" | "linear" | "log";

/** For values of any size; `spacing` "auto" takes logarithms of positive values that span decades. */
export function normFor(values: Float32Array, spacing: Spacing): Norm {
  const sorted = sampled(values);
  if (sorted.length === 0)
    return { map: "sequential", mapping: LINEAR, low: 0, high: 1, under: false, over: false };
  const positive = sorted[0] > 0 ? sorted : sorted.filter((value) => value > 0);
  const spread = positive.length > 0 ? Math.log10(quantile(positive, 0.98) / quantile(positive, 0.02)) : 0;
  const isLog =
    spacing === "log" ? positive.length > 0 : spacing === "auto" && sorted[0] >= 0 && spread > DECADES;
  const mapping = isLog ? LOG : LINEAR;
  const used = isLog ? positive : sorted;
  return between("sequential", mapping, used);
}

/** Around zero, alike on both sides. */
export function normAround(values: Float32Array): Norm {
  const sorted = sampled(values);
  const reach = Math.max(Math.abs(quantileOr(sorted, TAIL)), Math.abs(quantileOr(sorted, 1 - TAIL))) || 1;
  return {
    map: "diverging",
    mapping: LINEAR,
    low: -reach,
    high: reach,
    under: sorted.length > 0 && sorted[0] < -reach,
    over: sorted.length > 0 && sorted[sorted.length - 1] > reach,
  };
}

function between(map: MapKind, mapping: Mapping, sorted: Float32Array): Norm {
  const at = (share: number) => placed(mapping, quantile(sorted, share));
  let [low, high] = [at(TAIL), at(1 - TAIL)];
  if (!(high > low)) {
    [low, high] = [at(0), at(1)];
    if (!(high > low)) [low, high] = [low - (Math.abs(low) * 0.1 || 1), high + (Math.abs(high) * 0.1 || 1)];
  }
  return { map, mapping, low, high, under: at(0) < low, over: at(1) > high };
}

function sampled(values: Float32Array): Float32Array {
  const stride = Math.max(1, Math.floor(values.length / SAMPLE));
  const found = new Float32Array(Math.ceil(values.length / stride));
  let n = 0;
  for (let i = 0; i < values.length; i += stride) if (Number.isFinite(values[i])) found[n++] = values[i];
  return found.subarray(0, n).sort();
}

const quantileOr = (sorted: Float32Array, share: number) => (sorted.length > 0 ? quantile(sorted, share) : 0);

/** The level of each value. `odd`: of the cells that hold something that is not finite, not 0. */
export function levelsOf(values: Float32Array, odd: Uint8Array | null, norm: Norm): Uint8Array {
  const levels = new Uint8Array(values.length);
  const { mapping, low, high } = norm;
  const factor = (LEVELS - 1) / (high - low);
  const isLog = mapping.kind === "log";
  for (let i = 0; i < values.length; i++) {
    if (odd && odd[i] !== 0) levels[i] = ODD;
    else {
      const value = values[i];
      if (Number.isNaN(value)) continue; // NOTHING
      const place = isLog ? (value > 0 ? Math.log10(value) : low) : value;
      const level = 1.5 + (place - low) * factor;
      levels[i] = level < 1 ? 1 : level > LEVELS ? LEVELS : level | 0;
    }
  }
  return levels;
}

/** The value at a share of the colours. */
export function valueOfShare(norm: Norm, share: number): number {
  return valueAt(norm.mapping, norm.low + share * (norm.high - norm.low));
}

export { NOTHING, ODD };

/** A histogram's own buckets, as they were logged. */

import { type Side, shareOf, sideOf } from "./frame";
import { decadeOf } from "./histograms";
import type { Mapping } from "./scale";

/** Left edge, right edge, count. */
export type Bucket = readonly [number, number, number];

/** Of an entry's value, which may be anything; what lies nowhere is left out. */
export function bucketsOf(value: unknown): Bucket[] {
  const found = (value as { buckets?: unknown } | null | undefined)?.buckets;
  if (!Array.isArray(found)) return [];
  return found.filter((one): one is Bucket => {
    if (!Array.isArray(one) || one.length !== 3) return false;
    return one.every(Number.isFinite) && one[1] >= one[0] && one[2] >= 0;
  });
}

/** The axis that all of them lie on; on a symmetric logarithm, straight up to the smallest edges that matter. */
export function bucketSide(buckets: readonly Bucket[], symlog: boolean): Side {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const [left, right] of buckets) {
    low = Math.min(low, left);
    high = Math.max(high, right);
  }
  if (!(low <= high)) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - (Math.abs(low) * 0.1 || 0.5), high + (Math.abs(high) * 0.1 || 0.5)];
  const mapping: Mapping = symlog
    ? { kind: "symlog", linear: turnOf(buckets) }
    : { kind: "linear", linear: 1 };
  return sideOf(mapping, low, high);
}

/** 5 % of the values are nearer to zero. */
function turnOf(buckets: readonly Bucket[]): number {
  const sizes = buckets
    .map(([left, right, count]): [number, number] => [Math.abs(left / 2 + right / 2), count])
    .sort((a, b) => a[0] - b[0]);
  const all = sizes.reduce((sum, [, count]) => sum + count, 0);
  let reached = 0;
  for (const [size, count] of sizes) {
    reached += count;
    if (reached >= 0.05 * all && size > 0) return decadeOf(size);
  }
  return 1;
}

/** The bucket that holds a value; null when none does. */
export function bucketAt(buckets: readonly Bucket[], value: number): number | null {
  const at = buckets.findIndex(([left, right]) => value >= left && value <= right);
  return at < 0 ? null : at;
}

/** A bar of a bucket: from, to and its height, all as shares; areas are counts, as buckets are not equally wide. */
export interface Bar {
  from: number;
  to: number;
  height: number;
}

/** `finest`: the least width of a bar, which buckets without width have, too. */
export function barsOf(buckets: readonly Bucket[], side: Side, finest: number): Bar[] {
  const bars = buckets.map(([left, right, count]) => {
    const from = shareOf(side, left);
    const to = Math.max(from + finest, shareOf(side, right));
    return { from, to, height: count / (to - from) };
  });
  const most = Math.max(1e-300, ...bars.map((bar) => bar.height));
  return bars.map((bar) => ({ ...bar, height: bar.height / most }));
}

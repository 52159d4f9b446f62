/** Precision-recall curves: what counts at each threshold, and what can be worked out of that. */

export interface PrValue {
  kind: "pr_curve";
  thresholds: readonly number[];
  true_positives: readonly number[];
  false_positives: readonly number[];
  true_negatives: readonly number[];
  false_negatives: readonly number[];
  precision: readonly number[];
  recall: readonly number[];
}

export const isPrCurve = (value: unknown): value is PrValue =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "pr_curve";

/** One threshold. */
export interface CurvePoint {
  x: number;
  y: number;
  /** Into the columns of the value. */
  at: number;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

/** Recall and precision, from the highest threshold on; where nothing is called positive, there is no precision. */
export function precisionRecall(value: PrValue): CurvePoint[] {
  const points: CurvePoint[] = [];
  for (let at = value.thresholds.length - 1; at >= 0; at--) {
    const [x, y] = [value.recall[at], value.precision[at]];
    const positives = value.true_positives[at] + value.false_positives[at];
    if (isNumber(x) && isNumber(y) && !(positives <= 0)) points.push({ x, y, at });
  }
  return points;
}

/** False and true positive rate, from the highest threshold on; null where there are no counts of both classes. */
export function receiver(value: PrValue): CurvePoint[] | null {
  const points: CurvePoint[] = [];
  for (let at = value.thresholds.length - 1; at >= 0; at--) {
    const negatives = value.false_positives[at] + value.true_negatives[at];
    const positives = value.true_positives[at] + value.false_negatives[at];
    if (!(negatives > 0 && positives > 0)) return null;
    points.push({ x: value.false_positives[at] / negatives, y: value.true_positives[at] / positives, at });
  }
  return points;
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ, from the highest threshold on, as scikit-learn has it. */
export function averagePrecision(points: readonly CurvePoint[]): number {
  let before = 0;
  let sum = 0;
  for (const { x, y } of points) {
    sum += (x - before) * y;
    before = x;
  }
  return sum;
}

/** The area under a curve that begins at (0, 0) and ends at (1, 1), by trapezes. */
export function area(points: readonly CurvePoint[]): number {
  let [x0, y0, sum] = [0, 0, 0];
  for (const { x, y } of [...points, { x: 1, y: 1 }]) {
    sum += ((x - x0) * (y + y0)) / 2;
    [x0, y0] = [x, y];
  }
  return sum;
}

export const f1 = (precision: number, recall: number): number =>
  precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;

/** The threshold with the greatest F1; null where there is none. */
export function bestF1(value: PrValue): { f1: number; threshold: number } | null {
  let best: { f1: number; threshold: number } | null = null;
  for (const { x, y, at } of precisionRecall(value)) {
    const score = f1(y, x);
    if (!best || score > best.f1) best = { f1: score, threshold: value.thresholds[at] };
  }
  return best;
}

/** Recall and precision along which F1 is the same. */
export function isoF1(score: number, count = 60): { x: number; y: number }[] {
  const least = score / (2 - score);
  return Array.from({ length: count + 1 }, (_, i) => {
    const x = least + ((1 - least) * i) / count;
    return { x, y: (score * x) / (2 * x - score) };
  });
}

/** The point that lies nearest to one in the unit square. */
export function nearest(points: readonly CurvePoint[], x: number, y: number): CurvePoint | null {
  let best: CurvePoint | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const point of points) {
    const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
    if (distance < least) [best, least] = [point, distance];
  }
  return best;
}

/** At most `most` of `count` places, evenly spread, the last one among them. */
export function spread(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

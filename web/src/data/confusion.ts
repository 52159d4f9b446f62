/** Confusion matrices: shares, what each class is worth, which are taken for each other, differences. */

export interface MatrixValue {
  kind: "confusion_matrix";
  labels: readonly string[];
  /** [actual][predicted] */
  counts: readonly (readonly number[])[];
}

export const isMatrix = (value: unknown): value is MatrixValue =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "confusion_matrix";

/** What a cell shows: counts, or the share of its row, its column, or of all. */
export type Share = "counts" | "actual" | "predicted" | "all";
export const SHARES: readonly Share[] = ["counts", "actual", "predicted", "all"];

export interface ClassReport {
  label: string;
  /** Samples of this class. */
  support: number;
  /** Samples taken for it. */
  predicted: number;
  /** Null where nothing was taken for it, or nothing is of it. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

export interface Confusion {
  actual: number;
  predicted: number;
  count: number;
  /** Of the actual class. */
  share: number;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const rowSums = ({ counts }: MatrixValue) => counts.map(sum);
const columnSums = ({ counts }: MatrixValue) =>
  counts.map((_, j) => counts.reduce((all, row) => all + row[j], 0));

/** [actual * classes + predicted] */
export function shares(matrix: MatrixValue, share: Share): Float64Array {
  const n = matrix.labels.length;
  const [rows, columns] = [rowSums(matrix), columnSums(matrix)];
  const total = sum(rows);
  const of = (i: number, j: number) =>
    share === "actual" ? rows[i] : share === "predicted" ? columns[j] : share === "all" ? total : 1;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    const whole = of(i, j);
    return whole > 0 ? matrix.counts[i][j] / whole : 0;
  });
}

/** By how much `after` is more than `before`, whose classes may stand in another order; a class it lacks counts as 0. */
export function differences(before: MatrixValue, after: MatrixValue, share: Share): Float64Array {
  const n = after.labels.length;
  const place = new Map(before.labels.map((label, i) => [label, i]));
  const [old, now] = [shares(before, share), shares(after, share)];
  return now.map((value, at) => {
    const i = place.get(after.labels[Math.floor(at / n)]);
    const j = place.get(after.labels[at % n]);
    return value - (i === undefined || j === undefined ? 0 : old[i * before.labels.length + j]);
  });
}

export function accuracy(matrix: MatrixValue): number | null {
  const total = sum(rowSums(matrix));
  return total > 0 ? sum(matrix.counts.map((row, i) => row[i])) / total : null;
}

export function report(matrix: MatrixValue): ClassReport[] {
  const [rows, columns] = [rowSums(matrix), columnSums(matrix)];
  return matrix.labels.map((label, i) => {
    const right = matrix.counts[i][i];
    const precision = columns[i] > 0 ? right / columns[i] : null;
    const recall = rows[i] > 0 ? right / rows[i] : null;
    const both = rows[i] + columns[i];
    return {
      label,
      support: rows[i],
      predicted: columns[i],
      precision,
      recall,
      f1: both > 0 ? (2 * right) / both : null,
    };
  });
}

/** The mean over classes that have one: macro F1, say. */
export function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? sum(known) / known.length : null;
}

/** Classes that are most often taken for others. */
export function confusions(matrix: MatrixValue, most: number): Confusion[] {
  const rows = rowSums(matrix);
  const found: Confusion[] = [];
  matrix.counts.forEach((row, actual) => {
    row.forEach((count, predicted) => {
      if (actual !== predicted && count > 0)
        found.push({ actual, predicted, count, share: count / rows[actual] });
    });
  });
  return found.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, most);
}

/** As a table of texts: labels in the first row and column. */
export const asStrings = ({ labels, counts }: MatrixValue): string[] => [
  "",
  ...labels,
  ...labels.flatMap((label, i) => [label, ...counts[i].map(String)]),
];

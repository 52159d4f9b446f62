/** The mean of a few values and how sure it is. */

export interface Average {
  mean: number;
  /** Half of the 95 % confidence interval, by Student's t; null of a single value. */
  half: number | null;
  count: number;
}

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** Beyond the table by the expansion of Abramowitz and Stegun, 26.7.5. */
function quantile(degrees: number): number {
  if (degrees <= T.length) return T[degrees - 1];
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/** Null of no values. */
export function average(values: readonly number[]): Average | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, half: null, count };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { mean, half: quantile(count - 1) * Math.sqrt(variance / count), count };
}

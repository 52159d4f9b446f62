/** What many numbers are like: their range, mean and spread, and how often each lies where. */

export interface Summary {
  count: number;
  finite: number;
  nan: number;
  infinite: number;
  zeros: number;
  min: number;
  max: number;
  mean: number;
  std: number;
  /** Of the finite ones, in bins of one width from the least to the greatest. */
  bins: number[];
}

const BINS = 48;

/** Welford's algorithm, in one pass; the bins in another. */
export function summarise(values: ArrayLike<number>): Summary {
  const found: Summary = {
    count: values.length,
    finite: 0,
    nan: 0,
    infinite: 0,
    zeros: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    mean: 0,
    std: 0,
    bins: [],
  };
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) found.nan++;
    else if (!Number.isFinite(value)) found.infinite++;
    else {
      found.finite++;
      if (value === 0) found.zeros++;
      if (value < found.min) found.min = value;
      if (value > found.max) found.max = value;
      const away = value - found.mean;
      found.mean += away / found.finite;
      squares += away * (value - found.mean);
    }
  }
  if (found.finite === 0)
    return { ...found, min: Number.NaN, max: Number.NaN, mean: Number.NaN, std: Number.NaN };
  found.std = Math.sqrt(squares / found.finite);
  found.bins = binned(values, found.min, found.max);
  return found;
}

function binned(values: ArrayLike<number>, low: number, high: number): number[] {
  const bins: number[] = new Array(high > low ? BINS : 1).fill(0);
  const scale = high > low ? bins.length / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) bins[Math.min(bins.length - 1, Math.floor((value - low) * scale))]++;
  }
  return bins;
}

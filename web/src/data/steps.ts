/** Where a step lies among others. */

/** How many of `steps`, ascending, are at most `step`: their last one has the place before. */
export function countUpTo(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the last of `steps` that is at most `step`, else of the first; null: of the last. */
export function placeOf(steps: ArrayLike<number>, step: number | null): number {
  return step === null ? steps.length - 1 : Math.max(0, countUpTo(steps, step) - 1);
}

/** The place of the step that is nearest to `step`, before or after it. */
export function nearestPlace(steps: ArrayLike<number>, step: number): number {
  const before = placeOf(steps, step);
  const after = Math.min(before + 1, steps.length - 1);
  return Math.abs(steps[after] - step) < Math.abs(steps[before] - step) ? after : before;
}

/** The steps of several series, each once, ascending. */
export function unionOfSteps(series: readonly ArrayLike<number>[]): number[] {
  const seen = new Set<number>();
  for (const steps of series) for (let i = 0; i < steps.length; i++) seen.add(steps[i]);
  return [...seen].sort((a, b) => a - b);
}

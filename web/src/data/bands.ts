/** A curve between two others: a value with its bounds, each logged under a tag of its own. */

import type { ChartColumns, CurveColumns, Values } from "../api/columns";

/** The curves of `chart`, each with the edges that the same run has in the others; where these are not, no band is. */
export function between(chart: ChartColumns, lower: ChartColumns, upper: ChartColumns): ChartColumns {
  const same = (curve: CurveColumns, of: ChartColumns) =>
    of.curves.find(
      (one) =>
        one.run === curve.run &&
        one.rank === curve.rank &&
        one.superseded === curve.superseded &&
        one.group === curve.group,
    );
  const curves = chart.curves.map((curve) => {
    const [low, high] = [same(curve, lower), same(curve, upper)];
    return low && high ? { ...curve, low: valuesAt(curve.x, low), high: valuesAt(curve.x, high) } : curve;
  });
  return { ...chart, curves };
}

/** What a curve is at other places: on the straight line between its points, and nothing (NaN) beyond them. */
export function valuesAt(
  places: ArrayLike<number>,
  { x, last }: { x: Float64Array; last: Values },
): Float64Array {
  const found = new Float64Array(places.length).fill(Number.NaN);
  let at = 0;
  for (let i = 0; i < places.length; i++) {
    const place = places[i];
    while (at < x.length && x[at] < place) at++;
    if (at < x.length && x[at] === place) found[i] = last[at];
    else if (at > 0 && at < x.length) {
      const share = (place - x[at - 1]) / (x[at] - x[at - 1]);
      found[i] = last[at - 1] + share * (last[at] - last[at - 1]);
    }
  }
  return found;
}

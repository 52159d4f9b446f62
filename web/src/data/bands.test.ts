import { expect, it } from "vitest";
import type { ChartColumns, CurveColumns } from "../api/columns";
import { between, valuesAt } from "./bands";

const curve = (run: number, x: number[], last: number[]) =>
  ({
    run,
    rank: null,
    superseded: false,
    group: null,
    x: Float64Array.from(x),
    last: Float64Array.from(last),
    low: new Float64Array(),
    high: new Float64Array(),
  }) as unknown as CurveColumns;
const chart = (...curves: CurveColumns[]) => ({ tag: "t", curves }) as unknown as ChartColumns;

it("reads a curve between its points, and nowhere else", () => {
  const found = valuesAt([-1, 0, 1, 2, 4, 5], curve(1, [0, 2, 4], [0, 4, 0]));
  expect([...found]).toEqual([Number.NaN, 0, 2, 4, 0, Number.NaN]);
  expect([...valuesAt([1], curve(1, [], []))]).toEqual([Number.NaN]);
});

it("puts a band around the curve of the same run", () => {
  const value = chart(curve(1, [0, 1], [5, 6]), curve(2, [0, 1], [7, 8]));
  const found = between(value, chart(curve(1, [0, 1], [4, 5])), chart(curve(1, [0, 1], [9, 9])));
  expect(found.curves.map(({ low, high }) => [[...low], [...high]])).toEqual([
    [
      [4, 5],
      [9, 9],
    ],
    [[], []],
  ]);
  expect(value.curves[0].low).toHaveLength(0);
});

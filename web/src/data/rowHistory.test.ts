import { describe, expect, it } from "vitest";
import type { RowAtStep } from "../api/types";
import { columnsOf, followed, trend, versions } from "./rowHistory";
import { arrangedPairs, besides, type Cell, matched, readOrder, type TableValue } from "./tables";

const row = (step: number, answer: string | null, score = step): RowAtStep => ({
  i: step,
  key: String(step),
  step,
  wall: step,
  columns: ["prompt", "answer", "truth", "score"],
  cells: answer === null ? null : ["p", answer, "t", score],
});
const rows = [row(0, "a"), row(1, "a"), row(2, "a"), row(3, null), row(4, null), row(5, "a"), row(6, "b", 9)];

describe("a row over the steps", () => {
  it("is told as what changed", () => {
    expect(
      versions(rows, "answer").map(({ kind, from, to, steps, text, before }) => [
        kind,
        from.step,
        to.step,
        steps,
        text,
        before,
      ]),
    ).toEqual([
      ["text", 0, 0, 1, "a", null],
      ["same", 1, 2, 2, "a", "a"],
      ["missing", 3, 4, 2, "", "a"],
      ["same", 5, 5, 1, "a", "a"],
      ["text", 6, 6, 1, "b", "a"],
    ]);
  });

  it("has a column to be followed", () => {
    const { numbers, texts } = columnsOf(rows, "prompt");
    expect([numbers, texts]).toEqual([["score"], ["answer", "truth"]]);
    expect([followed(rows, texts, ""), followed(rows, texts, "truth"), followed(rows, [], "x")]).toEqual([
      "answer",
      "truth",
      "",
    ]);
  });

  it("has a trend of numbers", () => {
    expect(trend([row(0, "a", 1), row(1, null), row(2, "a", 3)], "score", 10, 8)).toBe("M0.0 8.0L10.0 0.0");
    expect(trend([row(0, "a", 1)], "score", 10, 8)).toBe("M5.0 4.0");
    expect(trend([], "score", 10, 8)).toBe("");
  });
});

describe("tables side by side", () => {
  const table = (...rows: Cell[][]): TableValue => ({
    kind: "table",
    columns: [
      { name: "prompt", type: "text" },
      { name: "score", type: "number" },
    ],
    rows,
  });
  const [before, after] = [
    table(["a", 1], ["b", 1], ["c", 1]),
    table(["a", 2], ["b", 5], ["c", 0], ["d", 9]),
  ];

  it("are sorted by how much a number changed", () => {
    const pairs = matched(before, 0, after, 0);
    const sorted = (order: string) =>
      arrangedPairs(pairs, before, after, readOrder(order)).map(({ key }) => key);
    expect(sorted("-score")).toEqual(["b", "a", "c", "d"]);
    expect(sorted("score")).toEqual(["c", "a", "b", "d"]);
    expect(sorted("-prompt")).toEqual(["d", "c", "b", "a"]);
    expect(sorted("")).toEqual(["a", "b", "c", "d"]);
  });

  it("have their rows beside each other", () => {
    const found = besides([before, null, after], [0, 0, 0]);
    expect(found.map(({ key, rows }) => [key, ...rows.map((row) => row?.[1] ?? null)])).toEqual([
      ["a", 1, null, 2],
      ["b", 1, null, 5],
      ["c", 1, null, 0],
      ["d", null, null, 9],
    ]);
  });
});

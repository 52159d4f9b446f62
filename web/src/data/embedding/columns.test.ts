import { describe, expect, it } from "vitest";
import { coloursOf, columnOf, isColourable, rgb, scaleColour, search } from "./columns";

describe("columns", () => {
  it("tells words, classes and amounts apart", () => {
    expect(columnOf("w", ["b", "a", "b"]).categories).toEqual([
      { word: "b", count: 2 },
      { word: "a", count: 1 },
    ]);
    expect(columnOf("c", ["2", "10", "2"]).categories.map((c) => c.word)).toEqual(["2", "10"]);
    const amount = columnOf("n", ["0.5", "1.5", "", "nan"]);
    expect(amount.numbers?.[1]).toBe(1.5);
    expect(amount.range).toEqual([0.5, 1.5]);
  });

  it("gives no colours to what differs everywhere", () => {
    expect(isColourable(columnOf("id", ["a", "b", "c", "d", "e", "f"]))).toBe(false);
    expect(isColourable(columnOf("w", ["a", "a", "b", "b", "a", "b"]))).toBe(true);
  });

  it("colours words by their frequency, numbers by a scale, and the rest plainly", () => {
    const words = coloursOf(columnOf("w", ["b", "a", "b"]), 4, false, "#000000", "#777777");
    expect([...words.slice(0, 3)]).toEqual([...words.slice(6, 9)]);
    expect([...words.slice(9)]).toEqual([0x77, 0x77, 0x77]);
    const numbers = coloursOf(columnOf("n", ["0.5", "", "1.5"]), 3, true, "#000000", "#777777");
    expect([...numbers.slice(0, 3)]).toEqual([...rgb(scaleColour(0, true))]);
    expect([...numbers.slice(3, 6)]).toEqual([0x77, 0x77, 0x77]);
    expect([...coloursOf(null, 1, true, "#102030", "#777777")]).toEqual([16, 32, 48]);
  });

  it("is searched in one column or all", () => {
    const columns = [columnOf("a", ["x", "y"]), columnOf("b", ["y", "z"])];
    expect(search(columns, (text) => text === "y")).toEqual([0, 1]);
    expect(search(columns, (text) => text === "y", columns[1])).toEqual([0]);
    expect(search([], () => true)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { History } from "./history";

describe("history", () => {
  it("goes back and forth", () => {
    const history = new History<number>();
    expect(history.undo()).toBeNull();
    history.record(0, 1, "a", 0);
    history.record(1, 2, "b", 10);
    expect(history.undo()).toEqual({ before: 1, after: 2 });
    expect(history.redo()).toEqual({ before: 1, after: 2 });
    history.undo();
    history.record(1, 3, "c", 20);
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toEqual({ before: 1, after: 3 });
    expect(history.undo()).toEqual({ before: 0, after: 1 });
    expect(history.canUndo).toBe(false);
  });

  it("takes the moves of one slider for one change, until it rests", () => {
    const history = new History<number>();
    for (let i = 0; i < 10; i++) history.record(i, i + 1, "slider", i * 900);
    history.record(10, 11, "slider", 20_000);
    expect(history.undo()).toEqual({ before: 10, after: 11 });
    expect(history.undo()).toEqual({ before: 0, after: 10 });
    expect(history.undo()).toBeNull();
  });

  it("takes what lasts for one however long it rests, unless something was undone between", () => {
    const history = new History<number>();
    history.record(0, 1, "film", 0, true);
    history.record(1, 2, "film", 1e6, true);
    expect(history.undo()).toEqual({ before: 0, after: 2 });
    history.record(0, 5, "film", 1e6 + 1, true);
    expect(history.undo()).toEqual({ before: 0, after: 5 });
  });

  it("is bounded", () => {
    const history = new History<number>();
    for (let i = 0; i < 1000; i++) history.record(i, i + 1, String(i), i);
    let steps = 0;
    while (history.undo()) steps++;
    expect(steps).toBe(200);
  });
});

import { expect, test } from "vitest";
import type { SessionInfo } from "../api/types";
import { livesOf } from "./lives";

function session(
  file: string,
  steps: [number, number],
  walls: [number, number],
  more: Partial<SessionInfo> = {},
): SessionInfo {
  return {
    file,
    session: 0,
    start: null,
    first_wall: walls[0],
    last_wall: walls[1],
    rank: null,
    points: 10,
    first_step: steps[0],
    last_step: steps[1],
    ...more,
  };
}

test("one life, of which all counts", () => {
  expect(livesOf([session("a", [0, 100], [0, 10])])).toMatchObject([{ number: 1, cut: null, ranks: 1 }]);
  expect(livesOf([])).toEqual([]);
});

test("a resumed run did again what came after its checkpoint", () => {
  const lives = livesOf([session("a", [0, 100], [0, 10]), session("b", [80, 200], [20, 30], { start: 80 })]);
  expect(lives.map((life) => [life.firstStep, life.lastStep, life.cut])).toEqual([
    [0, 100, 80],
    [80, 200, null],
  ]);
});

test("a life before a rewind is cut by any later one", () => {
  const lives = livesOf([
    session("a", [0, 100], [0, 10]),
    session("a", [100, 150], [11, 20], { session: 1, start: 100 }),
    session("b", [40, 60], [30, 40], { start: 40 }),
  ]);
  expect(lives.map((life) => life.cut)).toEqual([40, 100, null]);
});

test("ranks that write at the same time are one life", () => {
  const lives = livesOf([
    session("rank0", [0, 100], [0, 10], { rank: 0 }),
    session("rank1", [0, 99], [1, 11], { rank: 1 }),
    session("again", [50, 60], [20, 30], { start: 50 }),
  ]);
  expect(lives.map((life) => [life.ranks, life.lastStep, life.points])).toEqual([
    [2, 100, 20],
    [1, 60, 10],
  ]);
});

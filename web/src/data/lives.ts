/** The lives of a run as bars along the steps: what each did, and what a later one did again. Pure. */

import type { SessionInfo } from "../api/types";

export interface Life {
  /** From 1. */
  number: number;
  files: string[];
  ranks: number;
  /** The step that it said it starts at; null of a first one. */
  start: number | null;
  firstStep: number;
  lastStep: number;
  /** The first step that a later life did again; null: all of it counts. */
  cut: number | null;
  firstWall: number | null;
  lastWall: number | null;
  points: number;
}

/** Sessions that were written at the same time are ranks of one life. */
export function livesOf(sessions: readonly SessionInfo[]): Life[] {
  const lives: Life[] = [];
  for (const one of sessions) {
    const before = lives.at(-1);
    if (before && isBeside(before, one)) join(before, one);
    else lives.push(begin(lives.length + 1, one));
  }
  for (let i = lives.length - 2, least = Number.POSITIVE_INFINITY; i >= 0; i--) {
    const next = lives[i + 1];
    if (next.points > 0 || next.start !== null) least = Math.min(least, next.start ?? next.firstStep);
    lives[i].cut =
      least <= lives[i].lastStep && next.lastStep > next.firstStep
        ? Math.max(least, lives[i].firstStep)
        : null;
  }
  return lives;
}

function isBeside(life: Life, one: SessionInfo): boolean {
  if (life.lastWall === null || one.first_wall === null)
    return life.files.includes(one.file) === false && one.points === 0;
  const startsOver = one.start !== null && one.start !== life.start;
  return one.first_wall < life.lastWall && !startsOver && !life.files.includes(one.file);
}

function begin(number: number, one: SessionInfo): Life {
  return {
    number,
    files: [one.file],
    ranks: 1,
    start: one.start,
    firstStep: one.first_step ?? one.start ?? 0,
    lastStep: one.last_step ?? one.start ?? 0,
    cut: null,
    firstWall: one.first_wall,
    lastWall: one.last_wall,
    points: one.points,
  };
}

function join(life: Life, one: SessionInfo): void {
  life.files.push(one.file);
  life.ranks++;
  life.firstStep = Math.min(life.firstStep, one.first_step ?? life.firstStep);
  life.lastStep = Math.max(life.lastStep, one.last_step ?? life.lastStep);
  life.firstWall = least(life.firstWall, one.first_wall, Math.min);
  life.lastWall = least(life.lastWall, one.last_wall, Math.max);
  life.points += one.points;
}

function least(a: number | null, b: number | null, pick: (a: number, b: number) => number): number | null {
  return a === null ? b : b === null ? a : pick(a, b);
}

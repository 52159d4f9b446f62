/** How two patches of the same commit differ, file by file. Pure. */

import { lineDiff } from "./linediff";
import type { DiffLine, FileDiff, Patch } from "./patch";

export interface PatchDifference {
  path: string;
  /** In both and the same, in both and different, or in one alone. */
  where: "same" | "both" | "before" | "after";
  /** Of a file in both, a diff of what each does, whose signs stand in the text; else what the one does to it. */
  file: FileDiff | null;
}

export function patchDifferences(before: Patch, after: Patch): PatchDifference[] {
  const [a, b] = [before, after].map((patch) => new Map(patch.files.map((file) => [file.path, file])));
  return [...new Set([...a.keys(), ...b.keys()])].map((path) => {
    const [one, other] = [a.get(path), b.get(path)];
    const where = one && other ? (doSame(one, other) ? "same" : "both") : one ? "before" : "after";
    if (!one || !other) return { path, where, file: one ?? other ?? null };
    return { path, where, file: where === "same" ? null : between(path, one, other) };
  });
}

const SIGNS = { same: " ", added: "+", removed: "-", note: "\\" } as const;

const written = (file: FileDiff) =>
  file.hunks.flatMap((hunk) => hunk.lines.map((line) => `${SIGNS[line.kind]}${line.text}`));

const doSame = (one: FileDiff, other: FileDiff) =>
  one.binary === other.binary &&
  one.status === other.status &&
  written(one).join("\n") === written(other).join("\n");

function between(path: string, one: FileDiff, other: FileDiff): FileDiff {
  const lines: DiffLine[] = [];
  let [before, after] = [0, 0];
  for (const { kind, text } of lineDiff(written(one), written(other)))
    lines.push({
      kind,
      text,
      before: kind === "added" ? null : ++before,
      after: kind === "removed" ? null : ++after,
    });
  return {
    path,
    was: null,
    status: "changed",
    binary: one.binary || other.binary,
    added: lines.filter((line) => line.kind === "added").length,
    removed: lines.filter((line) => line.kind === "removed").length,
    hunks: lines.length > 0 ? [{ heading: "", range: "", lines }] : [],
  };
}

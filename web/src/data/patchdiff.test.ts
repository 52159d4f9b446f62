import { expect, test } from "vitest";
import { parsePatch } from "./patch";
import { patchDifferences } from "./patchdiff";

const file = (path: string, ...lines: string[]) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n${lines.join("\n")}\n`;

test("what two patches do differently", () => {
  const before = parsePatch(
    file("same.py", " a", "-b", "+c") +
      file("x.py", " a", "-b", "+lr = 1") +
      file("gone.py", " a", "-b", "+c"),
  );
  const after = parsePatch(
    file("same.py", " a", "-b", "+c") +
      file("x.py", " a", "-b", "+lr = 2") +
      file("new.py", " a", "-b", "+c"),
  );
  const found = patchDifferences(before, after);
  expect(found.map(({ path, where }) => [path, where])).toEqual([
    ["same.py", "same"],
    ["x.py", "both"],
    ["gone.py", "before"],
    ["new.py", "after"],
  ]);
  expect(found[0].file).toBeNull();
  expect(found[1].file?.hunks[0].lines.map(({ kind, text }) => [kind, text])).toEqual([
    ["same", " a"],
    ["same", "-b"],
    ["removed", "+lr = 1"],
    ["added", "+lr = 2"],
  ]);
  expect(found[3].file).toBe(after.files[2]);
});

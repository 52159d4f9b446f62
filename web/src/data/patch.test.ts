import { expect, test } from "vitest";
import { diffRows, parsePatch } from "./patch";

const DIFF = `diff --git a/train.py b/train.py
index 1111111..2222222 100644
--- a/train.py
+++ b/train.py
@@ -1,4 +1,5 @@ def main():
 import headway
-lr = 1e-3
+lr = 3e-4
+warmup = 100
 
 run = headway.init("x")
@@ -20 +21 @@
-end
+the end
\\ No newline at end of file
diff --git a/old name.py b/new name.py
similarity index 100%
rename from old name.py
rename to new name.py
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
--- a/gone.txt
+++ /dev/null
@@ -1,2 +0,0 @@
--- not a header
-+++ nor this
diff --git a/logo.png b/logo.png
index 333..444 100644
Binary files a/logo.png and b/logo.png differ
diff --git "a/\\303\\274.py" "b/\\303\\274.py"
new file mode 100644
--- /dev/null
+++ "b/\\303\\274.py"
@@ -0,0 +1 @@
+x
`;

test("files, what became of them, and how much changed", () => {
  const { files, notes } = parsePatch(DIFF);
  expect(
    files.map(({ path, was, status, binary, added, removed }) => [path, was, status, binary, added, removed]),
  ).toEqual([
    ["train.py", null, "changed", false, 3, 2],
    ["new name.py", "old name.py", "renamed", false, 0, 0],
    ["gone.txt", null, "deleted", false, 0, 2],
    ["logo.png", null, "changed", true, 0, 0],
    ["\\303\\274.py", null, "added", false, 1, 0],
  ]);
  expect(notes).toEqual([]);
});

test("lines have their numbers on both sides", () => {
  const [first, second] = parsePatch(DIFF).files[0].hunks;
  expect([first.heading, first.range]).toEqual(["def main():", "-1,4 +1,5"]);
  expect(first.lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
    ["same", 1, 1],
    ["removed", 2, null],
    ["added", null, 2],
    ["added", null, 3],
    ["same", 3, 4],
    ["same", 4, 5],
  ]);
  expect(second.lines.map((line) => line.kind)).toEqual(["removed", "added", "note"]);
});

test("a line that looks like a header is a line where the hunk has lines left", () => {
  const gone = parsePatch(DIFF).files[2];
  expect(gone.hunks[0].lines.map((line) => line.text)).toEqual(["-- not a header", "+++ nor this"]);
});

test("a diff that was cut says so, and what is there is read", () => {
  const cut = parsePatch(`${DIFF.slice(0, 180)}\n... cut after 256 KiB`);
  expect(cut.files[0].hunks[0].lines.length).toBeGreaterThan(1);
  expect(cut.notes).toEqual(["... cut after 256 KiB"]);
  expect(parsePatch("(git took too long to make the diff)")).toEqual({
    files: [],
    notes: ["(git took too long to make the diff)"],
  });
  expect(parsePatch("")).toEqual({ files: [], notes: [] });
});

test("rows of a file that is closed are its head alone", () => {
  const { files } = parsePatch(DIFF);
  const all = diffRows(files, new Set());
  const some = diffRows(files, new Set([0]));
  expect(all.length - some.length).toBe(2 + 6 + 3);
  expect(some[0].row).toBe("file");
  expect(some[1].row).toBe("file");
});

/** Diffs as git writes them, taken apart, so that they can be read with colours and numbers. Pure. */

export type DiffLineKind = "same" | "added" | "removed" | "note";

export interface DiffLine {
  kind: DiffLineKind;
  text: string;
  /** The line's number before and after; null where it is not there. */
  before: number | null;
  after: number | null;
}

export interface Hunk {
  /** What stands behind the second @@: the function, say. */
  heading: string;
  /** "-12,7 +12,9" */
  range: string;
  lines: DiffLine[];
}

export interface FileDiff {
  /** As it is now; as it was where it is gone. */
  path: string;
  /** As it was, where it was called differently. */
  was: string | null;
  status: "changed" | "added" | "deleted" | "renamed";
  /** Binary files are only named. */
  binary: boolean;
  added: number;
  removed: number;
  hunks: Hunk[];
}

export interface Patch {
  files: FileDiff[];
  /** What is no part of a diff: that it was cut, say. */
  notes: string[];
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

export function parsePatch(text: string): Patch {
  const reader = new Reader();
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  for (const line of lines) reader.read(line);
  return reader.patch;
}

class Reader {
  patch: Patch = { files: [], notes: [] };
  #file: FileDiff | null = null;
  #hunk: Hunk | null = null;
  #before = 0;
  #after = 0;
  /** Lines that the hunk still has, before and after. */
  #left = [0, 0];

  read(line: string): void {
    if (this.#hunk && (this.#left[0] > 0 || this.#left[1] > 0) && this.#inHunk(this.#hunk, line)) return;
    if (line.startsWith("diff --git ")) this.#begin(pathOf(line));
    else if (line.startsWith("\\ ") && this.#hunk) this.#note(this.#hunk, line.slice(2));
    else if (this.#file) this.#header(this.#file, line);
    else if (line.startsWith("--- ")) this.#begin(sided(line.slice(4)) ?? "");
    else if (line.trim()) this.patch.notes.push(line);
  }

  #begin(path: string): void {
    this.#hunk = null;
    this.#file = { path, was: null, status: "changed", binary: false, added: 0, removed: 0, hunks: [] };
    this.patch.files.push(this.#file);
  }

  #header(file: FileDiff, line: string): void {
    const hunk = HUNK.exec(line);
    if (hunk) this.#beginHunk(file, hunk);
    else if (line.startsWith("new file")) file.status = "added";
    else if (line.startsWith("deleted file")) file.status = "deleted";
    else if (line.startsWith("rename from ")) Object.assign(file, { was: line.slice(12), status: "renamed" });
    else if (line.startsWith("rename to ")) file.path = line.slice(10);
    else if (line.startsWith("Binary files ") || line.startsWith("GIT binary patch")) file.binary = true;
    else if (line.startsWith("--- ")) file.path = sided(line.slice(4)) ?? file.path;
    else if (line.startsWith("+++ ")) file.path = sided(line.slice(4)) ?? file.path;
    else if (line.startsWith("... ") || line.startsWith("(")) this.patch.notes.push(line);
  }

  #beginHunk(file: FileDiff, [, before, many, after, many2, heading]: RegExpExecArray): void {
    this.#before = Number(before);
    this.#after = Number(after);
    this.#left = [Number(many ?? 1), Number(many2 ?? 1)];
    const range = `-${before}${many ? `,${many}` : ""} +${after}${many2 ? `,${many2}` : ""}`;
    this.#hunk = { heading, range, lines: [] };
    file.hunks.push(this.#hunk);
  }

  /** False for what cannot stand in a hunk: it was cut. */
  #inHunk(hunk: Hunk, line: string): boolean {
    const sign = line[0] ?? " ";
    const text = line.slice(1);
    if (sign === " ") hunk.lines.push({ kind: "same", text, before: this.#before++, after: this.#after++ });
    else if (sign === "+") hunk.lines.push({ kind: "added", text, before: null, after: this.#after++ });
    else if (sign === "-") hunk.lines.push({ kind: "removed", text, before: this.#before++, after: null });
    else if (sign === "\\") this.#note(hunk, line.slice(2));
    else {
      this.#left = [0, 0];
      return false;
    }
    if (sign === " " || sign === "-") this.#left[0]--;
    if (sign === " " || sign === "+") this.#left[1]--;
    if (sign === "+" && this.#file) this.#file.added++;
    if (sign === "-" && this.#file) this.#file.removed++;
    return true;
  }

  #note(hunk: Hunk, text: string): void {
    hunk.lines.push({ kind: "note", text, before: null, after: null });
  }
}

/** "a/x b/x" of the first line: the second half. */
function pathOf(line: string): string {
  const rest = line.slice("diff --git ".length);
  const quoted = /"b\/((?:[^"\\]|\\.)*)"$/.exec(rest);
  if (quoted) return quoted[1];
  const at = rest.lastIndexOf(" b/");
  return at < 0 ? rest : rest.slice(at + 3);
}

/** Without "a/" or "b/"; null for /dev/null. */
function sided(path: string): string | null {
  const bare = path.replace(/\t.*$/, "").replace(/^"(.*)"$/, "$1");
  return bare === "/dev/null" ? null : bare.replace(/^[ab]\//, "");
}

/** A diff as rows of equal height, files and hunks between the lines. */
export type DiffRow =
  | { row: "file"; file: FileDiff; index: number }
  | { row: "hunk"; hunk: Hunk }
  | { row: "line"; line: DiffLine };

export function diffRows(files: readonly FileDiff[], closed: ReadonlySet<number>): DiffRow[] {
  return files.flatMap((file, index): DiffRow[] => [
    { row: "file", file, index },
    ...(closed.has(index)
      ? []
      : file.hunks.flatMap((hunk): DiffRow[] => [
          ...(hunk.range === "" ? [] : [{ row: "hunk", hunk } as const]),
          ...hunk.lines.map((line): DiffRow => ({ row: "line", line })),
        ])),
  ]);
}

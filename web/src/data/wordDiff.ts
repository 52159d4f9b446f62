/** What changed between two texts, word by word, as people read it. */

export interface Stretch {
  kind: "same" | "removed" | "added";
  text: string;
}

/** Words with the space after them apart; a Chinese or Japanese character is a word; all else is one each. */
const WORDS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}_]+(?:['’.-][\p{L}\p{N}]+)*|\n|[^\S\n]+|[\s\S]/gu;

/** More edits than that are not told one by one: the texts have little in common, and it would take long. */
const MOST_EDITS = 1200;

export const wordsOf = (text: string): string[] => text.match(WORDS) ?? [];

/** Stretches whose "same" and "removed" make `before`, whose "same" and "added" make `after`. */
export function wordDiff(before: string, after: string): Stretch[] {
  if (before === after) return before ? [{ kind: "same", text: before }] : [];
  const a = wordsOf(before);
  const b = wordsOf(after);
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start++;
  let end = 0;
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const edits = edited(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return readable([
    { kind: "same", text: a.slice(0, start).join("") },
    ...edits,
    { kind: "same", text: a.slice(a.length - end).join("") },
  ]);
}

/** The share of the words of both that are the same, 0 to 1. */
export function likeness(stretches: readonly Stretch[]): number {
  let same = 0;
  let all = 0;
  for (const { kind, text } of stretches) {
    const size = kind === "same" ? 2 * text.length : text.length;
    all += size;
    if (kind === "same") same += size;
  }
  return all === 0 ? 1 : same / all;
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986), up to `MOST_EDITS`. */
function edited(a: readonly string[], b: readonly string[]): Stretch[] {
  const whole: Stretch[] = [
    { kind: "removed", text: a.join("") },
    { kind: "added", text: b.join("") },
  ];
  if (a.length === 0 || b.length === 0) return whole;
  const most = Math.min(MOST_EDITS, a.length + b.length);
  const furthest = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(furthest.slice(most - d, most + d + 3));
    for (let k = -d; k <= d; k += 2) {
      const at = most + 1 + k;
      const down = k === -d || (k !== d && furthest[at - 1] < furthest[at + 1]);
      let x = down ? furthest[at + 1] : furthest[at - 1] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[at] = x;
      if (x >= a.length && x - k >= b.length) return traced(a, b, trace);
    }
  }
  return whole;
}

/** Back from the end: which edits lead there. `trace[d]` is what was reached before the d-th, from diagonal −d−1 on. */
function traced(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): Stretch[] {
  const found: Stretch[] = [];
  let x = a.length;
  let y = b.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const k = x - y;
    const at = (diagonal: number) => trace[d][diagonal + d + 1];
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : down ? at(k + 1) : at(k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    const middle = d === 0 ? 0 : down ? fromX : fromX + 1;
    if (x > middle) found.push({ kind: "same", text: a.slice(middle, x).join("") });
    if (d > 0)
      found.push(down ? { kind: "added", text: b[fromY] ?? "" } : { kind: "removed", text: a[fromX] ?? "" });
    x = fromX;
    y = fromY;
  }
  return found.reverse();
}

/** Neighbours of one kind joined, removed before added, and no lone space kept between two changes. */
function readable(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  let removed = "";
  let added = "";
  const flush = () => {
    if (removed) joined.push({ kind: "removed", text: removed });
    if (added) joined.push({ kind: "added", text: added });
    removed = added = "";
  };
  stretches.forEach(({ kind, text }, i) => {
    if (text === "") return;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else if (/^[^\S\n]+$/.test(text) && removed && added && changes(stretches, i + 1)) {
      removed += text;
      added += text;
    } else {
      flush();
      const last = joined.at(-1);
      if (last?.kind === "same") last.text += text;
      else joined.push({ kind, text });
    }
  });
  flush();
  return joined;
}

/** Whether what follows is a change. */
const changes = (stretches: readonly Stretch[], from: number): boolean =>
  (stretches.slice(from, from + 3).find(({ text }) => text !== "")?.kind ?? "same") !== "same";

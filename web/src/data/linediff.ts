/** What changed between two lists of lines. Pure. */

export interface Edit {
  kind: "same" | "removed" | "added";
  text: string;
}

/** More edits than that are not told one by one: the texts have little in common, and it would take long. */
const MOST_EDITS = 2000;

/** Edits whose "same" and "removed" make `before`, whose "same" and "added" make `after`. */
export function lineDiff(before: readonly string[], after: readonly string[]): Edit[] {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const same = (lines: readonly string[]): Edit[] => lines.map((text) => ({ kind: "same", text }));
  return [
    ...same(before.slice(0, start)),
    ...edits(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986). */
function edits(a: readonly string[], b: readonly string[]): Edit[] {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const trace: Int32Array[] = [];
  const reach = new Int32Array(2 * most + 2).fill(-1);
  reach[most + 1] = 0;
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(most - d, most + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach[most + k - 1] < reach[most + k + 1]);
      let x = down ? reach[most + k + 1] : reach[most + k - 1] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[most + k] = x;
      if (x >= a.length && x - k >= b.length) return walked(a, b, trace);
    }
  }
  return [
    ...a.map((text): Edit => ({ kind: "removed", text })),
    ...b.map((text): Edit => ({ kind: "added", text })),
  ];
}

/** Back from the end; `trace[d]` has how far each diagonal from −d to d + 1 had come before the d-th edit. */
function walked(a: readonly string[], b: readonly string[], trace: readonly Int32Array[]): Edit[] {
  const found: Edit[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = (k: number) => trace[d][k + d];
    const k = x - y;
    const down = k === -d || (k !== d && before(k - 1) < before(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : before(fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY && a[x - 1] === b[y - 1]) {
      found.push({ kind: "same", text: a[--x] });
      y--;
    }
    if (d === 0) break;
    if (down) found.push({ kind: "added", text: b[--y] });
    else found.push({ kind: "removed", text: a[--x] });
  }
  return found.reverse();
}

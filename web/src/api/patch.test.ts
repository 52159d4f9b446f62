import { describe, expect, it } from "vitest";
import { chart, curve } from "../charts/sample";
import type { ChartColumns, CurveColumns } from "./columns";
import { patched, renewal } from "./patch";

const request = { tag: "loss", runs: [1, 2], columns: 10, start: null, stop: null };

function answer(curves: CurveColumns[], more: Partial<ChartColumns> = {}): ChartColumns {
  return { ...chart(curves), start: 0, stop: 0, revision: 2, ...more };
}

/** The same curve, of which only columns from `column` on are told. */
function cut(whole: CurveColumns, column: number): CurveColumns {
  const part: Record<string, unknown> = { ...whole, fromColumn: column };
  const n = whole.column.filter((c) => c < column).length;
  const m = whole.badColumn.filter((c) => c < column).length;
  for (const [name, values] of Object.entries(whole)) {
    if (ArrayBuffer.isView(values))
      part[name] = (values as Float64Array).slice(name.startsWith("bad") ? m : n);
  }
  const cut = part as unknown as CurveColumns;
  // Views of one column stay views of one column, as when they come over the wire.
  if (whole.smooth === whole.last) cut.smooth = cut.last;
  const single = cut.count?.every((count) => count === 1) ?? true;
  return single
    ? { ...cut, count: null, first: cut.last, min: cut.last, max: cut.last, mean: cut.last }
    : cut;
}

/** Values only: a curve whose columns all hold one point is told without the others. */
function plain(whole: CurveColumns) {
  const count = whole.count ?? new Uint32Array(whole.last.length).fill(1);
  return { ...whole, fromColumn: 0, count };
}

describe("patched", () => {
  const steps = curve([1, 2, 3, 4, 5, 6]);
  const several = curve([1, 2, 3, 4, 5, 6], {
    count: Uint32Array.of(1, 2, 1, 1, 3, 1),
    min: Float64Array.of(1, 0, 3, 4, 0, 6),
    max: Float64Array.of(1, 9, 3, 4, 9, 6),
    wall: Float64Array.of(10, 20, 30, 40, 50, 60),
    smooth: Float64Array.of(1, 1.5, 2, 2.5, 3, 3.5),
    badColumn: Uint16Array.of(1, 3, 4, 7),
    badX: Float64Array.of(1, 3, 4, 7),
    badCount: Uint32Array.of(1, 1, 2, 1),
    badKind: Uint8Array.of(1, 2, 4, 1),
  });

  it.each([1, 2, 3, 4, 5, 6])("joins what was there and what is new from column %i on", (column) => {
    for (const whole of [steps, several]) {
      for (const length of [column, column + 1, 6]) {
        // What there was from `column` on has changed since, and there was less of it.
        const old = cut({ ...whole }, 0);
        old.last = whole.last.map((value, i) => (i < column ? value : -value));
        const before = answer([shortened(old, length)], { start: 0 });
        const now = patched(before, answer([cut(whole, column)]), request);
        expect(now?.curves.map(plain)).toEqual([plain(whole)]);
      }
    }
  });

  /** The first `length` columns alone. */
  function shortened(whole: CurveColumns, length: number): CurveColumns {
    const part: Record<string, unknown> = { ...whole };
    for (const [name, values] of Object.entries(whole)) {
      if (ArrayBuffer.isView(values)) part[name] = (values as Float64Array).slice(0, length);
    }
    return part as unknown as CurveColumns;
  }

  it("keeps curves that are not spoken of, in the order of the request", () => {
    const before = answer([curve([1, 2]), curve([3, 4], { run: 2 })]);
    const now = patched(before, answer([curve([1, 2, 9])]), request);
    expect(now?.curves.map((c) => [c.run, c.last.length])).toEqual([
      [1, 3],
      [2, 2],
    ]);
    expect([now?.revision, now?.start, now?.stop, now?.columns]).toEqual([2, 0, 2, 3]);
  });

  it("drops curves that are gone", () => {
    const before = answer([curve([1, 2]), curve([3, 4], { run: 2 })]);
    expect(patched(before, answer([], { gone: [2] }), request)?.curves.map((c) => c.run)).toEqual([1]);
  });

  it("knows when everything has to be asked for", () => {
    const before = answer([curve([1, 2])]);
    expect(patched(before, answer([curve([1, 2])], { width: 2 }), request)).toBeNull();
    expect(patched(before, answer([curve([1, 2], { begin: -1 })]), request)).toBeNull();
    expect(patched(before, answer([curve([1], { run: 2, fromColumn: 1 })]), request)).toBeNull();
    expect(patched(before, answer([], { gone: [1] }), request)).toBeNull();
  });

  it("leaves a chosen range as it is", () => {
    const zoomed = { ...request, start: 0, stop: 1 };
    const before = answer([curve([1, 2], { begin: -5, end: 9 })], { stop: 1 });
    const now = patched(before, answer([curve([1, 3], { begin: -5, end: 12 })], { stop: 1 }), zoomed);
    expect([now?.start, now?.stop, now?.columns]).toEqual([0, 1, 2]);
    expect(patched(before, answer([], { gone: [1], stop: 1 }), zoomed)?.curves).toEqual([]);
  });
});

describe("renewal", () => {
  const held = answer([curve([1, 2], { fingerprint: "a" }), curve([3], { run: 2, fingerprint: "b" })]);

  it("says what the page has", () => {
    expect(renewal(held, request, [2, 3])?.request).toEqual({
      ...request,
      runs: [2, 3],
      start: 0,
      width: 1,
      known: ["b", ""],
    });
    const zoomed = { ...request, start: 0, stop: 5 };
    expect(renewal(held, zoomed, [1])?.request).toEqual({ ...zoomed, runs: [1], known: ["a"] });
  });

  it("makes room when there are too many columns", () => {
    const full = renewal({ ...held, columns: 19 }, request, [1]);
    expect([full?.request.width, full?.request.known]).toEqual([2, [""]]);
    expect([full?.held.width, full?.held.columns, held.width]).toEqual([2, 10, 1]);
    expect(renewal({ ...held, columns: 19 }, { ...request, start: 0, stop: 5 }, [1])?.held.columns).toBe(19);
  });

  it("does not go on with what is nothing", () => {
    expect(renewal({ ...held, error: "no" }, request, [1])).toBeNull();
    expect(renewal({ ...held, width: 0 }, request, [1])).toBeNull();
  });
});

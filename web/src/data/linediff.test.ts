import { expect, test } from "vitest";
import { lineDiff } from "./linediff";

const diff = (a: string, b: string) =>
  lineDiff([...a], [...b])
    .map(({ kind, text }) => (kind === "same" ? text : kind === "added" ? `+${text}` : `-${text}`))
    .join("");

test("the fewest edits", () => {
  expect(diff("", "")).toBe("");
  expect(diff("abc", "abc")).toBe("abc");
  expect(diff("abc", "adc")).toBe("a-b+dc");
  expect(diff("", "xy")).toBe("+x+y");
  expect(diff("xy", "")).toBe("-x-y");
  expect(diff("abcabba", "cbabac").replace(/[^+-]/g, "").length).toBe(5);
});

test("both texts can be made of the edits, whatever they are", () => {
  let seed = 1;
  const random = (n: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % n;
  };
  for (let round = 0; round < 300; round++) {
    const [a, b] = [0, 1].map(() => Array.from({ length: random(12) }, () => "abcd"[random(4)]));
    const edits = lineDiff(a, b);
    const of = (other: string) => edits.filter((edit) => edit.kind !== other).map((edit) => edit.text);
    expect(of("added")).toEqual(a);
    expect(of("removed")).toEqual(b);
  }
});

test("texts without anything in common are told at once", () => {
  const edits = lineDiff(
    Array.from({ length: 3000 }, (_, i) => `a${i}`),
    Array.from({ length: 3000 }, (_, i) => `b${i}`),
  );
  expect(edits.length).toBe(6000);
});

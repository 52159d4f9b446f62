import { expect, it } from "vitest";
import { readAgainst, writeAgainst } from "./against";
import { cutAt } from "./marking";

const shown = (text: string, ...words: string[]) =>
  cutAt(text, words)
    .map((cut) => (cut.isHit ? `[${cut.text}]` : cut.text))
    .join("");

it("cuts a text where words stand in it", () => {
  expect(shown("The cat. A CAT!", "cat")).toBe("The [cat]. A [CAT]!");
  expect(shown("a.b (c)", ".b", "(c)", "")).toBe("a[.b] [(c)]");
  expect(shown("abc", "x")).toBe("abc");
  expect(shown("abc")).toBe("abc");
  expect(shown("", "x")).toBe("");
  expect(cutAt("a".repeat(10_000), ["a"]).length).toBeLessThan(600);
});

it.each(["", "previous", "all", "step~12", "step~-3", "run~abcdefgh"])("an address keeps %s", (text) => {
  expect(writeAgainst(readAgainst(text))).toBe(text);
});

it("takes what it does not know for nothing", () => {
  expect(["step~x", "run~", "?"].map((text) => readAgainst(text).kind)).toEqual([
    "nothing",
    "nothing",
    "nothing",
  ]);
});

import { describe, expect, it } from "vitest";
import { likeness, type Stretch, wordDiff, wordsOf } from "./wordDiff";

const SIGN = { same: "", removed: "-", added: "+" } as const;
const shown = (stretches: readonly Stretch[]) =>
  stretches.map(({ kind, text }) => (kind === "same" ? text : `[${SIGN[kind]}${text}]`)).join("");

describe("wordDiff", () => {
  it("tells what was removed before what was added", () => {
    expect(shown(wordDiff("the cat sat", "the dog sat"))).toBe("the [-cat][+dog] sat");
    expect(shown(wordDiff("", "new"))).toBe("[+new]");
    expect(shown(wordDiff("old", ""))).toBe("[-old]");
    expect(shown(wordDiff("same", "same"))).toBe("same");
    expect(wordDiff("", "")).toEqual([]);
  });

  it("joins changes with a space between them", () => {
    expect(shown(wordDiff("a b c d", "a x y d"))).toBe("a [-b c][+x y] d");
    expect(shown(wordDiff("a b\nc d", "a x\ny d"))).toBe("a [-b][+x]\n[-c][+y] d");
  });

  it("knows words of all scripts, and characters where words have no spaces", () => {
    expect(wordsOf("don't  naïve 3.14")).toEqual(["don't", "  ", "naïve", " ", "3.14"]);
    expect(shown(wordDiff("模型收敛了", "模型没收敛"))).toBe("模型[+没]收敛[-了]");
    expect(wordsOf("a😀b").join("")).toBe("a😀b");
  });

  it("makes both texts again, whatever they are", () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let round = 0; round < 500; round++) {
      const text = () => Array.from({ length: random(14) }, () => "ab \n模."[random(6)]).join("");
      const [before, after] = [text(), text()];
      const found = wordDiff(before, after);
      const of = (kind: Stretch["kind"]) =>
        found
          .filter((one) => one.kind === "same" || one.kind === kind)
          .map((one) => one.text)
          .join("");
      expect([of("removed"), of("added")]).toEqual([before, after]);
    }
  });

  it("does not try for long where nothing is alike", () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word}${i}`).join(" ");
    const begin = performance.now();
    expect(wordDiff(many("a"), many("b")).map(({ kind }) => kind)).toEqual(["removed", "added"]);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it("says how much is alike", () => {
    expect(likeness(wordDiff("abc", "abc"))).toBe(1);
    expect(likeness(wordDiff("abc", "def"))).toBe(0);
    expect(likeness(wordDiff("aa bb", "aa cc"))).toBeCloseTo(0.6);
    expect(likeness([])).toBe(1);
  });
});

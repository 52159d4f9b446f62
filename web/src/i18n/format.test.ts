import { describe, expect, it } from "vitest";
import { en } from "./en";
import { Format } from "./format";
import { zh } from "./zh";

const f = new Format("en");
const chinese = new Format("zh-CN");

describe("Format", () => {
  it("writes a float32 as the shortest decimal that reads back the same", () => {
    expect(f.exact(Math.fround(0.1), false)).toBe("0.1");
    expect(f.exact(Math.fround(2.7182817), false)).toBe("2.7182817");
    expect(f.exact(0.1, true)).toBe("0.1");
    expect(f.exact(Math.fround(0.1), true)).toBe("0.10000000149011612");
    expect(f.exact(Math.fround(3e-5), false)).toBe("3e−5");
    expect(f.exact(-2, false)).toBe("−2");
    for (let i = 1; i < 300; i++) {
      const value = Math.fround(Math.sin(i) * 10 ** ((i % 60) - 30));
      expect(Math.fround(Number(f.exact(value, false).replaceAll("−", "-")))).toBe(value);
    }
  });

  it("names what is no number", () => {
    expect([Number.NaN, Infinity, -Infinity].map((v) => f.exact(v, false))).toEqual(["NaN", "+∞", "−∞"]);
  });

  it("keeps ticks apart and short", () => {
    expect([0, 0.05, 0.1].map((v) => f.tick(v, 0.05))).toEqual(["0", "0.05", "0.1"]);
    expect([1e-4, 2e-4].map((v) => f.tick(v, 1e-4))).toEqual(["1e−4", "2e−4"]);
    expect([9.5e-4, 1e-3, 1.05e-3].map((v) => f.tick(v, 5e-5, 1.05e-3))).toEqual([
      "9.5e−4",
      "1e−3",
      "1.05e−3",
    ]);
    expect([2, 2.25, 2.5].map((v) => f.tick(v, 0.25, 2.5))).toEqual(["2", "2.25", "2.5"]);
    expect([1e-3, 1.25e-3].map((v) => f.tick(v, 2.5e-4, 2e-3))).toEqual(["1e−3", "1.25e−3"]);
    expect(f.tick(2.5e7, 5e6)).toBe("2.5e7");
    expect([1000000, 1000001].map((v) => f.tick(v, 1))).toEqual(["1e6", "1.000001e6"]);
    expect([20000, 25000].map((v) => f.stepTick(v, 5000))).toEqual(["20K", "25K"]);
    expect([1234567, 1234568].map((v) => f.stepTick(v, 1))).toEqual(["1,234,567", "1,234,568"]);
    expect(chinese.stepTick(25000, 5000)).toBe("2.5万");
  });

  it("writes durations in two units at most", () => {
    expect([0.5, 59, 61, 3600, 90061].map((s) => f.duration(s))).toEqual([
      "0.5s",
      "59s",
      "1m 01s",
      "1h 00m",
      "1d 01h",
    ]);
    expect([0, 90, 3600, 5400].map((s) => f.durationTick(s, 30))).toEqual(["0", "1m 30s", "1h", "1h 30m"]);
    expect(f.durationTick(90000, 3600)).toBe("1d 1h");
    expect(f.durationTick(0.25, 0.05)).toBe("0.25s");
  });

  it("writes sizes", () => {
    expect(f.bytes(0)).toBe("0 byte");
    expect(f.bytes(604_000_000)).toBe("604 MB");
  });
});

describe("messages", () => {
  it("are all translated", () => {
    const same = Object.keys(en).filter((key) => {
      const [a, b] = [en[key as keyof typeof en], zh[key as keyof typeof zh]];
      return typeof a === "string" && a === b;
    });
    expect(same).toEqual(["badLegend"]); // signs, in any language
  });
});

import { describe, expect, it } from "vitest";
import { groupKey, readBand, readKeys, settingText, writeKeys } from "./grouping";

describe("grouping", () => {
  it("tells settings apart as the server does, however they are written", () => {
    expect(settingText("1e-05")).toBe(settingText(0.00001));
    expect(settingText(1)).toBe("1");
    expect(settingText("adam")).toBe("adam");
    expect(settingText(false)).toBe("false");
    expect([settingText(null), settingText(undefined), settingText("")]).toEqual(["", "", ""]);
    expect(groupKey(["a", 1])).not.toBe(groupKey(["a1"]));
    expect(groupKey(["1", "a"])).toBe(groupKey([1, "a"]));
  });

  it("keeps keys in the address, whatever they have in them", () => {
    for (const keys of [[], ["lr"], ["optim.lr", "a|b", "100%7C"], ["组.名"]])
      expect(readKeys(writeKeys(keys))).toEqual(keys);
  });

  it("has a band where the address has none", () => {
    expect(readBand("std")).toBe("std");
    expect(readBand("nonsense")).toBe("interval");
  });
});

import { describe, expect, it } from "vitest";
import { DEFAULTS } from "./address";
import { addressOf, isAsSaved, openSaved, savedIn, stateOf } from "./saved";
import { ALL, tick } from "./selection";

const names = Array.from({ length: 3000 }, (_, i) => `run${i}`);
const settings = { ...DEFAULTS, smoothing: 0.1, pinned: ["a"], selection: tick(ALL, names, false) };
const views = { "my view": stateOf(settings), odd: { not: "a query" } };

describe("saved views", () => {
  it("hold also what an address does not", () => {
    expect(openSaved(views, "my view")).toEqual({ ...settings, saved: "my view" });
  });

  it("have a short address, until something is changed", () => {
    const open = { ...settings, saved: "my view" };
    expect(isAsSaved(open, views)).toBe(true);
    expect(addressOf(open, views)).toBe("saved=my+view");
    expect(savedIn(`?${addressOf(open, views)}`)).toBe("my view");
    expect(addressOf({ ...open, smoothing: 0.2 }, views)).toContain("from=my+view");
    expect(addressOf(open, {})).toContain("from=my+view");
    expect(addressOf({ ...open, embedded: true }, views)).toContain("embed=1");
  });

  it("of another name or kind are none", () => {
    expect(openSaved(views, "nope")).toBeNull();
    expect(openSaved(views, "odd")).toBeNull();
    expect(openSaved(views, "toString")).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import { isExpression } from "./runfilter";

describe("the run filter", () => {
  it("knows an expression, also one that is not whole yet", () => {
    for (const text of [
      "config.lr < 1e-3 and last(val/loss) < 2",
      "config.lr <",
      "last(val/",
      "state == failed",
      "state in [finished, failed]",
      "name matches /seed[12]$/ and not archived",
      "'sweep' in tags and duration < 2h",
      "not archived",
      "archived",
      "not (points > 3)",
      "tags contains sweep",
      "started > 2026-01-01",
    ])
      expect([text, isExpression(text)]).toEqual([text, true]);
  });

  it("takes everything else for names", () => {
    for (const text of [
      "",
      "exp/a",
      "^EXP/.*-lr$",
      "exp(",
      "group",
      "tags",
      "last",
      "state-space",
      "steps=100",
      "a|b",
      "min",
    ])
      expect([text, isExpression(text)]).toEqual([text, false]);
  });
});

import { describe, expect, it } from "vitest";
import { type Reference, readReferences, writeReferences } from "./reference";

describe("references", () => {
  it("come back, whatever the tag", () => {
    const references: Reference[] = [
      { run: "00abc123", tag: "a~b*c/~图%2A", key: "0f-1-2-3", item: 0 },
      { run: "zzzzzzzz", tag: " ", key: "", item: 12 },
    ];
    expect(readReferences(writeReferences(references))).toEqual(references);
  });

  it("that are none are passed over", () => {
    expect(readReferences("")).toEqual([]);
    expect(readReferences("x*1*0*a~00abc123*<*0*a~00abc123**0*%~00abc123**0*a*b~00abc123**-4*ok")).toEqual([
      { run: "00abc123", key: "", item: 0, tag: "ok" },
    ]);
  });
});

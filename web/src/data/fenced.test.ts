import { expect, test } from "vitest";
import { fencedBlock } from "./fenced";

test("what stands in the block", () => {
  expect(fencedBlock("notes\n\n```diff\n+a\n\n-b\n```\n")).toBe("+a\n\n-b");
  expect(fencedBlock("````diff\n+```\n+x\n```\n````")).toBe("+```\n+x\n```");
  expect(fencedBlock("```\n```")).toBe("");
});

test("no block", () => {
  for (const text of ["", "plain", "```", "x ```", "a\n``\nb\n``"]) expect(fencedBlock(text)).toBeNull();
});

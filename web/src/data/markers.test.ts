import { describe, expect, it } from "vitest";
import { placeOf } from "./markers.svelte";

const session = {
  file: "",
  session: 1,
  start: 100,
  first_step: 100,
  last_step: 200,
  first_wall: 5000,
  last_wall: null,
  rank: null,
  points: 1,
};

describe("placeOf", () => {
  it("is where a session went on, on each axis", () => {
    expect(placeOf(session, "step", 1000)).toBe(100);
    expect(placeOf(session, "wall", 1000)).toBe(5000);
    expect(placeOf(session, "relative", 1000)).toBe(4000);
    expect(placeOf(session, "relative", null)).toBeNull();
  });

  it("is nowhere for one that began anew", () => {
    expect(placeOf({ ...session, start: 0 }, "step", 0)).toBeNull();
    expect(placeOf({ ...session, start: null }, "wall", 0)).toBeNull();
  });
});

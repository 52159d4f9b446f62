import { describe, expect, it } from "vitest";
import { flow } from "./flow";

describe("flow", () => {
  it("puts runs side by side, as many as go", () => {
    const found = flow(5, 640, { width: 64, height: 32, count: 1 }, 200);
    expect(found.picture).toEqual({ width: 200, height: 100 });
    expect([0, 2, 3].map(found.boxAt)).toEqual([
      { left: 0, top: 0, width: 200 },
      { left: 428, top: 0, width: 200 },
      { left: 0, top: 156, width: 200 },
    ]);
    expect(found.height).toBe(312);
    expect(found.between(0, 100)).toEqual([0, 3]);
    expect(found.between(160, 1000)).toEqual([3, 5]);
    expect(found.between(-500, -200)).toEqual([0, 0]);
    expect(found.between(900, 1000)).toEqual([5, 5]);
  });

  it("gives each run a row of its own when it has several pictures at once", () => {
    const found = flow(2, 640, { width: 10, height: 10, count: 9 }, 100);
    expect(found.boxAt(1)).toEqual({ left: 0, top: 156, width: 640 });
  });

  it("shows pixel for pixel", () => {
    const found = flow(1, 640, { width: 300, height: 90, count: 1 }, null, 1.5);
    expect(found.picture).toEqual({ width: 200, height: 60 });
  });

  it("bounds what is very long", () => {
    expect(flow(1, 640, { width: 1000, height: 1, count: 1 }, 200).picture).toEqual({
      width: 200,
      height: 50,
    });
    expect(flow(1, 640, { width: 1, height: 1000, count: 1 }, 200).picture).toEqual({
      width: 50,
      height: 200,
    });
    expect(flow(0, 640, undefined, 200).height).toBe(0);
  });
});

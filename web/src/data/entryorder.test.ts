import { describe, expect, it } from "vitest";
import type { EntryColumns } from "../api/types";
import { EntryOrder } from "./entryorder";

function columns(steps: number[], superseded: boolean[] = steps.map(() => false)): EntryColumns {
  return {
    run: 1,
    tag: "t",
    kind: "images",
    revision: 1,
    steps,
    walls: steps.map((step) => 1000 + step),
    sizes: steps.map(() => 9),
    superseded,
    keys: steps.map((_, i) => `k${i}`),
  };
}

describe("EntryOrder", () => {
  it("finds the last entry at or before a step, whatever the order they were written in", () => {
    const order = new EntryOrder(columns([20, 0, 10, 10]));
    expect(order.steps).toEqual([0, 10, 10, 20]);
    const key = (step: number | null) => order.at(order.upTo(step))?.key ?? null;
    expect([-1, 0, 9, 10, 19, 20, 99, null].map(key)).toEqual([
      null,
      "k1",
      "k1",
      "k3",
      "k3",
      "k0",
      "k0",
      "k0",
    ]);
    expect([0, 1, 2, 3].map((place) => order.same(place))).toEqual([1, 2, 2, 1]);
    expect([order.placeOf("k2"), order.placeOf("k9")]).toEqual([1, -1]);
    expect(order.at(9)).toBeNull();
  });

  it("passes over what a later session replaced, unless all are asked for", () => {
    const written = columns([0, 1, 2, 1, 2, 3], [false, true, true, false, false, false]);
    expect(new EntryOrder(written).steps).toEqual([0, 1, 2, 3]);
    const all = new EntryOrder(written, true);
    expect(all.steps).toEqual([0, 1, 1, 2, 2, 3]);
    expect(all.at(all.upTo(1))).toEqual({ key: "k3", step: 1, wall: 1001, size: 9, superseded: false });
    expect(all.at(1)?.superseded).toBe(true);
  });

  it("may be empty", () => {
    const none = new EntryOrder(columns([]));
    expect([none.length, none.upTo(null), none.upTo(5)]).toEqual([0, -1, -1]);
  });
});

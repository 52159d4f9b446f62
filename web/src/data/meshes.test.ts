import { describe, expect, it } from "vitest";
import type { EntryColumns } from "../api/types";
import { item, keyAt, meshesOf, numbersOf, vertexColours } from "./meshes";

const row = (name: string, ids: number[]) => ({ name, kind: "mesh", runs: ids.length, ids });
const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);

describe("meshes", () => {
  it("are put together from their parts", () => {
    const rows = [
      row("b_FACE", [1]),
      row("b_VERTEX", [1, 2]),
      row("b_1", [4]),
      row("a/x_1", [3]),
      row("c_COLOR", [1]),
    ];
    const found = meshesOf(rows);
    expect(found.map((mesh) => mesh.name)).toEqual(["a/x", "b"]);
    expect([...found[1].tags]).toEqual([
      [1, { face: "b_FACE", vertex: "b_VERTEX" }],
      [2, { vertex: "b_VERTEX" }],
      [4, { vertex: "b_1" }],
    ]);
  });

  it("have at a step what was logged there or before", () => {
    const entries = {
      steps: [0, 10, 20],
      keys: ["a", "b", "c"],
      superseded: [false, true, false],
    } as unknown as EntryColumns;
    expect([null, 0, 15, 20, -1].map((step) => keyAt(entries, step))).toEqual(["c", "a", "a", "c", ""]);
    expect(keyAt(null, 1)).toBe("");
  });

  it("have numbers of every type", () => {
    expect([...Array.from(numbersOf(bytes(Float64Array.of(1.5)), "<f8"))]).toEqual([1.5]);
    expect([...Array.from(numbersOf(bytes(BigInt64Array.of(-7n)), "<i8"))]).toEqual([-7]);
    expect([...Array.from(numbersOf(bytes(Uint16Array.of(0x3e00, 0xc000, 0x0001)), "<f2"))]).toEqual([
      1.5,
      -2,
      2 ** -24,
    ]);
    expect(() => numbersOf(new Uint8Array(16), "<c8")).toThrow("<c8");
  });

  it("of a batch are taken one by one", () => {
    const values = bytes(Float32Array.from({ length: 12 }, (_, i) => i));
    const part = { shape: [2, 2, 3], values, type: "<f4", config: {} };
    expect(Array.from(item(part, 1))).toEqual([6, 7, 8, 9, 10, 11]);
    expect(Array.from(item(part, 9))).toEqual([6, 7, 8, 9, 10, 11]);
    expect(item({ ...part, shape: [0, 0, 3], values: new Uint8Array() }, 0)).toEqual([]);
  });

  it("have colours from 0 to 255 or from 0 to 1, and one where there are none", () => {
    expect([...vertexColours([255, 0, 300], 1, [1, 2, 3])]).toEqual([255, 0, 255, 255]);
    expect([...vertexColours([0.5, 0, 1], 1, [1, 2, 3])]).toEqual([128, 0, 255, 255]);
    expect([...vertexColours(null, 1, [1, 2, 3])]).toEqual([1, 2, 3, 255]);
  });
});

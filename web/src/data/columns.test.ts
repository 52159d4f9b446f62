import { describe, expect, it } from "vitest";
import {
  columnOf,
  configColumn,
  defaultColumns,
  readColumns,
  readSort,
  readWidths,
  tagColumn,
  writeColumns,
  writeSort,
  writeWidths,
} from "./columns";

describe("columns", () => {
  it("come back from the address, whatever tags and keys are called", () => {
    const columns = [tagColumn("last", "val/loss|a:b"), configColumn("optim.lr"), tagColumn("curve", "损失")];
    expect(readColumns(writeColumns(columns))).toEqual(columns);
    expect(readColumns("state|state|nonsense|last:")).toEqual([columnOf("state")]);
  });

  it("are sorted by name until somebody chooses", () => {
    expect(readSort("")).toEqual({ column: "name", down: false });
    for (const sort of [
      { column: "last:-x", down: true },
      { column: "name", down: true },
    ])
      expect(readSort(writeSort(sort))).toEqual(sort);
    expect(writeSort({ column: "name", down: false })).toBe("");
  });

  it("keep their widths", () => {
    const widths = new Map([
      ["config:a=b", 120],
      ["name", 300],
    ]);
    expect(readWidths(writeWidths(widths))).toEqual(widths);
    expect(readWidths("a=1|b=x").size).toBe(0);
  });

  it("begin with what tells runs apart", () => {
    const found = defaultColumns([{ name: "train/loss", runs: [1] }], ["lr"]).map((column) => column.id);
    expect(found.slice(0, 4)).toEqual(["state", "curve:train/loss", "last:train/loss", "config:lr"]);
  });
});

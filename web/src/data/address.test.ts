import { describe, expect, it } from "vitest";
import { DEFAULTS, readAddress, type Settings, writeAddress } from "./address";
import { ALL, isSolo, isTicked, NONE, solo, tick } from "./selection";

const round = (settings: Settings) => readAddress(writeAddress(settings));

describe("address", () => {
  it("is empty by default", () => {
    expect(writeAddress(DEFAULTS)).toBe("");
    expect(readAddress("")).toEqual(DEFAULTS);
  });

  it("gives everything back", () => {
    const settings: Settings = {
      view: "images",
      params: { "images.step": "12", "hparams.metric": "val/loss" },
      filter: "^sft.*|日本&=+#",
      search: "loss$",
      axis: "wall",
      smoothing: 0.999,
      log: true,
      ignoreOutliers: false,
      zoom: [-1.5e-7, 1.7e9],
      collapsed: ["eval", "a,b & c", ""],
      wide: ["train/loss"],
      selection: tick(tick(ALL, ["a"], false), ["b/c"], false),
    };
    expect(round(settings)).toEqual(settings);
    expect(round({ ...DEFAULTS, smoothing: 0 }).smoothing).toBe(0);
    expect(round({ ...DEFAULTS, selection: NONE }).selection).toEqual(NONE);
    expect(round({ ...DEFAULTS, selection: solo("x") }).selection).toEqual(solo("x"));
  });

  it("takes nonsense for the default", () => {
    const query = "axis=up&smoothing=2&zoom=3~1&log=maybe&hide=ABC.!.%00";
    expect(readAddress(query)).toEqual(DEFAULTS);
    for (const zoom of ["", "1", "1~2~3", "a~b", "1~1", "~5", "-Infinity~3"]) {
      expect(readAddress(`zoom=${zoom}`).zoom).toBeNull();
    }
  });

  it("does not grow without bound", () => {
    const names = Array.from({ length: 3000 }, (_, i) => `run${i}`);
    expect(writeAddress({ ...DEFAULTS, selection: tick(ALL, names, false) }).length).toBeLessThan(6000);
    expect(
      writeAddress({ ...DEFAULTS, selection: tick(ALL, names.slice(0, 400), false) }).length,
    ).toBeLessThan(4000);
  });
});

describe("selection", () => {
  it("ticks and unticks", () => {
    const some = tick(ALL, ["a", "b"], false);
    expect(["a", "b", "c"].map((name) => isTicked(some, name))).toEqual([false, false, true]);
    expect(isTicked(tick(some, ["a"], true), "a")).toBe(true);
    const few = tick(NONE, ["c"], true);
    expect(["a", "c"].map((name) => isTicked(few, name))).toEqual([false, true]);
  });

  it("lets new runs join all, and not a solo", () => {
    expect(isTicked(tick(ALL, ["a"], false), "new")).toBe(true);
    expect(isTicked(solo("a"), "new")).toBe(false);
    expect(isSolo(solo("a"), "a")).toBe(true);
    expect(isSolo(ALL, "a")).toBe(false);
  });
});

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
      embedded: true,
      params: { "images.step": "12", "hparams.metric": "val/loss" },
      filter: "^sft.*|日本&=+#",
      search: "loss$",
      axis: "wall",
      smoothing: 0.999,
      smoothingKind: "gaussian",
      x: "train/tokens * 2",
      xScale: "log",
      yScale: "symlog",
      ignoreOutliers: false,
      zoom: [-1.5e-7, 1.7e9],
      collapsed: ["eval", "a,b & c", ""],
      made: [
        {
          id: "+3",
          drawn: [{ y: "a" }, { y: "ema(b, 0.9)" }, { y: "c", right: true }],
          title: "A & b",
          yMin: 0,
        },
      ],
      cards: { "train/loss": { yScale: "log", points: true } },
      pinned: ["val/loss", "+3"],
      hidden: ["odd tag=&"],
      sizes: { "train/loss": { columns: 2, rows: 3 }, "a b": { columns: 6, rows: 1 } },
      saved: "my view & more",
      order: [
        { id: "train/lr", before: "train/loss" },
        { id: "train/x", before: "" },
      ],
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
    expect(
      readAddress("chart=x&chart={}&chart=[1]&card=[]&size=9x9 a&size=2x2&smoother=no&xscale=up"),
    ).toEqual(DEFAULTS);
    const odd = encodeURIComponent(
      '{"id":"+1","y":["a",1],"yScale":"up","title":7,"smoothing":2,"points":true}',
    );
    expect(readAddress(`chart=${odd}`).made).toEqual([{ id: "+1", drawn: [{ y: "a" }], points: true }]);
    for (const zoom of ["", "1", "1~2~3", "a~b", "1~1", "~5", "-Infinity~3"]) {
      expect(readAddress(`zoom=${zoom}`).zoom).toBeNull();
    }
  });

  it("reads what addresses once had", () => {
    expect(readAddress("log=1").yScale).toBe("log");
    expect(readAddress("wide=train/loss").sizes).toEqual({ "train/loss": { columns: 6, rows: 2 } });
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

import { describe, expect, it } from "vitest";
import { DEFAULTS, type Settings } from "./address";
import { deedOf, differences, isPassing, undone } from "./deeds";
import { groupTags, reorder, sortTags } from "./sections";
import { NONE } from "./selection";
import {
  cardOf,
  withCard,
  withCombined,
  withHidden,
  withOptions,
  withoutCard,
  withPin,
  withPlace,
  withSize,
} from "./workspace";

const changed = (settings: Settings, change: Partial<Settings>): Settings => ({ ...settings, ...change });
const [made, first] = withCard(DEFAULTS, [{ y: "a" }, { y: "b", right: true }], { title: "Both" });
const one = changed(DEFAULTS, first);

describe("workspace", () => {
  it("makes charts with ids of their own", () => {
    expect(made).toBe("+1");
    expect(withCard(one, [{ y: "c" }], {})[0]).toBe("+2");
    expect(cardOf(one, "+1")).toEqual({
      id: "+1",
      drawn: [{ y: "a" }, { y: "b", right: true }],
      title: "Both",
    });
  });

  it("says of a chart what is to be said, and takes it back", () => {
    const log = changed(DEFAULTS, withOptions(DEFAULTS, "loss", { yScale: "log", points: true }));
    expect(cardOf(log, "loss")).toEqual({ id: "loss", drawn: [{ y: "loss" }], yScale: "log", points: true });
    const less = changed(log, withOptions(log, "loss", { yScale: undefined }));
    expect(less.cards).toEqual({ loss: { points: true } });
    expect(withOptions(less, "loss", { points: undefined })).toEqual({ cards: {} });
    expect(withOptions(one, "+1", { title: undefined, drawn: [{ y: "c" }] }).made).toEqual([
      { id: "+1", drawn: [{ y: "c" }] },
    ]);
  });

  it("leaves nothing of a chart that goes", () => {
    let settings = changed(one, withPin(one, "+1", true));
    settings = changed(settings, withSize(settings, "+1", { columns: 2, rows: 1 }));
    expect(changed(settings, withoutCard(settings, "+1"))).toEqual(DEFAULTS);
  });

  it("keeps sizes in bounds, and the usual one out of the address", () => {
    expect(withSize(DEFAULTS, "a", { columns: 99, rows: 0 }).sizes).toEqual({ a: { columns: 6, rows: 1 } });
    expect(withSize(DEFAULTS, "a", { columns: 1, rows: 1 }).sizes).toEqual({});
  });

  it("draws two charts as one", () => {
    const [id, change] = withCombined(one, "c", "+1");
    expect(id).toBe("+1");
    expect(change.made?.[0].drawn.map(({ y }) => y)).toEqual(["a", "b", "c"]);
    expect(withCombined(one, "a", "c")[1].made?.[1].drawn).toEqual([{ y: "c" }, { y: "a" }]);
    expect(withCombined(one, "+1", "a")[1].made?.[1].drawn.map(({ y }) => y)).toEqual(["a", "b"]);
  });
});

describe("moves", () => {
  const groups = groupTags(
    sortTags(["s/a", "s/b", "s/c", "s/d", "t/x"].map((name) => ({ name, runs: [1] }))),
  );
  const order = (settings: Settings) =>
    reorder(groups, settings.order)[0]
      .tags.map((tag) => tag.name.slice(2))
      .join("");
  const move = (settings: Settings, id: string, before: string) =>
    changed(settings, withPlace(settings, `s/${id}`, false, before && `s/${before}`));

  it("put a chart where it was dropped", () => {
    expect(order(move(DEFAULTS, "d", "a"))).toBe("dabc");
    expect(order(move(DEFAULTS, "a", ""))).toBe("bcda");
    expect(order(move(move(DEFAULTS, "d", "a"), "c", "d"))).toBe("cdab");
  });

  it("are kept as few, and are right whatever came before", () => {
    let settings = DEFAULTS;
    let truth = "abcd";
    let seed = 1;
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    for (let i = 0; i < 300; i++) {
      const id = "abcd"[random(4)];
      const before = `${truth.replace(id, "")} `[random(4)].trim();
      settings = move(settings, id, before);
      const others = truth.replace(id, "");
      const at = before ? others.indexOf(before) : others.length;
      truth = others.slice(0, at) + id + others.slice(at);
      expect(order(settings)).toBe(truth);
    }
    const again = move(move(DEFAULTS, "d", "a"), "d", "b");
    expect(again.order).toEqual([{ id: "s/d", before: "s/b" }]);
  });

  it("pin and unpin", () => {
    const pinned = changed(DEFAULTS, { pinned: ["x", "y"] });
    expect(withPlace(pinned, "s/a", true, "y")).toEqual({ pinned: ["x", "s/a", "y"] });
    const back = withPlace(changed(DEFAULTS, { pinned: ["s/a"] }), "s/a", false, "s/c");
    expect(back).toEqual({ pinned: [], order: [{ id: "s/a", before: "s/c" }] });
  });

  it("of what is not there do nothing", () => {
    expect(reorder(groups, [{ id: "s/z", before: "s/a" }])[0].tags).toHaveLength(4);
    expect(reorder(groups, [{ id: "s/a", before: "s/z" }])[0].tags.map((tag) => tag.name)[0]).toBe("s/a");
  });
});

describe("deeds", () => {
  const deed = (change: Partial<Settings>, before = DEFAULTS) => deedOf(before, changed(before, change));

  it("are named", () => {
    expect(deed(withHidden(DEFAULTS, "val/loss", true))).toEqual({ kind: "hid", name: "val/loss" });
    expect(deed(withPin(DEFAULTS, "a", true))).toEqual({ kind: "pinned", name: "a" });
    expect(deed(first)).toEqual({ kind: "made", name: "+1" });
    expect(deed(withoutCard(one, "+1"), one)).toEqual({ kind: "removed", name: "+1" });
    expect(deed({ axis: "wall", zoom: null })).toEqual({ kind: "axis", name: "" });
    expect(deed({ zoom: [1, 2] })).toEqual({ kind: "zoom", name: "" });
    expect(deed(withPlace(DEFAULTS, "a/b", false, ""))).toEqual({ kind: "moved", name: "a/b" });
    expect(deed({ params: { "images.step": "3" } })).toEqual({ kind: "view", name: "images" });
    expect(deed({ smoothing: 0, yScale: "log" }).kind).toBe("several");
  });

  it("are undone without what came after", () => {
    const hidden = changed(DEFAULTS, { hidden: ["a"], params: { "images.step": "1" } });
    const later = changed(hidden, {
      view: "images",
      smoothing: 0.1,
      params: { "images.step": "1", "text.q": "x" },
    });
    const back = changed(later, undone(later, DEFAULTS, hidden));
    expect(back).toEqual({ ...DEFAULTS, view: "images", smoothing: 0.1, params: { "text.q": "x" } });
  });

  it("that only open a dialog are none", () => {
    expect(isPassing(DEFAULTS, changed(DEFAULTS, { params: { "charts.edit": "a" } }))).toBe(true);
    expect(isPassing(DEFAULTS, changed(DEFAULTS, { params: { "images.step": "3" } }))).toBe(false);
  });

  it("say what differs from the default", () => {
    expect(differences({ ...DEFAULTS, view: "images" })).toEqual([]);
    expect(differences({ ...DEFAULTS, made: [], smoothing: 0.1, selection: NONE })).toEqual([
      "smoothing",
      "selection",
    ]);
  });
});

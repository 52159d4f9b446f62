import { describe, expect, it } from "vitest";
import { assignSlots, fitted, oklchHex, palette, rampColour, slotColour, slotsOf } from "./colours";

const names = Array.from({ length: 40 }, (_, i) => `sweep/run${i}`);

/** Relative luminance (WCAG 2.1). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: string, b: string) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};

describe("colours", () => {
  it("stay when later runs come", () => {
    for (const n of [1, 3, 9, 10, 25])
      expect(assignSlots(names).slice(0, n)).toEqual(assignSlots(names.slice(0, n)));
  });

  it("are the same of every server, in whichever order it read the files", () => {
    const runs = names.map((name, i) => ({ id: i + 1, name, first_wall: i < 20 ? 100 + (i >> 1) : null }));
    const others = runs.map((run, i) => ({ ...run, id: runs.length - i })).reverse();
    const [slots, otherSlots] = [slotsOf(runs), slotsOf(others)];
    const byName = (all: typeof runs, found: Map<number, number>) =>
      Object.fromEntries(all.map((run) => [run.name, found.get(run.id)]));
    expect(byName(others, otherSlots)).toEqual(byName(runs, slots));
    expect(new Set(slots.values()).size).toBe(runs.length);
  });

  it("stay when a run comes that began later, though its name is before others", () => {
    const runs = names.map((name, i) => ({ id: i + 1, name, first_wall: 100 + i }));
    const more = [{ id: 99, name: "a", first_wall: 500 }, ...runs];
    for (const [id, slot] of slotsOf(runs)) expect(slotsOf(more).get(id)).toBe(slot);
  });

  it("differ from run to run", () => {
    expect(new Set(assignSlots(names)).size).toBe(names.length);
    for (const dark of [false, true]) {
      expect(new Set(assignSlots(names).map((slot) => slotColour(slot, dark))).size).toBe(names.length);
    }
  });

  it("stand out from the page in both themes", () => {
    for (let slot = 0; slot < 200; slot++) {
      expect(contrast(slotColour(slot, false), "#ffffff")).toBeGreaterThan(2.5);
      expect(contrast(slotColour(slot, true), "#15181e")).toBeGreaterThan(4);
    }
  });

  it("chosen in one theme are seen in the other", () => {
    expect(palette(false).map((colour) => fitted(colour, true))).toEqual(palette(true));
    expect(palette(true).map((colour) => fitted(colour, false))).toEqual(palette(false));
    for (const colour of ["#ffffff", "#000000", "#ffff00", "#00ff00", "#123456"]) {
      expect(contrast(fitted(colour, false), "#ffffff")).toBeGreaterThan(2.2);
      expect(contrast(fitted(colour, true), "#15181e")).toBeGreaterThan(4);
    }
    expect(fitted("#b00020", false)).toBe("#b00020");
  });

  it("of a scale stand out, and rise in lightness", () => {
    for (const dark of [false, true]) {
      const steps = Array.from({ length: 11 }, (_, i) => rampColour(i / 10, dark));
      const lights = steps.map(luminance);
      expect(lights).toEqual([...lights].sort((a, b) => a - b));
      for (const step of steps)
        expect(contrast(step, dark ? "#15181e" : "#ffffff")).toBeGreaterThan(dark ? 4 : 2.2);
    }
  });

  it("are converted as Ottosson's tables say", () => {
    expect(oklchHex(1, 0, 0)).toBe("#ffffff");
    expect(oklchHex(0, 0, 0)).toBe("#000000");
    expect(oklchHex(0.6279554, 0.2576833, 29.2338806)).toBe("#ff0000");
    expect(oklchHex(0.4520137, 0.3132137, 264.0520206)).toBe("#0000ff");
  });
});

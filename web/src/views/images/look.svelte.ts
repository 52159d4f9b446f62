/** How pictures are shown: size, brightness, contrast, what is behind them; in the address. */

import type { Dashboard } from "../../data/dashboard.svelte";

export const BEHINDS = ["auto", "light", "dark", "checker"] as const;
export type Behind = (typeof BEHINDS)[number];

export const SIZES = { least: 48, most: 768, usual: 208 } as const;
const GRID_SIZE = 96;
/** In hundredths, as of the filters of CSS. */
export const LIGHT = { least: 0, most: 300, usual: 100 } as const;

export class Look {
  readonly #board: Dashboard;

  constructor(board: Dashboard) {
    this.#board = board;
  }

  /** Pixels across. */
  readonly size = $derived.by(() => this.#number("size", SIZES));
  /** Of the pictures in the grid of runs × steps. */
  readonly gridSize = $derived.by(() => this.#number("gridsize", { ...SIZES, usual: GRID_SIZE }));
  /** A pixel of a picture is a pixel of the screen. */
  readonly actual = $derived.by(() => this.#board.param("images.actual") === "1");
  readonly brightness = $derived.by(() => this.#number("brightness", LIGHT));
  readonly contrast = $derived.by(() => this.#number("contrast", LIGHT));
  readonly behind = $derived.by<Behind>(
    () => BEHINDS.find((behind) => behind === this.#board.param("images.behind")) ?? "auto",
  );
  /** As `filter` of CSS wants it, in TensorBoard's order. */
  readonly filter = $derived(
    this.brightness === LIGHT.usual && this.contrast === LIGHT.usual
      ? "none"
      : `contrast(${this.contrast}%) brightness(${this.brightness}%)`,
  );
  readonly isAdjusted = $derived(this.filter !== "none" || this.behind !== "auto");

  set(key: "size" | "brightness" | "contrast", value: number): void {
    const usual = key === "size" ? SIZES.usual : LIGHT.usual;
    this.#board.setParams({ [`images.${key}`]: value === usual ? "" : String(value) });
  }

  setGridSize(value: number): void {
    this.#board.setParams({ "images.gridsize": value === GRID_SIZE ? "" : String(value) });
  }

  setActual(actual: boolean): void {
    this.#board.setParams({ "images.actual": actual ? "1" : "" });
  }

  setBehind(behind: Behind): void {
    this.#board.setParams({ "images.behind": behind === "auto" ? "" : behind });
  }

  reset(): void {
    this.#board.setParams({ "images.brightness": "", "images.contrast": "", "images.behind": "" });
  }

  #number(key: string, { least, most, usual }: { least: number; most: number; usual: number }): number {
    const text = this.#board.param(`images.${key}`);
    const value = text === "" ? Number.NaN : Number(text);
    return Number.isFinite(value) ? Math.max(least, Math.min(most, value)) : usual;
  }
}

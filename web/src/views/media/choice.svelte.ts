/** Which step each tag shows: one for all, or one of its own; in the address. */

import type { Dashboard } from "../../data/dashboard.svelte";
import { shortName } from "../../data/names";

export class StepChoice {
  readonly #board: Dashboard;
  readonly #view: "images" | "audio";

  constructor(board: Dashboard, view: "images" | "audio") {
    this.#board = board;
    this.#view = view;
  }

  /** All tags go by one step. */
  get linked(): boolean {
    return this.#board.param(`${this.#view}.link`) !== "0";
  }

  set linked(linked: boolean) {
    this.#set({ link: linked ? "" : "0", steps: "" });
  }

  /** The step of all; null: the latest. */
  get all(): number | null {
    return readStep(this.#board.param(`${this.#view}.step`));
  }

  set all(step: number | null) {
    this.#set({ step: step === null ? "" : String(step) });
  }

  of(tag: string): number | null {
    if (this.linked) return this.all;
    return this.#own().get(shortName(tag)) ?? null;
  }

  choose(tag: string, step: number | null): void {
    if (this.linked) {
      this.all = step;
      return;
    }
    const own = this.#own();
    if (step === null) own.delete(shortName(tag));
    else own.set(shortName(tag), step);
    this.#set({ steps: [...own].map(([name, at]) => `${name}*${at}`).join("~") });
  }

  #own(): Map<string, number> {
    const parts = this.#board.param(`${this.#view}.steps`).split("~");
    const pairs = parts.map((part) => part.split("*")).map(([name, text]) => [name, readStep(text ?? "")]);
    return new Map(pairs.filter((pair): pair is [string, number] => pair[1] !== null));
  }

  #set(values: Record<string, string>): void {
    this.#board.setParams(
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`${this.#view}.${key}`, value])),
    );
  }
}

function readStep(text: string): number | null {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Light or dark: the system's, or the one chosen. */

import { recall, remember } from "./memory";

export type ThemeChoice = "system" | "light" | "dark";

const KEY = "headway:theme";
const CHOICES: readonly ThemeChoice[] = ["system", "light", "dark"];

class Theme {
  choice = $state<ThemeChoice>(CHOICES.find((c) => c === recall(KEY)) ?? "system");
  #system = $state(false);

  constructor() {
    const query = matchMedia("(prefers-color-scheme: dark)");
    this.#system = query.matches;
    query.addEventListener("change", () => (this.#system = query.matches));
  }

  get dark(): boolean {
    return this.choice === "system" ? this.#system : this.choice === "dark";
  }

  /** What `next` chooses. */
  get following(): ThemeChoice {
    return CHOICES[(CHOICES.indexOf(this.choice) + 1) % CHOICES.length];
  }

  next(): void {
    this.choice = this.following;
    remember(KEY, this.choice);
  }
}

export const theme = new Theme();

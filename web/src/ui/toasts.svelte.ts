/** Short news at the foot of the page, one at a time. */

export interface Toast {
  text: string;
  /** What can be done about it. */
  action?: { text: string; run: () => void };
}

const STAY_MS = 5000;

class Toasts {
  current = $state.raw<Toast | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string, action?: Toast["action"]): void {
    this.current = action ? { text, action } : { text };
    this.stay(false);
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }

  /** While it is pointed at it does not go. */
  stay(on: boolean): void {
    clearTimeout(this.#timer);
    if (!on) this.#timer = setTimeout(() => this.dismiss(), STAY_MS);
  }
}

export const toasts = new Toasts();

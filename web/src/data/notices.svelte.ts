/** What was just done, said for a moment, with a way back. */

export interface Notice {
  id: number;
  text: string;
  /** It could not be done. */
  failed: boolean;
  action: { text: string; act: () => void } | null;
}

const SHOWN_MS = 8000;
const MOST = 3;

class Notices {
  all = $state.raw<readonly Notice[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  add(text: string, options: { failed?: boolean; action?: Notice["action"] } = {}): number {
    const notice = {
      id: this.#next++,
      text,
      failed: options.failed ?? false,
      action: options.action ?? null,
    };
    this.all = [...this.all, notice].slice(-MOST);
    this.rest(notice.id);
    return notice.id;
  }

  drop(id: number): void {
    this.hold(id);
    this.all = this.all.filter((notice) => notice.id !== id);
  }

  /** Somebody reads it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  rest(id: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.drop(id), SHOWN_MS),
    );
  }
}

export const notices = new Notices();

/** What the page was like before, to go back to: bounded, and changes of one control are one. */

const MOST = 200;
/** A slider that rests for so long and moves again is another change. */
const TOGETHER_MS = 1000;

interface Step<T> {
  before: T;
  after: T;
}

export class History<T> {
  readonly #past: Step<T>[] = [];
  readonly #future: Step<T>[] = [];
  #last = { what: "", at: 0 };

  /** `what`: names the control; when it goes on changing, that is one change. `lasting`: however long it rests. */
  record(before: T, after: T, what: string, now: number, lasting = false): void {
    const isSame = what === this.#last.what && (lasting || now - this.#last.at < TOGETHER_MS);
    const open = this.#past.at(-1);
    this.#last = { what, at: now };
    this.#future.length = 0;
    if (isSame && open) open.after = after;
    else this.#past.push({ before, after });
    if (this.#past.length > MOST) this.#past.shift();
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  undo(): Step<T> | null {
    return this.#go(this.#past, this.#future);
  }

  redo(): Step<T> | null {
    return this.#go(this.#future, this.#past);
  }

  #go(from: Step<T>[], to: Step<T>[]): Step<T> | null {
    this.#last = { what: "", at: 0 };
    const step = from.pop();
    if (!step) return null;
    to.push(step);
    return step;
  }
}

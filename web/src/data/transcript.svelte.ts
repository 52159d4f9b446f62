/** What a run printed, a page of lines at a time: those on the screen, and some around them. */

import type { ConsoleLines } from "../api/types";

export const PAGE = 500;
/** Pages that are kept: 12,000 lines. */
const MOST = 24;

export interface Line {
  text: string;
  step: number;
  wall: number;
}

type Fetch = (start: number, limit: number, signal: AbortSignal) => Promise<ConsoleLines>;

export class Transcript {
  /** Lines there are; null until that is known. */
  total = $state<number | null>(null);
  failed = $state<string | null>(null);
  /** Counts up as pages arrive. */
  #arrived = $state(0);
  /** Oldest first. */
  #pages = new Map<number, ConsoleLines>();
  #asking = new Map<number, AbortController>();
  #refreshing = false;
  #again = false;
  #stopped = false;
  #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  /** The i-th line; null while it is on its way. */
  line(i: number): Line | null {
    this.#arrived; // tracked
    const page = this.#pages.get(Math.floor(i / PAGE));
    const text = page?.lines[i % PAGE];
    return page === undefined || text === undefined
      ? null
      : { text, step: page.steps[i % PAGE], wall: page.walls[i % PAGE] };
  }

  /** See that lines from `first` up to `last` are there; what nobody wants any more is no longer waited for. */
  want(first: number, last: number): void {
    const from = Math.floor(Math.max(0, first) / PAGE);
    const to = Math.floor(Math.max(0, last - 1) / PAGE);
    for (const [page, controller] of this.#asking)
      if (page < from || page > to) {
        controller.abort();
        this.#asking.delete(page);
      }
    for (let page = from; page <= to; page++) if (!this.#isWhole(page)) this.#ask(page);
  }

  /** Something may have been printed since. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#again = false;
        this.#take(await this.#fetch(-PAGE, PAGE, new AbortController().signal));
      } while (this.#again && !this.#stopped);
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    } finally {
      this.#refreshing = false;
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const controller of this.#asking.values()) controller.abort();
    this.#asking.clear();
  }

  #isWhole(page: number): boolean {
    const there = this.#pages.get(page);
    if (!there) return false;
    this.#pages.delete(page);
    this.#pages.set(page, there);
    return there.lines.length === PAGE || page * PAGE + there.lines.length >= (this.total ?? 0);
  }

  async #ask(page: number): Promise<void> {
    if (this.#asking.has(page)) return;
    const controller = new AbortController();
    this.#asking.set(page, controller);
    try {
      this.#take(await this.#fetch(page * PAGE, PAGE, controller.signal));
    } catch (error) {
      if (!controller.signal.aborted) this.failed = error instanceof Error ? error.message : String(error);
    } finally {
      if (this.#asking.get(page) === controller) this.#asking.delete(page);
    }
  }

  /** Lines that begin anywhere, into the pages that they lie in. */
  #take(answer: ConsoleLines): void {
    if (this.#stopped) return;
    this.failed = null;
    for (let at = 0; at < answer.lines.length; ) {
      const page = Math.floor((answer.start + at) / PAGE);
      const into = (answer.start + at) % PAGE;
      const many = Math.min(PAGE - into, answer.lines.length - at);
      this.#merge(page, into, answer, at, at + many);
      at += many;
    }
    while (this.#pages.size > MOST) this.#pages.delete(this.#pages.keys().next().value as number);
    this.total = answer.total;
    this.#arrived++;
  }

  /** A page is known from its first line on: what does not join it is asked for when it is wanted. */
  #merge(page: number, into: number, answer: ConsoleLines, from: number, to: number): void {
    const there = this.#pages.get(page);
    const known = there?.lines.length ?? 0;
    if (into > known) return;
    const joined = <T>(before: readonly T[] | undefined, now: readonly T[]) => [
      ...(before ?? []).slice(0, into),
      ...now.slice(from, to),
    ];
    if (known > into + to - from) return; // it has more
    this.#pages.delete(page);
    this.#pages.set(page, {
      ...answer,
      start: page * PAGE,
      lines: joined(there?.lines, answer.lines),
      steps: joined(there?.steps, answer.steps),
      walls: joined(there?.walls, answer.walls),
    });
  }
}

/** The words of one part of the page, in both languages; a part that is loaded late brings its own along. */

import { i18n } from "./index.svelte";

export class Words<T> {
  readonly #en: T;
  readonly #zh: NoInfer<T>;

  /** A key that one language lacks does not compile. */
  constructor(en: T, zh: NoInfer<T>) {
    this.#en = en;
    this.#zh = zh;
  }

  /** In the page's language; who reads it in a component is told of another. */
  get t(): T {
    return i18n.language === "en" ? this.#en : this.#zh;
  }
}

/** English: the word for one thing, or for several. */
export const plural = (n: number, one: string, many: string) => (n === 1 ? one : many);

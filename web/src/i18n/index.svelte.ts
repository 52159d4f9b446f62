/** The language of the page: the browser's, or the one chosen. */

import { recall, remember } from "../data/memory";
import { en } from "./en";
import { Format } from "./format";
import { zh } from "./zh";

export type Language = "en" | "zh";

const KEY = "headway:language";
const LANGUAGES = {
  en: { messages: en, format: new Format("en"), tag: "en" },
  zh: { messages: zh, format: new Format("zh-CN"), tag: "zh-CN" },
};

class I18n {
  language = $state<Language>(preferred());

  get t() {
    return LANGUAGES[this.language].messages;
  }

  get format() {
    return LANGUAGES[this.language].format;
  }

  /** As `<html lang>` wants it. */
  get tag() {
    return LANGUAGES[this.language].tag;
  }

  toggle(): void {
    this.language = this.language === "en" ? "zh" : "en";
    remember(KEY, this.language);
  }
}

function preferred(): Language {
  const chosen = recall(KEY);
  if (chosen === "en" || chosen === "zh") return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export const i18n = new I18n();

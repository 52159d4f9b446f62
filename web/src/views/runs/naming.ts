/** Columns and their values as they are read. */

import { type Column, cellValue, type RunFacts } from "../../data/columns";
import { settingText } from "../../data/grouping";
import type { Average } from "../../data/statistics";
import { words } from "../../i18n/areas/runs";
import { i18n } from "../../i18n/index.svelte";

/** In one line: "last train/loss". */
export function columnName(column: Column): string {
  const { t } = words;
  if (column.kind === "field") return t.fields[column.of];
  return column.kind === "config" ? column.of : `${t.statistics[column.kind]} ${column.of}`;
}

/** A cell as text; "" where it has nothing. */
export function cellText(column: Column, run: RunFacts): string {
  if (column.kind === "config") {
    const value = run.setting(column.of);
    return typeof value === "number" ? i18n.format.exact(value, true) : settingText(value);
  }
  const value = cellValue(column, run);
  if (value === null || column.kind === "curve") return "";
  if (column.kind !== "field") return i18n.format.rounded(Number(value));
  switch (column.of) {
    case "started":
      return i18n.format.time(Number(value));
    case "duration":
      return i18n.format.duration(Number(value));
    case "step":
    case "points":
      return i18n.format.count(Number(value));
    default:
      return String(value);
  }
}

/** What more there is to say of it. */
export function cellHint(column: Column, run: RunFacts): string {
  if (column.kind === "last" || column.kind === "min" || column.kind === "max") {
    const values = run.values(column.of);
    const value = values?.[column.kind];
    const step = values?.[`${column.kind}_step`];
    if (value === null || value === undefined) return "";
    const exact = i18n.format.exact(value, true);
    return step === null || step === undefined
      ? exact
      : `${exact} · ${i18n.t.stepAt(i18n.format.count(step))}`;
  }
  return cellText(column, run);
}

/** A mean and half its interval, which says how many digits of both mean something. */
export function intervalText(column: Column, { mean, half }: Average): [string, string] {
  const isDuration = column.kind === "field" && column.of === "duration";
  const isCount = column.kind === "field" && !isDuration;
  const write = (value: number) =>
    isDuration
      ? i18n.format.duration(value)
      : isCount
        ? i18n.format.count(Math.round(value))
        : i18n.format.rounded(value);
  if (half === null || half === 0 || isDuration || isCount)
    return [write(mean), half === null ? "" : write(half)];
  const digits = 1 - Math.floor(Math.log10(half));
  const unit = 10 ** digits;
  const rounded = digits > 12 ? mean : Math.round(mean * unit) / unit;
  return [write(rounded), write(Number(half.toPrecision(2)))];
}

/** A setting as the axes and the table write it. */

import type { Format } from "../../i18n/format";

const LONGEST = 22;

export function written(format: Format, value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "number") return format.rounded(value);
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
}

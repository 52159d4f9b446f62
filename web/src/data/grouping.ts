/** Runs that belong together: those that are the same in some settings of their configuration. */

import type { ChartRequest } from "../api/types";

/** A setting as a run has it; undefined where it has none. */
export type Setting = string | number | boolean | null | undefined;

/** Among the keys to group by: what people, or the run itself, said that it belongs to. */
export const GROUP = "group";

/** A setting as it is shown, and as settings are told apart: 1e-05 of Python's JSON is 0.00001 of ours. */
export function settingText(value: Setting): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value !== "string") return String(value);
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? String(number) : value;
}

/** One text for the settings of a group. */
export const groupKey = (values: readonly Setting[]): string => values.map(settingText).join("\u0000");

export type Band = NonNullable<ChartRequest["band"]>;
export const BANDS: readonly Band[] = ["interval", "std", "quantiles", "range"];
export const readBand = (text: string): Band => BANDS.find((band) => band === text) ?? "interval";

/** Keys in a parameter of the address: keys have dots in them, and may have anything. */
export const readKeys = (text: string): string[] => (text === "" ? [] : text.split("|").map(decodeKey));
export const writeKeys = (keys: readonly string[]): string => keys.map(encodeKey).join("|");

const encodeKey = (key: string) => key.replaceAll("%", "%25").replaceAll("|", "%7C");
const decodeKey = (key: string) => key.replaceAll("%7C", "|").replaceAll("%25", "%");

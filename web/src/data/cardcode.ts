/** Charts as text, for the address. What is read may be anybody's: only what makes sense of it is taken. */

import { type Card, type CardOptions, type Drawn, SCALES, SMOOTHING_KINDS, X_SCALES } from "./card";

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string" && value !== "" && value.length <= 1000;
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isOneOf =
  (values: readonly string[]): Check =>
  (value) =>
    values.some((one) => one === value);

const OPTIONS: Readonly<Record<keyof CardOptions, Check>> = {
  title: isText,
  axis: isOneOf(["step", "relative", "wall"]),
  x: isText,
  xScale: isOneOf(X_SCALES),
  yScale: isOneOf(SCALES),
  rightScale: isOneOf(SCALES),
  yMin: isNumber,
  yMax: isNumber,
  rightMin: isNumber,
  rightMax: isNumber,
  smoothing: (value) => typeof value === "number" && value >= 0 && value < 1,
  smoothingKind: isOneOf(SMOOTHING_KINDS),
  ignoreOutliers: isFlag,
  points: isFlag,
  ranks: isOneOf(["merged", "each", "mean", "min", "max", "sum"]),
  superseded: isFlag,
};

/** Of anything, what is an option of a chart. */
export function readOptions(value: unknown): CardOptions {
  if (typeof value !== "object" || value === null) return {};
  const known = Object.entries(value).filter(([key, one]) => OPTIONS[key as keyof CardOptions]?.(one));
  return Object.fromEntries(known);
}

/** A chart that somebody made: `{"id": "+1", "y": ["loss"], "right": ["lr"], …}`. */
export function writeCard({ id, drawn, ...options }: Card): string {
  const of = (right: boolean) => drawn.filter((one) => (one.right ?? false) === right).map((one) => one.y);
  const right = of(true);
  return JSON.stringify({ id, y: of(false), ...(right.length > 0 ? { right } : {}), ...options });
}

export function readCard(text: string): Card | null {
  const said = parsed(text);
  if (typeof said !== "object" || said === null) return null;
  const { id, y, right } = said as Record<string, unknown>;
  const drawn: Drawn[] = [
    ...textsOf(y).map((one) => ({ y: one })),
    ...textsOf(right).map((one) => ({ y: one, right: true })),
  ];
  if (typeof id !== "string" || !/^\+\d{1,6}$/.test(id) || drawn.length === 0) return null;
  return { id, drawn, ...readOptions(said) };
}

/** The options of one chart: `["train/loss", {"yScale": "log"}]`. */
export function writeOptions(id: string, options: CardOptions): string {
  return JSON.stringify([id, options]);
}

export function readOptionsOf(text: string): [string, CardOptions] | null {
  const said = parsed(text);
  if (!Array.isArray(said) || typeof said[0] !== "string") return null;
  const options = readOptions(said[1]);
  return Object.keys(options).length > 0 ? [said[0], options] : null;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => isText(one)) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

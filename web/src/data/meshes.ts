/** Meshes out of their parts, each a tag of its own: `<name>_VERTEX`, `<name>_FACE`, `<name>_COLOR`. */

import type { EntryColumns, TagRow } from "../api/types";
import { compareNames } from "./names";
import { placeOf } from "./steps";

export type Part = "vertex" | "face" | "color";

/** torch and TensorBoard write words, older writers the number of the part. */
const SUFFIXES: readonly (readonly [string, Part])[] = [
  ["_VERTEX", "vertex"],
  ["_FACE", "face"],
  ["_COLOR", "color"],
  ["_1", "vertex"],
  ["_2", "face"],
  ["_3", "color"],
];

export interface MeshTag {
  name: string;
  /** Run → the tags of its parts: two writers may name the same ones differently. Only runs that have vertices. */
  tags: ReadonlyMap<number, Partial<Record<Part, string>>>;
}

/** The meshes there are, by the tags of kind `mesh`. A tag without a suffix is taken for vertices. */
export function meshesOf(rows: readonly TagRow[]): MeshTag[] {
  const found = new Map<string, Map<number, Partial<Record<Part, string>>>>();
  for (const { name: tag, ids } of rows) {
    const [suffix, part] = SUFFIXES.find(([end]) => tag.endsWith(end)) ?? (["", "vertex"] as const);
    const name = tag.slice(0, tag.length - suffix.length) || tag;
    const runs = found.get(name) ?? new Map<number, Partial<Record<Part, string>>>();
    for (const run of ids ?? []) runs.set(run, { ...runs.get(run), [part]: tag });
    found.set(name, runs);
  }
  return [...found]
    .map(([name, runs]) => ({ name, tags: new Map([...runs].filter(([, tags]) => tags.vertex)) }))
    .filter((mesh) => mesh.tags.size > 0)
    .sort((a, b) => compareNames(a.name, b.name));
}

/** The key of what a part is at a step: the entry there, or the last one before it; "" when there is none. */
export function keyAt(entries: EntryColumns | null, step: number | null): string {
  if (!entries || entries.keys.length === 0) return "";
  const live = entries.keys.map((_, i) => i).filter((i) => !entries.superseded[i]);
  const steps = live.map((i) => entries.steps[i]);
  if (live.length === 0) return "";
  const place = step !== null && steps[0] > step ? -1 : placeOf(steps, step);
  return place < 0 ? "" : entries.keys[live[place]];
}

/** The numbers of a tensor, as the server sends them; numpy's name of their type. */
export function numbersOf(bytes: Uint8Array, type: string): ArrayLike<number> {
  const buffer = bytes.slice().buffer;
  switch (type.slice(1)) {
    case "f4":
      return new Float32Array(buffer);
    case "f8":
      return new Float64Array(buffer);
    case "f2":
      return Float32Array.from(new Uint16Array(buffer), half);
    case "i8":
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case "u8":
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case "i4":
      return new Int32Array(buffer);
    case "u4":
      return new Uint32Array(buffer);
    case "i2":
      return new Int16Array(buffer);
    case "u2":
      return new Uint16Array(buffer);
    case "i1":
      return new Int8Array(buffer);
    case "u1":
    case "b1":
      return new Uint8Array(buffer);
    default:
      throw new Error(`numbers of the type ${type} are not known`);
  }
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** What the server says of a part, decoded. */
export interface PartValue {
  shape: readonly number[];
  values: Uint8Array;
  type: string;
  config: Readonly<Record<string, unknown>>;
}

/** One item of a batch; the last one where there are fewer. */
export function item(part: PartValue, batch: number): ArrayLike<number> {
  const [items, count] = part.shape;
  if (items === 0) return [];
  const width = count * 3 * (part.values.length / Math.max(1, items * count * 3));
  const start = Math.min(batch, items - 1) * width;
  return numbersOf(part.values.subarray(start, start + width), part.type);
}

/** Red, green, blue and opacity of each vertex. Numbers from 0 to 1 are taken as such, others as 0 to 255. */
export function vertexColours(
  values: ArrayLike<number> | null,
  vertices: number,
  otherwise: readonly [number, number, number],
): Uint8Array {
  const out = new Uint8Array(vertices * 4);
  let largest = 0;
  let isWhole = true;
  for (let i = 0; values && i < values.length; i++) {
    if (values[i] > largest) largest = values[i];
    if (!Number.isInteger(values[i])) isWhole = false;
  }
  const scale = largest <= 1 && !isWhole ? 255 : 1;
  for (let i = 0; i < vertices; i++) {
    for (let k = 0; k < 3; k++) {
      const given = values && i * 3 + k < values.length ? values[i * 3 + k] * scale : otherwise[k];
      out[i * 4 + k] = Math.max(0, Math.min(255, Math.round(given) || 0));
    }
    out[i * 4 + 3] = 255;
  }
  return out;
}

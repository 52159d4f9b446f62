/**
 * Families of tags: those of many layers that mean the same, recognised by their shape and not by their names.
 *
 * A number that differs among tags which are otherwise alike counts something, mostly layers. What stands around the
 * part that counts says which measure it is: before it (`grad_norm/layers.12.attn.q_proj`), after it
 * (`layer_07/grad_norm`), or both (`optim/grad/blocks.3.ff.w1.norm`). The rest is the module.
 */

import { compareNames } from "./names";

export interface Member {
  tag: string;
  /** What tells it from the others: where in the model it is. */
  module: string;
}

export interface Family {
  /** As it is shown, and as an address names it; each once. */
  name: string;
  /** In the natural order of their modules. */
  members: readonly Member[];
}

/** Fewer are no family. */
const FEWEST = 3;
/** How much of "every measure of every module" there has to be for an ending to be a measure. */
const FULL = 0.7;
/** An ending of a module's path is a measure only where every module has all of them, and they are few. */
const MOST_ENDINGS = 8;

/** The families among `tags`, the greatest first. */
export function families(tags: readonly string[]): Family[] {
  const counted = shapesThatCount(tags);
  const groups = new Map<string, Member[]>();
  for (const [prefix, parts] of byPrefix(counted)) {
    for (const [name, one] of ofPrefix(prefix, parts)) append(groups, name, one);
  }
  const numbered = new Set(counted.map((part) => part.tag));
  addSiblings(
    groups,
    tags.filter((tag) => !numbered.has(tag)),
  );
  return [...groups]
    .filter(([, members]) => members.length >= FEWEST)
    .map(([name, members]) => ({ name, members: sorted(members, (one) => one.module) }))
    .sort((a, b) => b.members.length - a.members.length || compareNames(a.name, b.name));
}

/** A tag around the parts that count, cut at slashes. */
interface Counted {
  tag: string;
  before: string[];
  inside: string[];
  after: string[];
}

function shapesThatCount(tags: readonly string[]): Counted[] {
  const shapes = new Map<string, string[]>();
  for (const tag of tags) {
    if (!/\d/.test(tag)) continue;
    const shape = tag.replace(/\d+/g, "#");
    const group = shapes.get(shape);
    if (group) group.push(tag);
    else shapes.set(shape, [tag]);
  }
  return [...shapes.values()].flatMap((alike) => (alike.length < 2 ? [] : cutAll(alike)));
}

/** Tags of one shape: which of their numbers differ decides where all of them are cut. */
function cutAll(alike: readonly string[]): Counted[] {
  const parts = alike[0].split("/");
  let first = parts.length;
  let last = -1;
  const rows = alike.map((tag) => tag.split("/"));
  for (let i = 0; i < parts.length; i++) {
    if (rows.every((row) => row[i] === parts[i])) continue;
    first = Math.min(first, i);
    last = i;
  }
  // A number that stands alone counts what the part before it names: layer/3.
  if (first > 1 && /^\d+$/.test(parts[first])) first--;
  return alike.map((tag, i) => ({
    tag,
    before: rows[i].slice(0, first),
    inside: rows[i].slice(first, last + 1),
    after: rows[i].slice(last + 1),
  }));
}

function byPrefix(counted: readonly Counted[]): Map<string, Counted[]> {
  const groups = new Map<string, Counted[]>();
  for (const one of counted) {
    const prefix = one.before.join("/");
    const group = groups.get(prefix);
    if (group) group.push(one);
    else groups.set(prefix, [one]);
  }
  return groups;
}

/** What stands before the module is known; each member with its family's name. */
function ofPrefix(prefix: string, parts: readonly Counted[]): [string, Member][] {
  const found: [string, Member][] = [];
  const plain: Member[] = [];
  const ended = parts.filter((part) => part.after.length > 0);
  const isMeasured = ended.length > 0 && fullness(ended.map(pathOf), "/") >= FULL;
  for (const part of parts) {
    const path = pathOf(part);
    if (isMeasured && part.after.length > 0) {
      const [module, measure] = cutLast(path, "/");
      found.push([prefix ? `${prefix}/…/${measure}` : measure, { tag: part.tag, module }]);
    } else plain.push({ tag: part.tag, module: path });
  }
  return [...found, ...ofPaths(prefix, plain)];
}

/** Without a measure after a slash: of what stands before the module, or of what its path ends with. */
function ofPaths(prefix: string, members: readonly Member[]): [string, Member][] {
  const dotted = members.filter((one) => /[./]/.test(one.module));
  const words = members.filter((one) => !/[./]/.test(one.module));
  const nameOf = (one: Member) => [prefix, one.module.replace(/\d+/g, "*")].filter(Boolean).join("/");
  const found = words.map((one): [string, Member] => [nameOf(one), one]);
  const isSplit = endsWithMeasure(prefix, dotted);
  for (const one of dotted) {
    const [module, ending] = cutLast(one.module, ".");
    if (!isSplit) found.push([prefix || `${firstWord(one.module)}.*`, one]);
    else found.push([prefix ? `${prefix} · ${ending}` : ending, { tag: one.tag, module }]);
  }
  return found;
}

function endsWithMeasure(prefix: string, members: readonly Member[]): boolean {
  const paths = members.map((one) => one.module);
  const endings = new Set(paths.map((path) => cutLast(path, ".")[1]));
  if (endings.size > MOST_ENDINGS || [...endings].some((ending) => /\d/.test(ending))) return false;
  if (!prefix) return fullness(paths, ".") >= FULL;
  const isDeep = paths.every((path) => path.split(".").length > 3);
  return isDeep && endings.size > 1 && fullness(paths, ".") === 1;
}

/** Embeddings, heads, last norms: what has the measure of a family and no number. */
function addSiblings(groups: Map<string, Member[]>, others: readonly string[]): void {
  for (const tag of others) {
    const slash = tag.lastIndexOf("/");
    for (let at = tag.indexOf("/"); at > 0; at = tag.indexOf("/", at + 1)) {
      const family = groups.get(tag.slice(0, at));
      if (family?.some((one) => /[./]/.test(one.module))) {
        family.push({ tag, module: tag.slice(at + 1) });
        break;
      }
    }
    const measured = slash > 0 ? groups.get(tag.slice(slash + 1)) : undefined;
    if (measured && tag.indexOf("/") === slash) measured.push({ tag, module: tag.slice(0, slash) });
  }
}

/** 1 when every path without its last part has every last part there is. */
function fullness(paths: readonly string[], separator: string): number {
  const starts = new Set<string>();
  const ends = new Set<string>();
  for (const path of paths) {
    const [start, end] = cutLast(path, separator);
    starts.add(start);
    ends.add(end);
  }
  return paths.length / (starts.size * ends.size);
}

function cutLast(path: string, separator: string): [string, string] {
  const at = path.lastIndexOf(separator);
  return at < 0 ? ["", path] : [path.slice(0, at), path.slice(at + separator.length)];
}

const pathOf = (part: Counted) => [...part.inside, ...part.after].join("/");
const firstWord = (path: string) => path.split(/[./]/)[0];

function append(groups: Map<string, Member[]>, name: string, member: Member): void {
  const group = groups.get(name);
  if (group) group.push(member);
  else groups.set(name, [member]);
}

/** The family that people look at first: gradients, else the greatest. */
export function firstFamily(found: readonly Family[]): Family | undefined {
  return (
    found.find((family) => /grad/i.test(family.name) && /norm/i.test(family.name)) ??
    found.find((family) => /grad/i.test(family.name)) ??
    found[0]
  );
}

/** The same tensor of all layers side by side: modules that differ in their numbers alone. */
export function byTensor(members: readonly Member[]): Member[] {
  return sorted(members, ({ module }) => `${module.replace(/\d+/g, "#")} ${module}`);
}

/** 2 before 10; a hundred thousand names are too many for a collator. */
function sorted(members: readonly Member[], name: (member: Member) => string): Member[] {
  const keyed = members.map((one) => ({ key: name(one).replace(/\d+/g, (n) => n.padStart(12, "0")), one }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ one }) => one);
}

/** Modules without the parts, at either end, that all of them have. */
export function tellApart(modules: readonly string[]): string[] {
  if (modules.length < 2) return [...modules];
  const paths = modules.map((module) => module.split(/(?<=[./])|(?=[./])/));
  const shortest = Math.min(...paths.map((path) => path.length));
  const alike = (at: (path: string[]) => string | undefined) =>
    paths.every((path) => at(path) === at(paths[0]));
  let head = 0;
  while (head < shortest - 1 && alike((path) => path[head])) head++;
  let tail = 0;
  while (head + tail < shortest - 1 && alike((path) => path[path.length - 1 - tail])) tail++;
  return paths.map((path) => path.slice(head, path.length - tail).join(""));
}

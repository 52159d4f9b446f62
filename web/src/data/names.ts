/** Names as people filter, sort and abbreviate them. */

/** cyrb53 (bryc, public domain): 53 bits, good enough that two of 10,000 names meet once in 10⁸ pages. */
export function hashName(name: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    h1 = Math.imul(h1 ^ c, 2654435761);
    h2 = Math.imul(h2 ^ c, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}

/** A name in eight characters, for the address. */
export function shortName(name: string): string {
  return hashName(name).toString(36).padStart(8, "0").slice(-8);
}

export type Matcher = { matches: (name: string) => boolean; error: string | null };

/** A regular expression without regard to case; an invalid one is taken as plain text, and `error` says why. */
export function matcher(pattern: string): Matcher {
  if (pattern === "") return { matches: () => true, error: null };
  try {
    const regex = new RegExp(pattern, "i");
    return { matches: (name) => regex.test(name), error: null };
  } catch (error) {
    const text = pattern.toLowerCase();
    return { matches: (name) => name.toLowerCase().includes(text), error: (error as Error).message };
  }
}

const collator = new Intl.Collator("en", { numeric: true });

/** run2 before run10. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b) || inOrder(a, b);
}

/** A part of a name, of plain letters, digits and signs, as a text that sorts as people count; null for others. */
function sortKey(part: string): string | null {
  if (!/^[\x20-\x7e]*$/.test(part)) return null;
  const counted = part
    .toLowerCase()
    .replace(/0*(\d+)/g, (_, digits) => String.fromCharCode(0x30, 0x30 + digits.length) + digits);
  return counted.replaceAll("_", " ");
}

/** Likewise for names, whose parts return again and again. */
function keyMaker(): (name: string) => string | null {
  const known = new Map<string, string | null>();
  return (name) => {
    let key = "";
    for (const part of name.split("/")) {
      let one = known.get(part);
      if (one === undefined) {
        one = sortKey(part);
        known.set(part, one);
      }
      if (one === null) return null;
      key += `/${one}`;
    }
    return key;
  };
}

/** In the order of `compareNames`, within each `rank`. The collator is slow: a hundred thousand names take it a second. */
export function sortByName<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  rankOf = (_: string) => 0,
): T[] {
  const keyOf = keyMaker();
  const keyed = items.map((item) => {
    const name = nameOf(item);
    return { item, name, rank: rankOf(name), key: keyOf(name) };
  });
  const plain = keyed.every((one) => one.key !== null);
  const compare = plain
    ? (a: (typeof keyed)[0], b: (typeof keyed)[0]) =>
        inOrder(a.key ?? "", b.key ?? "") || inOrder(a.name, b.name)
    : (a: (typeof keyed)[0], b: (typeof keyed)[0]) => compareNames(a.name, b.name);
  return keyed.sort((a, b) => a.rank - b.rank || compare(a, b)).map((one) => one.item);
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

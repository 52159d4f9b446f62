/** Names of pictures in the address, so that a shared one opens the same pictures. */

/** One picture of one entry, or of whichever is the latest. */
export interface Reference {
  /** Its run, as `shortName` gives it. */
  run: string;
  tag: string;
  /** The entry's; "" for the latest, whichever that is. */
  key: string;
  item: number;
}

export function writeReferences(references: readonly Reference[]): string {
  return references.map(({ run, tag, key, item }) => [run, key, item, quoted(tag)].join("*")).join("~");
}

export function readReferences(text: string): Reference[] {
  return text
    .split("~")
    .map((part) => part.split("*"))
    .filter(([run, key, item, tag, more]) => tag && more === undefined && isRun(run) && isKey(key) && item)
    .map(([run, key, item, tag]) => ({ run, key, item: Math.max(0, Number(item) | 0), tag: unquoted(tag) }))
    .filter(({ tag }) => tag !== "");
}

const isRun = (text: string) => /^[0-9a-z]{8}$/.test(text);
const isKey = (text: string) => /^[0-9a-f-]*$/.test(text);
const quoted = (tag: string) => encodeURIComponent(tag).replaceAll("~", "%7E").replaceAll("*", "%2A");

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

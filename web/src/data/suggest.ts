/** What may be meant while a tag, or an expression over tags, is being written. */

const MOST = 8;
/** What separates names in an expression; tags have slashes, dots and dashes in them. */
const WORD = /[^\s(),+*]*$/;

/** Whole texts, best first: `text` with its last word replaced by a tag that has it in it. */
export function completions(text: string, tags: Iterable<string>): string[] {
  const word = (WORD.exec(text)?.[0] ?? "").toLowerCase();
  const before = text.slice(0, text.length - word.length);
  const starting: string[] = [];
  const containing: string[] = [];
  for (const tag of tags) {
    const at = tag.toLowerCase().indexOf(word);
    if (at < 0 || before + tag === text) continue;
    const list = at === 0 || tag[at - 1] === "/" ? starting : containing;
    if (list.length < MOST) list.push(before + written(tag, before !== ""));
    if (starting.length === MOST) break;
  }
  return [...starting, ...containing].slice(0, MOST);
}

/** As an expression has it: in backticks where it would read as something else. */
function written(tag: string, inExpression: boolean): string {
  if (!inExpression || /^[\p{L}_][\p{L}\p{N}_./:]*$/u.test(tag)) return tag;
  return `\`${tag.replaceAll("`", "``")}\``;
}

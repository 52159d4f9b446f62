/** A text cut where words stand in it that are looked for. */

export interface Cut {
  text: string;
  isHit: boolean;
}

/** More than that is not marked. */
const MOST = 500;

/** In whatever case; the pieces make the text again. */
export function cutAt(text: string, words: readonly string[]): Cut[] {
  const wanted = words
    .filter((word) => word !== "")
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (wanted.length === 0) return [{ text, isHit: false }];
  const cuts: Cut[] = [];
  let from = 0;
  for (const match of text.matchAll(new RegExp(wanted.join("|"), "giu"))) {
    if (cuts.length > MOST) break;
    if (match.index > from) cuts.push({ text: text.slice(from, match.index), isHit: false });
    cuts.push({ text: match[0], isHit: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || cuts.length === 0) cuts.push({ text: text.slice(from), isHit: false });
  return cuts;
}

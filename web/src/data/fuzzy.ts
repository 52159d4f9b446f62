/** How well a typed abbreviation fits a text: "trlo" fits "train/loss". */

const CONSECUTIVE = 3;
const AT_WORD = 4;
const AT_START = 2;

/**
 * Null when `query` is no subsequence of `text`; otherwise the greater the better. Letters in a row and at the beginnings
 * of words count more, long texts less; whatever holds the query as it stands comes first. Case is ignored.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(" ", "");
  if (wanted === "") return 0;
  const lower = text.toLowerCase();
  const whole = lower.indexOf(wanted);
  if (whole >= 0) return 1000 - whole - text.length / 100 + (isWordStart(text, whole) ? 100 : 0);
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = lower.indexOf(letter, at + 1);
    if (next < 0) return null;
    if (next === at + 1) score += CONSECUTIVE;
    if (isWordStart(text, next)) score += AT_WORD;
    if (next === 0) score += AT_START;
    at = next;
  }
  return score - text.length / 100;
}

function isWordStart(text: string, i: number): boolean {
  return i === 0 || /[\s/._:-]/.test(text[i - 1]) || (/[a-z]/.test(text[i - 1]) && /[A-Z]/.test(text[i]));
}

export interface Fit<T> {
  item: T;
  score: number;
}

/** The `most` items that fit best, best first; equal ones in their order. */
export function best<T>(
  query: string,
  items: Iterable<T>,
  textOf: (item: T) => string,
  most: number,
): Fit<T>[] {
  const found: Fit<T>[] = [];
  for (const item of items) {
    const score = fuzzyScore(query, textOf(item));
    if (score === null) continue;
    found.push({ item, score });
    if (found.length > 4 * most + 1000) trim(found, most);
  }
  return trim(found, most);
}

function trim<T extends { score: number }>(found: T[], most: number): T[] {
  found.sort((a, b) => b.score - a.score);
  found.length = Math.min(found.length, most);
  return found;
}

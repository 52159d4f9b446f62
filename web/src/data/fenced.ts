/** The fenced block at the end of a text that a run told of itself. As `block` in headway/query/account.py. */

/** Null where there is none. headway's fences are longer than any backticks inside of them. */
export function fencedBlock(text: string): string | null {
  const whole = text.trimEnd();
  const body = whole.replace(/`+$/, "");
  const fence = whole.slice(body.length);
  if (fence.length < 3 || !body.endsWith("\n")) return null;
  const begin = `\n${body}`.lastIndexOf(`\n${fence}`);
  if (begin < 0) return null;
  const inside = body.slice(begin, -1);
  const line = inside.indexOf("\n");
  return line < 0 ? "" : inside.slice(line + 1);
}

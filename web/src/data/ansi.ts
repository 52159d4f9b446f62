/** Colours of terminals: a line with escape sequences, taken apart into stretches of one style. Pure. */

export interface Stretch {
  text: string;
  /** One of the terminal's 16 colours, or "#rrggbb"; null: the text's own. */
  colour: number | string | null;
  ground: number | string | null;
  bold: boolean;
  faint: boolean;
  italic: boolean;
  underline: boolean;
}

type Style = Omit<Stretch, "text">;

const PLAIN: Style = {
  colour: null,
  ground: null,
  bold: false,
  faint: false,
  italic: false,
  underline: false,
};

/** A control sequence with its parameters and its letter, a title or link, another escape, a control character. */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /\x1b\[([0-9;:]*)[ -/]*([@-~])|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|\x1b.?|[\x00-\x08\x0b-\x1f\x7f]/g;

/** Only colours and weights are kept; what moves the cursor or names a window is left out. */
export function stretches(line: string): Stretch[] {
  if (!ESCAPE.test(line)) return line ? [{ text: line, ...PLAIN }] : [];
  const found: Stretch[] = [];
  let style = PLAIN;
  let from = 0;
  ESCAPE.lastIndex = 0;
  for (let match = ESCAPE.exec(line); match; match = ESCAPE.exec(line)) {
    if (match.index > from) found.push({ text: line.slice(from, match.index), ...style });
    if (match[2] === "m") style = styled(style, match[1]);
    from = ESCAPE.lastIndex;
  }
  if (from < line.length) found.push({ text: line.slice(from), ...style });
  return found;
}

/** What a line says, without escapes. */
export const plainText = (line: string) => line.replace(ESCAPE, "");

function styled(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  const next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, i + 1);
      if (code === 38) next.colour = colour;
      else next.ground = colour;
      i += used;
    } else Object.assign(next, change(code));
  }
  return next;
}

function change(code: number): Partial<Style> {
  if (code === 0) return PLAIN;
  if (code === 1) return { bold: true };
  if (code === 2) return { faint: true };
  if (code === 3) return { italic: true };
  if (code === 4) return { underline: true };
  if (code === 22) return { bold: false, faint: false };
  if (code === 23) return { italic: false };
  if (code === 24) return { underline: false };
  if (code === 39) return { colour: null };
  if (code === 49) return { ground: null };
  if (code >= 30 && code <= 37) return { colour: code - 30 };
  if (code >= 40 && code <= 47) return { ground: code - 40 };
  if (code >= 90 && code <= 97) return { colour: code - 82 };
  if (code >= 100 && code <= 107) return { ground: code - 92 };
  return {};
}

/** Of 256 colours, or red, green and blue; and how many parameters that took. */
function extended(codes: readonly number[], at: number): [number | string | null, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] === 2) return [hex(codes.slice(at + 1, at + 4)), 4];
  return [null, 1];
}

function indexed(index: number): number | string {
  if (!(index > 15)) return Math.max(index, 0);
  if (index > 231) {
    const grey = 8 + 10 * Math.min(index - 232, 23);
    return hex([grey, grey, grey]);
  }
  const level = (n: number) => (n === 0 ? 0 : 55 + 40 * n);
  const cube = index - 16;
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level));
}

const hex = (parts: readonly number[]) =>
  `#${[0, 1, 2]
    .map((i) =>
      Math.min(255, Math.max(0, Math.round(parts[i] || 0)))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;

/**
 * Markdown that anybody may have written, as a tree of the few elements the page shows. No HTML is ever made of it:
 * tags in the text stay text, which is also what people want who look at `<think>` or `<s>` in what a model said.
 */

import { Marked, type MarkedToken, type Token, type Tokens } from "marked";

export type Part = string | Piece;

export interface Piece {
  tag: Tag;
  parts: readonly Part[];
  /** Of a link: http, https or mailto. */
  href?: string;
  /** Of a picture: it is in the text itself, a data: address. */
  src?: string;
  /** Of the cell of a table. */
  align?: "left" | "center" | "right";
  /** Of an ordered list, where it does not begin with 1. */
  start?: number;
  /** Of a list's item: it can be done, and is or is not. */
  task?: true;
  /** Of a block of code. */
  language?: string;
}

export type Tag =
  | ("h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "blockquote" | "pre" | "hr" | "ul" | "ol" | "li")
  | ("table" | "thead" | "tbody" | "tr" | "th" | "td")
  | ("strong" | "em" | "del" | "code" | "a" | "img" | "br" | "math");

/** Beyond this many characters a text is shown as it is: nobody reads that much formatted, and it would take long. */
export const LONGEST = 200_000;

const LINKS = /^(https?:\/\/|mailto:)/i;
const PICTURES = /^data:image\/(png|jpeg|gif|webp);base64,[\w+/=\s]+$/i;
/** Formulas stay as they were written: `_` and `*` in them mean something else. */
const MATH =
  /^(?:\$\$(?!\$)[^$]{1,2000}\$\$|\$(?![\s$\d])[^$\n]{0,300}[^\s$\\]\$(?!\d)|\\\((?:(?!\\\))[^\n]){1,500}\\\)|\\\[(?:(?!\\\])[\s\S]){1,2000}\\\])/;

const marked = new Marked({
  gfm: true,
  breaks: true,
  tokenizer: {
    // Of HTML only <pre> is a block of its own; the rest is read on as Markdown with tags in it.
    html: (source) => (/^ {0,3}<pre\b/i.test(source) ? false : undefined),
  },
  extensions: [
    {
      name: "math",
      level: "inline",
      start: (source) => /\$|\\[([]/.exec(source)?.index,
      tokenizer(source) {
        const raw = MATH.exec(source)?.[0];
        return raw ? { type: "math", raw, text: raw } : undefined;
      },
    },
  ],
});

/** The tree of `text`; null where it is too long, or too deeply nested, to be one. */
export function parseMarkdown(text: string): readonly Part[] | null {
  if (text.length > LONGEST) return null;
  try {
    return blocks(marked.lexer(text));
  } catch (error) {
    if (error instanceof RangeError) return null; // it is nested thousands of levels deep
    throw error;
  }
}

const piece = (tag: Tag, parts: readonly Part[] = [], more: Partial<Piece> = {}): Piece => ({
  tag,
  parts,
  ...more,
});

const blocks = (tokens: readonly Token[] = []): Part[] =>
  tokens.flatMap((token) => block(token as MarkedToken));

function block(token: MarkedToken): Part[] {
  switch (token.type) {
    case "heading":
      return [piece(`h${Math.min(6, token.depth)}` as Tag, inline(token.tokens))];
    case "paragraph":
      return [piece("p", inline(token.tokens))];
    case "code":
      return [piece("pre", [token.text], token.lang ? { language: token.lang.split(/\s/, 1)[0] } : {})];
    case "blockquote":
      return [piece("blockquote", blocks(token.tokens))];
    case "hr":
      return [piece("hr")];
    case "list":
      return [list(token)];
    case "table":
      return [table(token)];
    case "html":
      return [piece("pre", [inPre(token.text)])];
    case "checkbox":
      return [token.checked ? "☑ " : "☐ "];
    case "text":
      return token.tokens ? inline(token.tokens) : [unescaped(token.text)];
    case "space":
    case "def":
      return [];
    default:
      return inline([token]);
  }
}

function list(token: Tokens.List): Piece {
  const items = token.items.map((item) => piece("li", blocks(item.tokens), item.task ? { task: true } : {}));
  const start = Number(token.start);
  return piece(
    token.ordered ? "ol" : "ul",
    items,
    token.ordered && start !== 1 && Number.isSafeInteger(start) ? { start } : {},
  );
}

function table(token: Tokens.Table): Piece {
  const cell = (tag: Tag) => (one: Tokens.TableCell) =>
    piece(tag, inline(one.tokens), one.align ? { align: one.align } : {});
  const head = piece("thead", [piece("tr", token.header.map(cell("th")))]);
  const rows = token.rows.map((row) => piece("tr", row.map(cell("td"))));
  return piece("table", [head, piece("tbody", rows)]);
}

function inline(tokens: readonly Token[] = []): Part[] {
  const parts: Part[] = [];
  for (const token of tokens as MarkedToken[]) {
    const part = phrase(token);
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

function phrase(token: MarkedToken | { type: "math"; raw: string }): Part {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return piece(token.type, inline(token.tokens));
    case "codespan":
      return piece("code", [token.text]);
    case "br":
      return piece("br");
    case "math":
      return piece("math", [token.raw]);
    case "link":
      return link(token);
    case "image":
      return picture(token);
    case "html":
      return /^<br\s*\/?>$/i.test(token.raw) ? piece("br") : token.raw;
    case "escape":
      return token.text;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "text":
      return unescaped(token.text);
    default:
      return token.raw;
  }
}

/** A link to elsewhere than the web or somebody's mail stays as it was written. */
function link(token: Tokens.Link): Part {
  const href = unescaped(token.href).trim();
  const parts = inline(token.tokens);
  return LINKS.test(href) ? piece("a", parts, { href }) : token.raw;
}

/** A picture elsewhere is never fetched; it is a link to follow. */
function picture(token: Tokens.Image): Part {
  const href = unescaped(token.href).trim();
  const name = unescaped(token.text);
  if (PICTURES.test(href)) return piece("img", [name], { src: href });
  return LINKS.test(href) ? piece("a", [name || href], { href }) : name || token.raw;
}

/** What stands between <pre> and </pre>, with or without <code>. */
function inPre(html: string): string {
  const found = /^\s*<pre\b[^>]*>\s*(?:<code\b[^>]*>)?([\s\S]*?)(?:<\/code>)?\s*<\/pre>\s*$/i.exec(html);
  return found ? unescaped(found[1]) : html.trimEnd();
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (all, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

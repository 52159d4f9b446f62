import { describe, expect, it } from "vitest";
import { LONGEST, type Part, type Piece, parseMarkdown } from "./markdown";

/** As HTML would be written, for reading. */
function shown(parts: readonly Part[] | null): string {
  return (parts ?? ["null"])
    .map((part) => {
      if (typeof part === "string") return part.replaceAll("<", "‹");
      const { tag, parts: inside, ...more } = part;
      const attributes = Object.entries(more).map(([name, value]) => ` ${name}=${value}`);
      return `<${tag}${attributes.join("")}>${shown(inside)}</${tag}>`;
    })
    .join("");
}
const md = (text: string) => shown(parseMarkdown(text));

function* pieces(parts: readonly Part[]): Generator<Piece> {
  for (const part of parts)
    if (typeof part !== "string") {
      yield part;
      yield* pieces(part.parts);
    }
}

describe("parseMarkdown", () => {
  it("knows headings, emphasis, lines and code", () => {
    expect(md("# A *b*\n\n**c** ~~d~~ `<e>`\nf")).toBe(
      "<h1>A <em>b</em></h1><p><strong>c</strong> <del>d</del> <code>‹e></code><br></br>f</p>",
    );
    expect(md("```python x\na < b\n```")).toBe("<pre language=python>a ‹ b</pre>");
  });

  it("knows lists, also of tasks and in each other", () => {
    expect(md("3. a\n   - [x] b\n   - [ ] c")).toBe(
      "<ol start=3><li>a<ul><li task=true>☑ b</li><li task=true>☐ c</li></ul></li></ol>",
    );
  });

  it("knows tables", () => {
    expect(md("|a|b|\n|-|-:|\n|1|**2**|")).toBe(
      "<table><thead><tr><th>a</th><th align=right>b</th></tr></thead>" +
        "<tbody><tr><td>1</td><td align=right><strong>2</strong></td></tr></tbody></table>",
    );
  });

  it("keeps tags as text, also those that models write", () => {
    expect(md("<think>\nso *it* is\n</think>\n\n<s>42</s>")).toBe(
      "<p>‹think><br></br>so <em>it</em> is<br></br>‹/think></p><p>‹s>42‹/s></p>",
    );
    expect(md("a<br>b")).toBe("<p>a<br></br>b</p>");
    expect(md("<pre>x  y\n z &lt;</pre>")).toBe("<pre>x  y\n z ‹</pre>");
  });

  it("keeps formulas as they are", () => {
    expect(md("so $a_i * b_i * c$ and $$\\sum_i *x*$$, for $5 or $6")).toBe(
      "<p>so <math>$a_i * b_i * c$</math> and <math>$$\\sum_i *x*$$</math>, for $5 or $6</p>",
    );
  });

  it("decodes entities once", () => {
    expect(md("&amp;lt; &#65;&#x42; &copy; &#1114112;")).toBe("<p>&lt; AB &copy; \ufffd</p>");
  });
});

describe("hostile Markdown", () => {
  it.each([
    "[x](javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x]( JaVaScRiPt:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//elsewhere.example)",
    "[x](/api/marks)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](http://elsewhere.example/a.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '<img src=x onerror="alert(1)">',
    "<script>alert(1)</script>",
    '<a href="javascript:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<pre onclick=alert(1)>x</pre>",
  ])("%s leads nowhere", (text) => {
    const found = [...pieces(parseMarkdown(text) ?? [])];
    for (const { tag, href, src } of found) {
      expect(tag).toMatch(/^(p|a|pre|br)$/);
      if (href) expect(href).toMatch(/^https?:\/\/elsewhere/);
      expect(src).toBeUndefined();
    }
  });

  it("shows pictures that are in the text, and links to others", () => {
    expect(md("![x](data:image/png;base64,AAAA)")).toBe("<p><img src=data:image/png;base64,AAAA>x</img></p>");
    expect(md("![x](http://a.example/b.png)")).toBe("<p><a href=http://a.example/b.png>x</a></p>");
  });

  it("gives up what is too long or too deep, and takes its time for nothing", () => {
    expect(parseMarkdown("a".repeat(LONGEST + 1))).toBeNull();
    expect(parseMarkdown(`${">".repeat(50_000)} a`)).toBeNull();
    for (const odd of ["[", "*a ", "`", "$a", "\\(", "<", "![", "|", "- ", "_", "~~", "<a "])
      parseMarkdown(odd.repeat(2000));
  });
});

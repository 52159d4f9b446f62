/** A pen that writes SVG: paths and texts, not a picture of them. */

import type { TextPen } from "./sheet";

const escaped = (text: string) =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/** To a hundredth of a pixel. */
const short = (value: number) => String(Math.round(value * 100) / 100);

export class SvgPen implements TextPen {
  strokeStyle = "#000";
  fillStyle = "#000";
  lineWidth = 1;
  lineJoin: CanvasLineJoin = "miter";
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign: CanvasTextAlign = "left";
  #parts: string[] = [];
  #path: string[] = [];
  #dash = "";
  #clips = 0;

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${short(x)} ${short(y)}`);
  }

  closePath(): void {
    this.#path.push("Z");
  }

  /** A whole circle: the painters draw no other arcs. */
  arc(x: number, y: number, radius: number): void {
    const [r, d] = [short(radius), short(2 * radius)];
    this.#path.push(`M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0 -${d} 0Z`);
  }

  setLineDash(lengths: number[]): void {
    this.#dash = lengths.length > 0 ? ` stroke-dasharray="${lengths.map(short).join(" ")}"` : "";
  }

  stroke(): void {
    if (this.#path.length === 0) return;
    const style =
      `fill="none" stroke="${escaped(this.strokeStyle)}" stroke-width="${short(this.lineWidth)}"` +
      ` stroke-linejoin="${this.lineJoin}"${this.#opacity("stroke")}${this.#dash}`;
    this.#parts.push(`<path d="${this.#path.join("")}" ${style}/>`);
  }

  fill(): void {
    if (this.#path.length === 0) return;
    this.#parts.push(
      `<path d="${this.#path.join("")}" fill="${escaped(this.fillStyle)}"${this.#opacity("fill")}/>`,
    );
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#parts.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"` +
        ` fill="${escaped(this.fillStyle)}"${this.#opacity("fill")}/>`,
    );
  }

  fillText(text: string, x: number, y: number): void {
    const anchor = { center: "middle", right: "end", end: "end", left: "start", start: "start" }[
      this.textAlign
    ];
    this.#parts.push(
      `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" style="font:${escaped(this.font)}"` +
        ` fill="${escaped(this.fillStyle)}">${escaped(text)}</text>`,
    );
  }

  within(left: number, top: number, width: number, height: number, paint: () => void): void {
    const clip = `clip${this.#clips++}`;
    const size = `width="${short(width)}" height="${short(height)}"`;
    this.#parts.push(`<clipPath id="${clip}"><rect ${size}/></clipPath>`);
    this.#parts.push(`<g transform="translate(${short(left)} ${short(top)})" clip-path="url(#${clip})">`);
    paint();
    this.#parts.push("</g>");
  }

  /** The whole document. */
  document(width: number, height: number, title: string): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img"><title>${escaped(title)}</title>\n` +
      `${this.#parts.join("\n")}\n</svg>\n`
    );
  }

  #opacity(what: "stroke" | "fill"): string {
    return this.globalAlpha === 1 ? "" : ` ${what}-opacity="${short(this.globalAlpha)}"`;
  }
}

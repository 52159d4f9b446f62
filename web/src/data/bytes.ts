/** Bytes as people look at them: offsets, hexadecimal, and the letters they may be. */

export interface HexLine {
  offset: string;
  hex: string;
  letters: string;
}

const ACROSS = 16;

export function hexLines(bytes: Uint8Array): HexLine[] {
  const digits = Math.max(4, bytes.length.toString(16).length);
  return Array.from({ length: Math.ceil(bytes.length / ACROSS) }, (_, i) => {
    const part = bytes.subarray(i * ACROSS, (i + 1) * ACROSS);
    const pairs = Array.from(part, (byte) => byte.toString(16).padStart(2, "0"));
    return {
      offset: (i * ACROSS).toString(16).padStart(digits, "0"),
      hex: `${pairs.slice(0, 8).join(" ")}  ${pairs.slice(8).join(" ")}`.trimEnd(),
      letters: String.fromCharCode(...part.map((byte) => (byte >= 32 && byte < 127 ? byte : 46))),
    };
  });
}

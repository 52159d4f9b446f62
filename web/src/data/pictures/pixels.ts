/** The pixels of pictures that someone points at or compares; a few are kept. */

import type { Pixels } from "./difference";

/** Beyond this, reading them would take the page's memory. */
const MOST_PIXELS = 40e6;
const MOST_BYTES = 320 << 20;

/** The least recently used first. */
const kept = new Map<string, Promise<Pixels>>();
const sizes = new Map<string, number>();

/** Rejects for what is no picture, or too large a one. */
export function pixelsOf(address: string): Promise<Pixels> {
  const known = kept.get(address) ?? read(address);
  kept.delete(address);
  kept.set(address, known);
  known.then(
    (pixels) => {
      sizes.set(address, pixels.data.byteLength);
      drop();
    },
    () => kept.delete(address),
  );
  return known;
}

function drop(): void {
  let bytes = 0;
  for (const address of [...kept.keys()].reverse()) {
    bytes += sizes.get(address) ?? 0;
    if (bytes <= MOST_BYTES) continue;
    kept.delete(address);
    sizes.delete(address);
  }
}

async function read(address: string): Promise<Pixels> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  const bitmap = await createImageBitmap(await response.blob(), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  try {
    if (bitmap.width * bitmap.height > MOST_PIXELS) throw new RangeError("too large");
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", {
      willReadFrequently: true,
    });
    if (!context) throw new Error("no canvas");
    context.drawImage(bitmap, 0, 0);
    return context.getImageData(0, 0, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

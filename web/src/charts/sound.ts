/** Painting sounds: their outline as bars, their spectrogram as a picture. */

/** `found`: least and greatest sample of each column. Device pixels. */
export function paintOutline(
  context: CanvasRenderingContext2D,
  found: Float32Array,
  colour: string,
  width: number,
  height: number,
): void {
  const columns = found.length / 2;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour;
  for (let x = 0; x < width; x++) {
    const from = Math.floor((x * columns) / width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * columns) / width));
    let [least, greatest] = [1, -1];
    for (let i = from; i < to; i++) {
      least = Math.min(least, found[2 * i]);
      greatest = Math.max(greatest, found[2 * i + 1]);
    }
    const top = (height * (1 - Math.min(1, greatest))) / 2;
    const bottom = (height * (1 - Math.max(-1, least))) / 2;
    context.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

/** `found`: loudness 0 to 255, [columns, bands], which goes over from the surface to the colour. */
export function paintSpectrum(
  context: CanvasRenderingContext2D,
  found: Uint8Array,
  bands: number,
  colour: readonly [number, number, number],
  dark: boolean,
): void {
  const columns = found.length / bands;
  const image = context.createImageData(columns, bands);
  const end = dark ? 255 : 20;
  for (let column = 0; column < columns; column++)
    for (let band = 0; band < bands; band++) {
      const share = found[column * bands + band] / 255;
      const at = 4 * ((bands - 1 - band) * columns + column);
      // Through the colour towards white or black: loudness is seen in print and by the colour-blind, too.
      const beyond = Math.max(0, share - 0.75) * 4;
      for (let c = 0; c < 3; c++) image.data[at + c] = colour[c] + (end - colour[c]) * beyond;
      image.data[at + 3] = 255 * Math.min(1, share * share * 1.6);
    }
  context.putImageData(image, 0, 0);
}

/** #rrggbb. */
export function channelsOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return Number.isNaN(value) ? [128, 128, 128] : [value >> 16, (value >> 8) & 255, value & 255];
}

/** How long each frame of an animated GIF or WebP is shown: the browser's decoder tells only frame by frame. */

/** Browsers show frames that ask for 10 ms or less for this long. */
const UNHURRIED_MS = 100;

const GIF_TRAILER = 0x3b;
const GIF_EXTENSION = 0x21;
const GIF_IMAGE = 0x2c;
const GRAPHIC_CONTROL = 0xf9;

/** Milliseconds of each frame; empty for what is neither. A damaged file has the frames before the damage. */
export function frameDelays(bytes: Uint8Array): number[] {
  const is = (text: string, at: number) =>
    bytes.length >= at + text.length && [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  if (is("GIF8", 0)) return ofGif(bytes).map(unhurried);
  if (is("RIFF", 0) && is("WEBP", 8)) return ofWebp(bytes).map(unhurried);
  return [];
}

const unhurried = (ms: number) => (ms <= 10 ? UNHURRIED_MS : ms);

/** The specification of GIF89a, sections 20 to 23. */
function ofGif(bytes: Uint8Array): number[] {
  const delays: number[] = [];
  const table = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);
  let at = 13 + table(bytes[10] ?? 0);
  let delay = 0;
  while (at < bytes.length && bytes[at] !== GIF_TRAILER) {
    if (bytes[at] === GIF_EXTENSION) {
      if (bytes[at + 1] === GRAPHIC_CONTROL) delay = 10 * (bytes[at + 4] | (bytes[at + 5] << 8));
      at = afterBlocks(bytes, at + 2);
    } else if (bytes[at] === GIF_IMAGE) {
      at = afterBlocks(bytes, at + 11 + table(bytes[at + 9] ?? 0));
      delays.push(delay);
      delay = 0;
    } else break;
  }
  return delays;
}

/** Behind a sequence of blocks, each of which begins with its length; an empty one is the last. */
function afterBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + bytes[at];
  return at + 1;
}

/** Google's "WebP Container Specification": chunks ANMF, their duration in 24 bits behind four of such numbers. */
function ofWebp(bytes: Uint8Array): number[] {
  const delays: number[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ANMF = 0x414e4d46;
  for (let at = 12; at + 24 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at) === ANMF) delays.push(view.getUint32(at + 20, true) & 0xffffff);
    at += 8 + size + (size & 1);
  }
  return delays;
}

/** When each frame begins and, last, when all is over, in milliseconds. */
export function frameStarts(delays: readonly number[]): number[] {
  const starts = [0];
  for (const delay of delays) starts.push(starts[starts.length - 1] + delay);
  return starts;
}

/** The frame that is seen at a time, which goes round. */
export function frameAt(starts: readonly number[], time: number): number {
  const total = starts[starts.length - 1];
  if (total <= 0) return 0;
  const at = ((time % total) + total) % total;
  let frame = 0;
  while (frame + 2 < starts.length && starts[frame + 1] <= at) frame++;
  return frame;
}

/** The time at which the next frame begins, or the one before. */
export function frameBeside(starts: readonly number[], time: number, by: 1 | -1): number {
  const total = starts[starts.length - 1];
  const frames = starts.length - 1;
  if (frames < 1 || total <= 0) return time;
  const frame = frameAt(starts, time);
  const round = time - (((time % total) + total) % total);
  const next = frame + by;
  if (next < 0) return Math.max(0, round - total) + starts[frames - 1];
  return next >= frames ? round + total : round + starts[next];
}

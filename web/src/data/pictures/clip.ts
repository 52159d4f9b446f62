/** An animated picture, frame by frame, where the browser has a decoder to do that. */

import { frameDelays, frameStarts } from "./delays";

/** Larger ones are left to the browser. */
const LARGEST = 64 << 20;
const ANIMATED = new Set(["image/gif", "image/webp"]);

export const mayMove = (mediaType: string) => ANIMATED.has(mediaType) && typeof ImageDecoder === "function";

export class Clip {
  readonly #decoder: ImageDecoder;
  /** Milliseconds: when each frame begins and, last, when all is over. */
  readonly starts: readonly number[];

  private constructor(decoder: ImageDecoder, starts: readonly number[]) {
    this.#decoder = decoder;
    this.starts = starts;
  }

  /** Null for a picture that does not move, or that the decoder does not take. */
  static async open(address: string, mediaType: string, signal: AbortSignal): Promise<Clip | null> {
    const response = await fetch(address, { signal });
    if (!response.ok || Number(response.headers.get("content-length") ?? 0) > LARGEST) return null;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const delays = frameDelays(bytes);
    if (delays.length < 2 || !(await ImageDecoder.isTypeSupported(mediaType))) return null;
    const decoder = new ImageDecoder({ data: bytes, type: mediaType });
    try {
      await decoder.tracks.ready;
      const frames = Math.min(delays.length, decoder.tracks.selectedTrack?.frameCount ?? 0);
      if (frames > 1 && !signal.aborted) return new Clip(decoder, frameStarts(delays.slice(0, frames)));
    } catch {
      // Damaged, or of a kind that it does not know: the browser shows what it can.
    }
    decoder.close();
    return null;
  }

  get frames(): number {
    return this.starts.length - 1;
  }

  /** To be closed by who asked for it. */
  async frame(index: number): Promise<VideoFrame> {
    return (await this.#decoder.decode({ frameIndex: index })).image;
  }

  close(): void {
    this.#decoder.close();
  }
}

/** What sounds look like: decoded one after another while the browser has time; only what is drawn of them is kept. */

import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { mono, outline, spectrogram } from "./spectrum";

export interface SoundShape {
  /** Seconds. */
  duration: number;
  /** Frames a second; the spectrogram goes up to half of it. */
  rate: number;
  channels: number;
  /** Least and greatest sample of each of `COLUMNS`. */
  outline: Float32Array;
  /** [COLUMNS, BANDS]; null until somebody wants it. */
  spectrum: Uint8Array | null;
  /** It cannot be drawn: not decoded, or too long for that. */
  problem: "undecodable" | "long" | null;
}

export const COLUMNS = 600;
export const BANDS = 256;

/** Of what decodes to about its own size, and of what decodes to ten times as much. */
const LARGEST_PLAIN = 48 << 20;
const LARGEST_COMPRESSED = 8 << 20;
const MOST_KEPT = 200;
/** Longer than this nobody is left without a waveform, however busy the page is. */
const IDLE_MS = 300;
const RATES = { least: 8000, most: 96_000, usual: 44_100 };

const known = new SvelteMap<string, SoundShape>();
/** Asked for, in order; whoever no longer wants one takes it out. */
const queue = new Map<string, { rate: number | null; spectral: boolean }>();
let busy = false;

export const shapeOf = (address: string): SoundShape | undefined => known.get(address);

/** Ask for one, with its spectrogram or without; to be called in an effect, which takes it back. */
export function wantShape(address: string, rate: number | null, spectral: boolean): () => void {
  const shape = untrack(() => known.get(address));
  if (shape && (shape.problem || shape.spectrum || !spectral)) return () => {};
  queue.set(address, { rate, spectral });
  next();
  return () => queue.delete(address);
}

function next(): void {
  if (busy || queue.size === 0) return;
  busy = true;
  const idle =
    "requestIdleCallback" in globalThis
      ? (act: () => void) => requestIdleCallback(act, { timeout: IDLE_MS })
      : (act: () => void) => setTimeout(act, 30);
  idle(async () => {
    const first = queue.entries().next();
    if (!first.done) {
      const [address, { rate, spectral }] = first.value;
      queue.delete(address);
      keep(address, await draw(address, rate, spectral).catch(() => failed("undecodable")));
    }
    busy = false;
    next();
  });
}

function keep(address: string, shape: SoundShape): void {
  known.delete(address);
  known.set(address, shape);
  if (known.size > MOST_KEPT) for (const old of [...known.keys()].slice(0, MOST_KEPT / 4)) known.delete(old);
}

async function draw(address: string, rate: number | null, spectral: boolean): Promise<SoundShape> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  const plain = response.headers.get("content-type") === "audio/wav";
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength > (plain ? LARGEST_PLAIN : LARGEST_COMPRESSED)) return failed("long");
  const context = new OfflineAudioContext(1, 1, clamped(rate ?? RATES.usual));
  const buffer = await context.decodeAudioData(bytes);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  return {
    duration: buffer.duration,
    rate: buffer.sampleRate,
    channels: channels.length,
    outline: outline(channels, COLUMNS),
    spectrum: spectral ? spectrogram(mono(channels), COLUMNS, 2 * BANDS) : null,
    problem: null,
  };
}

const clamped = (rate: number) => Math.round(Math.max(RATES.least, Math.min(RATES.most, rate)));

function failed(problem: "undecodable" | "long"): SoundShape {
  return { duration: 0, rate: 0, channels: 0, outline: new Float32Array(0), spectrum: null, problem };
}

/** Plays one clip at a time, whichever was asked for last. */

import { recall, remember } from "../../data/memory";

const KEY = "headway:volume";

class Player {
  /** The address of the clip that plays, or stands where it was stopped. */
  address = $state("");
  playing = $state(false);
  /** Seconds. */
  time = $state(0);
  /** Seconds; 0 until it is known. */
  duration = $state(0);
  /** The address of a clip that would not play. */
  failed = $state("");
  loop = $state(false);
  volume = $state(readVolume());

  #audio: HTMLAudioElement | null = null;
  #asked = 0;

  toggle(address: string): void {
    if (this.address === address && this.playing) this.pause();
    else this.play(address);
  }

  play(address: string, from?: number): void {
    const audio = this.#open(address);
    if (from !== undefined) this.seek(address, from);
    audio.play().catch((error: unknown) => {
      // Another clip was asked for meanwhile, or it is none that the browser takes.
      if (this.address === address && (error as DOMException).name !== "AbortError") this.#fail();
    });
  }

  pause(): void {
    this.#audio?.pause();
  }

  /** Seconds. */
  seek(address: string, time: number): void {
    this.#open(address).currentTime = time;
    this.time = time;
  }

  setLoop(loop: boolean): void {
    this.loop = loop;
    if (this.#audio) this.#audio.loop = loop;
  }

  setVolume(volume: number): void {
    this.volume = volume;
    remember(KEY, String(volume));
    if (this.#audio) this.#audio.volume = volume;
  }

  /** Nothing plays where nobody sees it. */
  leave(): void {
    this.pause();
    this.#audio?.removeAttribute("src");
    this.#audio = null;
    this.address = "";
    this.playing = false;
    this.time = 0;
  }

  #open(address: string): HTMLAudioElement {
    const audio = this.#audio ?? this.#make();
    if (this.address !== address) {
      this.address = address;
      this.failed = "";
      this.time = 0;
      this.duration = 0;
      audio.src = address;
    }
    return audio;
  }

  #make(): HTMLAudioElement {
    const audio = new Audio();
    this.#audio = audio;
    audio.loop = this.loop;
    audio.volume = this.volume;
    audio.onplay = () => {
      this.playing = true;
      this.#follow();
    };
    audio.onpause = () => {
      this.playing = false;
    };
    audio.onended = () => {
      this.playing = false;
      this.time = 0;
    };
    audio.ondurationchange = () => {
      this.duration = Number.isFinite(audio.duration) ? audio.duration : 0;
    };
    audio.onerror = () => this.#fail();
    return audio;
  }

  #fail(): void {
    this.failed = this.address;
    this.playing = false;
  }

  #follow(): void {
    cancelAnimationFrame(this.#asked);
    if (!this.playing || !this.#audio) return;
    this.time = this.#audio.currentTime;
    this.#asked = requestAnimationFrame(() => this.#follow());
  }
}

function readVolume(): number {
  const kept = recall(KEY);
  const volume = kept === null ? Number.NaN : Number(kept);
  return volume >= 0 && volume <= 1 ? volume : 1;
}

export const player = new Player();

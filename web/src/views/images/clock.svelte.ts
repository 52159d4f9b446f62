/** The time that all videos on the page go by, so that they run in step with one another. */

import { frameBeside } from "../../data/pictures/delays";

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;

class Clock {
  /** Milliseconds of the video's own time. */
  time = $state(0);
  playing = $state(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  speed = $state(1);
  /** How many videos go by it. */
  videos = $state(0);

  readonly #starts = new Set<readonly number[]>();
  #asked = 0;
  #last = 0;

  /** Take part, with a video's frames, until the returned function is called. */
  join(starts: readonly number[]): () => void {
    this.#starts.add(starts);
    this.videos = this.#starts.size;
    this.#run();
    return () => {
      this.#starts.delete(starts);
      this.videos = this.#starts.size;
    };
  }

  toggle(): void {
    this.playing = !this.playing;
    this.#run();
  }

  /** To where the next frame begins, or the one before, of whichever video comes first. */
  stepBy(by: 1 | -1): void {
    this.playing = false;
    const times = [...this.#starts].map((starts) => frameBeside(starts, this.time, by));
    const beyond = times.filter((time) => (by > 0 ? time > this.time : time < this.time));
    if (beyond.length > 0) this.time = by > 0 ? Math.min(...beyond) : Math.max(...beyond);
    else if (times.length > 0) this.time = Math.max(...times); // round, from the beginning to the end
  }

  #run(): void {
    if (this.#asked || !this.playing || this.#starts.size === 0) return;
    this.#last = performance.now();
    this.#asked = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    this.#asked = 0;
    if (!this.playing || this.#starts.size === 0) return;
    this.time += Math.max(0, Math.min(250, now - this.#last)) * this.speed;
    this.#last = now;
    this.#asked = requestAnimationFrame((later) => this.#tick(later));
  }
}

export const clock = new Clock();

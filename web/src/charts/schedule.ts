/** Paints charts one after another without holding up the page: a slice of each frame, continued in the next. */

/** Yields wherever it may be interrupted. */
export type Job = Generator<void, void>;

/** Long enough to get on, short enough that a pointer's move is answered soon. */
const SLICE_MS = 24;

const waiting = new Map<object, Job>();
const idle: (() => void)[] = [];
let scheduled = false;

/** Paint for `owner`; a job of the same owner that is not done is dropped. */
export function paintSoon(owner: object, job: Job): void {
  waiting.set(owner, job); // in the old one's place, so that no chart starves
  schedule();
}

/** Resolves when everything asked for is painted. */
export function allPainted(): Promise<void> {
  return waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve));
}

export function cancelPaint(owner: object): void {
  waiting.delete(owner);
  schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  // A hidden page has no frames but must be up to date when it is shown.
  if (document.hidden) setTimeout(work, 50);
  else requestAnimationFrame(work);
}

function work(): void {
  scheduled = false;
  const until = performance.now() + SLICE_MS;
  for (const [owner, job] of waiting) {
    let done = false;
    while (!done && performance.now() < until) done = job.next().done === true;
    if (done && waiting.get(owner) === job) waiting.delete(owner);
    if (!done || performance.now() >= until) break;
  }
  if (waiting.size > 0) schedule();
  else for (const resolve of idle.splice(0)) resolve();
}

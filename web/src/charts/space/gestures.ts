/** Mouse, touch and keyboard turn, move and zoom a camera. */

import { type Camera, orbit, pan, zoom } from "./camera";

export interface Hands {
  camera(): Camera;
  move(camera: Camera): void;
  /** Everything into sight again. */
  reset(): void;
  /** A click that moved nothing, in pixels of the page from the corner. */
  click?(x: number, y: number, event: PointerEvent): void;
}

const CLICK_PIXELS = 4;
const KEY_STEP = 0.04;
const WHEEL_SPEED = 0.0016;
/** Of a wheel that counts lines or pages. */
const LINE = 16;

/** Listen on `element` until the returned function is called. */
export function handle(element: HTMLElement, hands: Hands): () => void {
  const pointers = new Map<number, { x: number; y: number }>();
  let begun: { x: number; y: number } | null = null;
  let moved = false;
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const place = (event: MouseEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width, height: box.height };
  };

  element.addEventListener(
    "pointerdown",
    (event) => {
      const { x, y } = place(event);
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, { x, y });
      if (pointers.size === 1) {
        begun = { x, y };
        moved = false;
      } else moved = true;
    },
    options,
  );
  element.addEventListener(
    "pointermove",
    (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const { x, y, width, height } = place(event);
      if (begun && Math.hypot(x - begun.x, y - begun.y) > CLICK_PIXELS) moved = true;
      if (!moved) return;
      const [dx, dy] = [(x - before.x) / height, (y - before.y) / height];
      const camera = hands.camera();
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const apart = Math.hypot(x - other.x, y - other.y);
        const factor = Math.hypot(before.x - other.x, before.y - other.y) / Math.max(apart, 1);
        const middle = [(x + other.x - width) / 2 / height, (y + other.y - height) / 2 / height];
        hands.move(pan(zoom(camera, factor, middle[0], middle[1]), dx / 2, dy / 2));
      } else if (camera.flat || event.buttons & 6 || event.shiftKey) hands.move(pan(camera, dx, dy));
      else hands.move(orbit(camera, dx, dy));
      pointers.set(event.pointerId, { x, y });
    },
    options,
  );
  const release = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    const { x, y } = place(event);
    if (event.type === "pointerup" && !moved && pointers.size === 0) hands.click?.(x, y, event);
    begun = null;
  };
  element.addEventListener("pointerup", release, options);
  element.addEventListener("pointercancel", release, options);
  element.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  element.addEventListener("dblclick", () => hands.reset(), options);
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y, width, height } = place(event);
      const turned = event.deltaY * (event.deltaMode === 0 ? 1 : LINE);
      const factor = Math.exp(Math.max(-200, Math.min(200, turned)) * WHEEL_SPEED);
      hands.move(zoom(hands.camera(), factor, (x - width / 2) / height, (y - height / 2) / height));
    },
    { ...options, passive: false },
  );
  element.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = byKey(event.key, event.shiftKey, hands.camera());
      if (event.key === "Home" || event.key === "0") hands.reset();
      else if (next) hands.move(next);
      else return;
      event.preventDefault();
    },
    options,
  );
  return () => stop.abort();
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What a key does to a camera; null when it does nothing. */
export function byKey(key: string, shift: boolean, camera: Camera): Camera | null {
  const arrow = ARROWS[key];
  if (arrow) {
    const [dx, dy] = [-arrow[0] * KEY_STEP, -arrow[1] * KEY_STEP];
    return camera.flat || shift ? pan(camera, dx, dy) : orbit(camera, dx, dy);
  }
  if (key === "+" || key === "=") return zoom(camera, 1 / 1.15);
  if (key === "-") return zoom(camera, 1.15);
  return null;
}

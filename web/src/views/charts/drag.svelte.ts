/** A chart that is being dragged over the grid, and where it would fall. */

import type { Drop } from "../../data/drop";

/** A press that moves less is a click. */
const STIR = 5;

export class Drag {
  /** The chart; null while none is dragged. */
  id = $state<string | null>(null);
  /** Its section. */
  section = "";
  /** Of the pointer, on the screen. */
  x = $state(0);
  y = $state(0);
  drop = $state.raw<Drop | null>(null);
  /** Onto the other chart, not beside it. */
  combine = $state(false);

  #end: (() => void) | null = null;

  /** Follow the pointer from a press on a chart's header on. `find`: what is below it; `onmove` and `ondrop`: what then. */
  begin(
    press: PointerEvent,
    id: string,
    section: string,
    find: (x: number, y: number) => Drop | null,
    ondrop: () => void,
  ): void {
    this.#end?.();
    const move = (event: PointerEvent) => {
      if (this.id === null && Math.hypot(event.clientX - press.clientX, event.clientY - press.clientY) < STIR)
        return;
      this.id = id;
      this.section = section;
      this.#follow(event.clientX, event.clientY, event.shiftKey, find);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === "Escape" && this.id !== null) {
        event.stopPropagation();
        this.cancel();
      } else if (event.key === "Shift") this.#follow(this.x, this.y, event.type === "keydown", find);
    };
    const up = () => {
      if (this.id !== null && this.drop) ondrop();
      this.cancel();
    };
    const cancel = () => this.cancel();
    const on = addEventListener;
    on("pointermove", move);
    on("pointerup", up);
    on("pointercancel", cancel);
    on("blur", cancel);
    on("keydown", key, true);
    on("keyup", key, true);
    this.#end = () => {
      const off = removeEventListener;
      off("pointermove", move);
      off("pointerup", up);
      off("pointercancel", cancel);
      off("blur", cancel);
      off("keydown", key, true);
      off("keyup", key, true);
    };
  }

  /** The grid has been scrolled below the pointer. */
  again(find: (x: number, y: number) => Drop | null): void {
    if (this.id !== null) this.#follow(this.x, this.y, this.combine, find);
  }

  cancel(): void {
    this.#end?.();
    this.#end = null;
    this.id = null;
    this.drop = null;
    this.combine = false;
  }

  #follow(x: number, y: number, shift: boolean, find: (x: number, y: number) => Drop | null): void {
    this.x = x;
    this.y = y;
    this.combine = shift;
    const drop = find(x, y);
    this.drop = drop?.over.card.id === this.id ? null : drop;
  }
}

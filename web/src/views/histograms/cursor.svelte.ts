/** The step under the pointer, in whichever picture: all of them mark it. */

class Cursor {
  step = $state<number | null>(null);
  /** The picture that the pointer is in. */
  owner = $state.raw<object | null>(null);

  move(owner: object, step: number): void {
    this.owner = owner;
    this.step = step;
  }

  leave(owner: object): void {
    if (this.owner !== owner) return;
    this.owner = null;
    this.step = null;
  }
}

export const cursor = new Cursor();

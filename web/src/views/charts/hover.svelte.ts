/** Where the pointer is in which chart, shared by all of them and by the read-out. */

import type { ChartColumns } from "../../api/columns";
import { nearestRun, type Reading, readings } from "../../charts/hover";
import type { Pointer } from "../../charts/plot";
import type { View } from "../../charts/view";

/** The chart under the pointer. */
export interface Spot {
  owner: object;
  tag: string;
  chart: ChartColumns;
  view: View;
  pointer: Pointer;
  /** The plot on the screen. */
  rect: DOMRect;
}

/** How near the pointer must be to a line to point at it, in CSS pixels. */
const NEAR = 40;

class Hover {
  spot = $state.raw<Spot | null>(null);
  /** Kept where it is, so that its table can be scrolled. */
  pinned = $state(false);

  readonly list: Reading[] = $derived(
    this.spot ? readings(this.spot.chart, this.spot.view, this.spot.pointer.x, this.spot.pointer.py) : [],
  );
  readonly nearest: number | null = $derived(
    this.spot ? nearestRun(this.list, NEAR * this.spot.view.ratio) : null,
  );

  move(spot: Spot): void {
    if (!this.pinned) this.spot = spot;
  }

  /** Newer data of the same chart, below a pointer that rests. */
  refresh(owner: object, chart: ChartColumns, view: View): void {
    if (this.spot?.owner === owner) this.spot = { ...this.spot, chart, view };
  }

  leave(owner: object): void {
    if (!this.pinned && this.spot?.owner === owner) this.spot = null;
  }

  /** Returns whether there was something to let go of. */
  release(): boolean {
    const had = this.pinned;
    this.pinned = false;
    this.spot = null;
    return had;
  }
}

export const hover = new Hover();

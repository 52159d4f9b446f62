/** Where the pointer is in which chart, shared by all of them and by the read-out. */

import type { Drawing, Scene } from "../../charts/figure";
import { nearestReading, type Reading, readings } from "../../charts/hover";
import { viewOf } from "../../charts/painting";
import type { Highlight, Pointer } from "../../charts/plot";

/** The chart under the pointer. */
export interface Spot {
  owner: object;
  /** The chart's name. */
  title: string;
  drawing: Drawing;
  scene: Scene;
  pointer: Pointer;
  /** The plot on the screen. */
  rect: DOMRect;
  /** Which read-out tells of it: that of the page, or of a dialog. */
  dialog: boolean;
}

/** How near the pointer must be to a line to point at it, in CSS pixels. */
const NEAR = 40;

class Hover {
  spot = $state.raw<Spot | null>(null);
  /** Kept where it is, so that its table can be scrolled. */
  pinned = $state(false);

  readonly list: Reading[] = $derived(this.spot ? read(this.spot) : []);
  readonly nearest: Reading | null = $derived(
    this.spot ? nearestReading(this.list, NEAR * this.spot.scene.left.ratio) : null,
  );

  move(spot: Spot): void {
    if (!this.pinned) this.spot = spot;
  }

  /** Newer data of the same chart, below a pointer that rests. */
  refresh(owner: object, drawing: Drawing, scene: Scene): void {
    if (this.spot?.owner === owner) this.spot = { ...this.spot, drawing, scene };
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

  /** Where the next line above (−1) or below the pointer is drawn, in canvas pixels; null when there is none. */
  next(direction: 1 | -1): number | null {
    const from = this.nearest?.py ?? this.spot?.pointer.py ?? 0;
    const beyond = this.list
      .map((reading) => reading.py)
      .filter((py) => (py - from) * direction > 0.5)
      .sort((a, b) => (a - b) * direction);
    return beyond[0] ?? null;
  }
}

function read({ drawing, scene, pointer }: Spot): Reading[] {
  return drawing.parts.flatMap((part) =>
    readings(part.chart, viewOf(scene, part), pointer.x, pointer.py, part.number),
  );
}

/** The curve of a reading, above the others; whichever newer one took its place, too. */
export function highlightOf(reading: Reading): Highlight {
  const { curve, part } = reading;
  return {
    key: `${part} ${curve.run} ${curve.rank} ${curve.superseded} ${curve.group} ${curve.begin}`,
    matches: (other, { number }) =>
      number === part &&
      other.run === curve.run &&
      other.rank === curve.rank &&
      other.superseded === curve.superseded &&
      (!curve.superseded || other.begin === curve.begin),
  };
}

/** All curves of a run, and those of the groups that it is in. */
export function highlightRun(run: number): Highlight {
  return {
    key: String(run),
    matches: (curve, { chart }) =>
      curve.group === null ? curve.run === run : (chart.groups?.[curve.group]?.runs.includes(run) ?? false),
  };
}

export const hover = new Hover();

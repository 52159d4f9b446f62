/** Many series of one run as the rows of a heat map, in typed arrays; they arrive some rows at a time. */

import { decode } from "@msgpack/msgpack";
import { postFrames } from "./client";
import type { HeatHead, HeatRequest, HeatRows } from "./types";

export interface Heat {
  run: number;
  revision: number;
  /** A row each. */
  tags: readonly string[];
  columns: number;
  start: number;
  stop: number;
  /** Of a column, in steps. */
  width: number;
  /** [rows · columns] of a cell's finite values; NaN where there is none. `min` and `max` may be `mean` itself. */
  mean: Float32Array;
  min: Float32Array;
  max: Float32Array;
  /** [rows · columns] 1 NaN + 2 +∞ + 4 −∞, whichever the cell holds. */
  bad: Uint8Array;
  /** [rows] */
  points: Uint32Array;
  least: Float32Array;
  greatest: Float32Array;
  /** Rows that have arrived, from the first. */
  filled: number;
  error: string | null;
}

/** `onPart` is told of what is there so far, at most a few times a second. */
export async function fetchHeat(
  request: HeatRequest,
  signal: AbortSignal,
  onPart?: (heat: Heat) => void,
): Promise<Heat> {
  let heat: Heat | null = null;
  let told = performance.now();
  for await (const frame of postFrames("api/heat", request, signal)) {
    if (!heat) {
      heat = blank(request, decode(frame) as HeatHead);
      continue;
    }
    fill(heat, decode(frame) as HeatRows);
    if (onPart && performance.now() - told > 200) {
      told = performance.now();
      onPart({ ...heat });
    }
  }
  if (!heat) throw new Error("an answer without a head");
  return heat;
}

function blank(request: HeatRequest, head: HeatHead): Heat {
  const cells = head.rows * head.columns;
  const mean = new Float32Array(cells).fill(Number.NaN);
  return {
    run: request.run,
    revision: head.revision,
    tags: request.tags,
    columns: head.columns,
    start: head.start,
    stop: head.stop,
    width: head.width,
    mean,
    min: mean,
    max: mean,
    bad: new Uint8Array(cells),
    points: new Uint32Array(head.rows),
    least: new Float32Array(head.rows).fill(Number.NaN),
    greatest: new Float32Array(head.rows).fill(Number.NaN),
    filled: 0,
    error: null,
  };
}

function fill(heat: Heat, part: HeatRows): void {
  const at = part.row * heat.columns;
  heat.mean.set(floats(part.mean), at);
  if (part.min.byteLength > 0 && heat.min === heat.mean) {
    heat.min = heat.mean.slice();
    heat.max = heat.mean.slice();
  }
  if (heat.min !== heat.mean) {
    heat.min.set(floats(part.min.byteLength > 0 ? part.min : part.mean), at);
    heat.max.set(floats(part.max.byteLength > 0 ? part.max : part.mean), at);
  }
  const cells = new Uint32Array(part.bad.slice().buffer);
  cells.forEach((cell, i) => {
    heat.bad[at + cell] = part.bad_kind[i];
  });
  heat.points.set(new Uint32Array(part.points.slice().buffer), part.row);
  heat.least.set(floats(part.least), part.row);
  heat.greatest.set(floats(part.greatest), part.row);
  heat.filled = part.row + part.rows;
  heat.error = part.error ?? heat.error;
}

/** A typed array must begin at a multiple of its item size; msgpack's bytes begin anywhere. */
function floats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

// Generated from src/headway/server/api.py by `python -m headway.server.typescript`.

/**
 * The types of the API, as the server sends them and as the page reads them.
 *
 * `headway.server.typescript` turns this module into `web/src/api/types.ts`; `make check` fails if they differ.
 *
 * - `GET  api/overview` → `Overview` (JSON)
 * - `POST api/series`   → a `SeriesRequest` (JSON) is answered by one frame a chart, in the order asked:
 *   `u32` little-endian length, then that many bytes of msgpack, a `ChartData`. A chart can be painted while the
 *   next is still being read. A chart that fails is a `ChartData` with `error`.
 * - `GET  api/changes`  → server-sent events; each `data:` is a `Change` (JSON). The first comes at once and
 *   says everything, `outline` true; a page whose overview has the same `revision` needs nothing of it.
 *
 * Beyond these limits, or malformed, a request is answered by 400 and one line that says what is wrong.
 */

/** `step`; `wall`: seconds since 1970; `relative`: seconds since the run's first point. */
export type Axis = "step" | "wall" | "relative";

/** One run in the run list. `id` is stable while the server lives; wall times are seconds since 1970. */
export interface RunInfo {
  id: number;
  name: string;
  points: number;
  last_step: number | null;
  first_wall: number | null;
  last_wall: number | null;
  /** The newest of its files grew within the last 30 seconds. */
  live: boolean;
}

/** One scalar tag and the ids of the runs that have it. */
export interface TagInfo {
  name: string;
  runs: number[];
}

/** What could not be read of one event file; the rest of the file was. */
export interface FileProblem {
  run: string;
  /** Path below the log directory. */
  file: string;
  /**
   * `damaged`: records skipped; `incomplete`: it ends inside a record; `unreadable`: the system refused;
   * `foreign`: not an event file (a Git LFS pointer); `replaced`: it shrank or changed, and was read again.
   */
  kind: "damaged" | "incomplete" | "unreadable" | "foreign" | "replaced";
  /** Records skipped, at least: one for each damaged region. */
  records: number;
  bytes: number;
  message: string;
}

/** How far the first reading is; `bytes_done == bytes_total` when it is over. */
export interface Progress {
  files_done: number;
  files_total: number;
  bytes_done: number;
  bytes_total: number;
}

/** Everything but the points. */
export interface Overview {
  version: string;
  logdir: string;
  /** Another one is another server: revisions and ids begin anew. */
  life: string;
  /** Counts up with every change that a page could see. */
  revision: number;
  index: "disk" | "memory";
  /** Why the index is in memory, when it was meant to be on disk. */
  notice: string | null;
  progress: Progress;
  runs: RunInfo[];
  tags: TagInfo[];
  problems: FileProblem[];
}

/** What changed since the previous `Change` of this stream. */
export interface Change {
  life: string;
  revision: number;
  /** The runs that got points, whole. */
  runs: RunInfo[];
  /** Runs or tags came or went: ask for the overview again. */
  outline: boolean;
  progress: Progress;
  /** All of them when they changed, else null. */
  problems: FileProblem[] | null;
}

/** One chart: one tag of several runs, reduced to pixel columns. */
export interface ChartRequest {
  tag: string;
  runs: number[];
  axis?: Axis;
  /** How many pixel columns, 1 to 4096. */
  columns?: number;
  /** Weight of TensorBoard's debiased exponential moving average, 0 ≤ s < 1. */
  smoothing?: number;
  /** Where the range on the axis begins, itself included; null: at the first point of these runs. */
  start?: number | null;
  /** Where it ends, itself included; null: at their last point. */
  stop?: number | null;
}

/** All charts on the screen, at most 256. */
export interface SeriesRequest {
  charts: ChartRequest[];
}

/**
 * One run's points of a chart, one entry a pixel column that holds finite points.
 *
 * Every `bytes` is a little-endian column. `y` columns are float32 when every value of the series is exactly
 * a float32 (`wide` false), else float64.
 */
export interface Curve {
  run: number;
  /** Points of the series, whatever the range. */
  total: number;
  /** Points inside the range, non-finite ones included. */
  points: number;
  wide: boolean;
  /**
   * uint16[n]: which pixel column, ascending. Column c spans start + (stop-start)·[c, c+1)/columns; the
   * last one includes stop.
   */
  column: Uint8Array;
  /** float64[n]: where the column's last point lies. */
  x: Uint8Array;
  /** int64[n]: that point's step. Empty when the axis is the step. */
  step: Uint8Array;
  /** float64[n]: that point's wall time. Empty unless the axis is the step. */
  wall: Uint8Array;
  /** y[n]: the column's last value. */
  last: Uint8Array;
  /** y[n]: the smoothed value at the column's last point; empty when smoothing is 0. */
  smooth: Uint8Array;
  /**
   * uint32[n]: finite points in the column. Empty when all are 1; then first, min, max and mean are empty
   * too, being equal to last.
   */
  count: Uint8Array;
  /** y[n]: the column's first finite value; likewise its least, greatest and mean. */
  first: Uint8Array;
  min: Uint8Array;
  max: Uint8Array;
  mean: Uint8Array;
  /** The last finite point left of the range (x, value, smoothed), so that a line can enter from there. */
  before: [number, number, number] | null;
  /** The first finite point right of it. */
  after: [number, number, number] | null;
  /** uint16[m]: the columns that hold NaN or infinities. */
  bad_column: Uint8Array;
  /** float64[m]: where the first such point of the column lies. */
  bad_x: Uint8Array;
  /** uint32[m] */
  bad_count: Uint8Array;
  /** uint8[m]: 1 NaN + 2 +∞ + 4 −∞, whichever occur. */
  bad_kind: Uint8Array;
}

/** The answer to one `ChartRequest`. */
export interface ChartData {
  tag: string;
  axis: Axis;
  columns: number;
  /** The range that the columns divide, from start to stop; they are equal when there is at most one x. */
  start: number;
  stop: number;
  revision: number;
  /** Runs without a point of the tag are left out. */
  curves: Curve[];
  error: string | null;
}

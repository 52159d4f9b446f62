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
 * - `POST api/points`   → a `SeriesRequest` (JSON) is answered by CSV: all points of what the charts draw
 * - `GET  api/changes`  → server-sent events; each `data:` is a `Change` (JSON). The first comes at once, `outline`
 *   true; a page whose overview has the same `life` and `revision` needs nothing of it.
 *
 * - `GET  api/runs` → `RunList`: the runs that a filter lets through, with values of tags
 * - `GET  api/matches` → `Matches`: which runs a filter lets through
 * - `GET  api/config` → `ConfigKeys`: what the runs' configurations have
 * - `GET  api/run` → `RunDetail`: what one run says of itself, its kinds of data, its lives
 * - `GET  api/tags` → `TagList`: tags, searched, a page at a time
 * - `GET  api/entries` → `EntryColumns`: where the pictures, texts, histograms … of a series lie
 * - `GET  api/entry` → `EntryData`: one of them, decoded
 * - `GET  api/histograms` → `HistogramsData`: histograms of some runs over their steps, on common bins
 * - `POST api/heat`     → a `HeatRequest` (JSON) is answered by frames like those of charts: a `HeatHead`, then a
 *   `HeatRows` for some tags at a time, in the order asked
 * - `GET  api/media` → the bytes of a picture or clip, or a range of them
 * - `GET  api/matrices` → `TagList`: which tags of texts are confusion matrices
 * - `GET  api/html` → a text that is HTML, as a document that runs and fetches nothing
 * - `GET  api/search` → `TextMatches`: texts and tables with some words in them
 * - `GET  api/rows` → `RowHistory`: one row of a table, step after step
 * - `GET  api/file` → a file that the run's `projector_config.pbtxt` names
 * - `GET  api/embeddings` → `EmbeddingList`: what that configuration lists
 * - `GET  api/embedding` → `EmbeddingPoints`: the points of one, as numbers
 * - `GET  api/labels` → `EmbeddingLabels`: what is told of them, in columns
 * - `GET  api/files` → `RunFiles`: the files of a run, their names and sizes
 * - `GET  api/console` → `ConsoleLines`: what a run printed, line by line; `GET  api/console/found` → `ConsoleFound`
 * - `GET  api/marks` → `MarkList`; `POST api/marks` → a `MarkEdit` (JSON) is answered by the `MarkList` after it
 *
 * What the query of such an address takes is its `…Query`. Answers are JSON, or msgpack when the request has
 * `Accept: application/msgpack`.
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
  /** The newest of its files grew within the last 45 seconds. */
  live: boolean;
  /** Its values that are no scalars. */
  entries: number;
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
  /** Kind of data → how many series of it there are; `confusion_matrix`: how many tags of texts are such. */
  kinds: Record<string, number>;
  /** Runs with embeddings beside their event files: `api/embeddings` lists them. */
  projectors: number[];
}

/** What is new of a run. What is left out is as before. */
export interface RunChange {
  id: number;
  points?: number | null;
  last_step?: number | null;
  first_wall?: number | null;
  last_wall?: number | null;
  live?: boolean | null;
  entries?: number | null;
}

/** What changed since the previous `Change` of this stream. What is left out is as before. */
export interface Change {
  revision: number;
  /** In the first of a stream alone. */
  life?: string | null;
  /** The runs that changed: those with points that were there before. Others come with an outline. */
  runs?: RunChange[];
  /** Runs or tags came or went: ask for the overview again. */
  outline?: boolean;
  progress?: Progress | null;
  /** All of them. */
  problems?: FileProblem[] | null;
  /** The revision of what people said of runs: ask for `api/marks` again. */
  marks?: number | null;
}

/** One chart: a series of several runs, reduced to pixel columns. */
export interface ChartRequest {
  /** A scalar tag, or an expression over some: `ema(train/loss, 0.9)`. One that is a tag is that tag. */
  tag: string;
  /** Each once. */
  runs: number[];
  axis?: Axis;
  /** Instead of the axis: another tag or expression, at the steps where both are. */
  x?: string | null;
  /** How many pixel columns, 1 to 4096. */
  columns?: number;
  /** Weight of TensorBoard's debiased exponential moving average, 0 ≤ s < 1. */
  smoothing?: number;
  /**
   * That average of the weight `smoothing`; or, of `smoothing_width`, the mean weighted by a normal curve of that
   * standard deviation, the running median, or the running mean.
   */
  smoothing_kind?: "ema" | "gaussian" | "median" | "mean";
  /** In points; 0 does not smooth. The moving average has none. */
  smoothing_width?: number;
  /** `log`: columns are equally wide in log10(x), and what is not positive is left out. */
  x_scale?: "linear" | "log";
  /** Where the range on the axis begins, itself included; null: at the first point of these runs. */
  start?: number | null;
  /** Where it ends, itself included; null: at their last point. */
  stop?: number | null;
  /**
   * Instead of `stop`: the width of a column, as an earlier answer had it, so that its columns stay what they are
   * while there are more and more. With more than twice `columns` of them the answer has another width.
   */
  width?: number | null;
  /**
   * What the page has, of a request with the same range or width: the `fingerprint` of each run's curve, in the
   * order of `runs`, empty where it has none. What it has is left out of the answer.
   */
  known?: string[];
  /** Of runs that several processes write: all points, a curve for each process, or one over all of them. */
  ranks?: "merged" | "each" | "mean" | "min" | "max" | "sum";
  /** Also what later sessions replaced, of tags: older branches, each a curve. */
  superseded?: boolean;
  /**
   * Keys of the configuration, or `group` for what people said or the run did: runs that are the same in all of
   * them are one curve with a band. None: each run is a curve.
   */
  group?: string[];
  /**
   * Around the mean its 95 % confidence interval, one standard deviation, or all between the least and the
   * greatest; or around the median the middle half.
   */
  band?: "interval" | "std" | "quantiles" | "range";
  /**
   * A run whose line is subtracted from each other one's, at the places where these have points: read between its
   * own points on a straight line. Where it has no line, there is no difference.
   */
  minus?: number | null;
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
  /** Of a group: its first run. */
  run: number;
  /** Of one process of the run, when each was asked for. */
  rank: number | null;
  /** A branch that a later session replaced. */
  superseded: boolean;
  /** Index into `ChartData.groups`. */
  group: number | null;
  /** Names what this curve is, for `ChartRequest.known`. */
  fingerprint: string;
  /** Entries of columns below this one are as the page has them; 0 for all that is new to it. */
  from_column: number;
  /** Points of the series, whatever the range. */
  total: number;
  /** Points inside the range, non-finite ones included. */
  points: number;
  wide: boolean;
  /** Where the first point of the series lies, whatever the range. */
  begin: number;
  /** Where its last one does. */
  end: number;
  /**
   * uint16[n]: which pixel column, ascending. Column c spans start + width·[c, c+1), but the last one ends with
   * `stop`, itself included. On a logarithmic axis the logarithms are meant, log10(start) + width·[c, c+1).
   */
  column: Uint8Array;
  /** float64[n]: where the column's last point lies. */
  x: Uint8Array;
  /** int64[n]: that point's step. Empty when the axis is the step, and of a band. */
  step: Uint8Array;
  /** float64[n]: that point's wall time. Empty when the axis is a time, and of a band. */
  wall: Uint8Array;
  /** y[n]: the column's last value. */
  last: Uint8Array;
  /** y[n]: the smoothed value at the column's last point; empty without smoothing. */
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
  /**
   * y[n]: of a band, its lower edge at its least, and its upper at its greatest; NaN where there is none. Else
   * empty.
   */
  low: Uint8Array;
  high: Uint8Array;
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

export const CurveFields = [
  "run",
  "rank",
  "superseded",
  "group",
  "fingerprint",
  "from_column",
  "total",
  "points",
  "wide",
  "begin",
  "end",
  "column",
  "x",
  "step",
  "wall",
  "last",
  "smooth",
  "count",
  "first",
  "min",
  "max",
  "mean",
  "low",
  "high",
  "before",
  "after",
  "bad_column",
  "bad_x",
  "bad_count",
  "bad_kind",
] as const;

/** Runs that are the same in all that they are grouped by. */
export interface Group {
  /** In the order of `ChartRequest.group`; empty where a run says nothing of it. */
  values: string[];
  runs: number[];
}

/** The answer to one `ChartRequest`. */
export interface ChartData {
  tag: string;
  axis: Axis;
  columns: number;
  /** The range that the columns divide, from start to stop; they are equal when there is at most one x. */
  start: number;
  stop: number;
  /**
   * Of a column. Where no `stop` was asked for, the last one goes on beyond the last point. On a logarithmic axis
   * it is in log10(x).
   */
  width: number;
  revision: number;
  /** Runs without a point of the tag are left out, and those of which the page knows everything. */
  curves: Curve[];
  /** Runs of which the page knows a curve and that have none any more. */
  gone: number[];
  /** All of them, when groups were asked for. */
  groups: Group[] | null;
  error: string | null;
}

/** `lost`: it said that it runs, and has been silent for long; `unknown`: it never said anything, and stands still. */
export type State = "running" | "finished" | "failed" | "killed" | "lost" | "unknown";

/** What people said of a run; empty where they said nothing. */
export interface Mark {
  /** To be shown instead of the run's own. */
  name: string;
  /** Markdown. */
  note: string;
  tags: string[];
  archived: boolean;
  group: string;
  /** `#rrggbb` */
  colour: string;
  pinned: boolean;
}

/** Which runs, and what of them. */
export interface RunsQuery {
  /** `config.lr < 1e-3 and last(val/loss) < 2`; empty: all runs. See the documentation of filters. */
  filter?: string;
  /** Scalar tags whose last, least and greatest values are wanted, 100 at most. */
  tag?: string[];
  /** Dotted keys of the configuration whose values are wanted, 100 at most. */
  config?: string[];
  /** Only of runs that changed after this revision, and of those whose state changes by itself: running or lost. */
  since?: number | null;
}

/** A run in a list. */
export interface RunRow {
  id: number;
  name: string;
  state: State;
  live: boolean;
  points: number;
  /** Its scalar series. */
  series: number;
  /** Its values that are no scalars. */
  entries: number;
  last_step: number | null;
  first_wall: number | null;
  last_wall: number | null;
  /** Seconds since 1970, as the run says it, else its first wall time. */
  started: number | null;
  /** What people, or else the run itself, say that it belongs to. */
  group: string;
  /** What the run itself says. */
  own_group: string;
  /** The run's own, then what people added. */
  tags: string[];
  /** null: nobody said anything. */
  mark: Mark | null;
}

/** A tag's values in the runs of a list, in their order; null where a run has none, or no finite one. */
export interface TagColumn {
  tag: string;
  /** Of the point logged last; null when that is not finite. */
  last: (number | null)[];
  last_step: (number | null)[];
  /** Of finite values, like max. */
  min: (number | null)[];
  min_step: (number | null)[];
  max: (number | null)[];
  max_step: (number | null)[];
  points: number[];
}

/** A setting in the runs of a list, in their order; null where a run does not have it. */
export interface ConfigColumn {
  key: string;
  values: (boolean | number | string | null)[];
}

/** The runs that a filter lets through, in alphabetical order. */
export interface RunList {
  revision: number;
  /** Runs, whatever the filter. */
  total: number;
  runs: RunRow[];
  /** One a tag that was asked for, in the order asked. */
  columns: TagColumn[];
  /** One a key that was asked for, in the order asked. */
  config: ConfigColumn[];
}

/** Which runs. */
export interface MatchQuery {
  /** As of `api/runs`. */
  filter?: string;
}

/** The ids of the runs that a filter lets through, in the runs' alphabetical order. */
export interface Matches {
  revision: number;
  runs: number[];
}

/** A key of the runs' configurations. */
export interface ConfigKey {
  key: string;
  /** How many have it. */
  runs: number;
  /** How many different ones there are. */
  values: number;
  /** All of them are numbers. */
  numeric: boolean;
}

/** All keys that any run's configuration has, in alphabetical order. */
export interface ConfigKeys {
  revision: number;
  keys: ConfigKey[];
}

/** Which run. */
export interface RunQuery {
  run: number;
}

/** A kind of data that a run has. */
export interface KindCount {
  kind: string;
  /** Series of it. */
  tags: number;
  /** Their points or entries. */
  points: number;
}

/** One life of a run, in one of its event files. */
export interface SessionInfo {
  /** Path below the log directory. */
  file: string;
  /** The number of the session in its file, from 0. */
  session: number;
  /** The step that it said it starts at. */
  start: number | null;
  first_wall: number | null;
  last_wall: number | null;
  /** Which process of a distributed run wrote it, when that was said. */
  rank: number | null;
  /** Of its scalars. */
  points: number;
  /** The least step of its scalars, or of its entries when it has none; and the greatest. */
  first_step: number | null;
  last_step: number | null;
}

/** A run that another one was forked from, or that was forked from it. */
export interface Kin {
  /** null: it does not lie in this log directory. */
  run: number | null;
  /** Where it is not there, as it was called when the fork was made. */
  name: string;
  /** The last step that both have in common. */
  step: number | null;
}

/** All that is known of a run but its data. */
export interface RunDetail {
  run: RunRow;
  /** Why it failed or was killed, in a line. */
  reason: string;
  traceback: string;
  /** Flat, with dotted keys. */
  config: Record<string, unknown>;
  /** What it says of itself: id, notes, tags, lineage, git, packages, host, … */
  about: Record<string, unknown>;
  /** Rank → the state that it said; empty where one process wrote all. */
  ranks: Record<string, string>;
  kinds: KindCount[];
  /** In the order they began. */
  sessions: SessionInfo[];
  /** The run that it was forked from, that one's, and so on. */
  parents: Kin[];
  /** The runs that were forked from it. */
  children: Kin[];
}

/** Which tags: of one run or of all, of one kind or of all. */
export interface TagsQuery {
  run?: number | null;
  kind?: string | null;
  /** Words, all of which a tag must have in it, in whatever case. */
  q?: string;
  /** How many to pass over. */
  start?: number;
  limit?: number;
  /** Whether it is to be told which runs have each. */
  ids?: boolean;
}

/** A tag. */
export interface TagRow {
  name: string;
  kind: string;
  /** How many runs have it, as this kind; 1 where one run was asked for. */
  runs: number;
  /** Of those runs, when `ids` was asked for. */
  ids: number[] | null;
}

/** Tags, in the order of their kinds and, within, in the order they appeared. */
export interface TagList {
  /** All that were found, also beyond the limit. */
  total: number;
  tags: TagRow[];
}

/** Which entries: the values of a series that is not of scalars. */
export interface EntriesQuery {
  run: number;
  tag: string;
  kind: string;
}

/** All entries of a series in the order that counts. Columns of equal length. */
export interface EntryColumns {
  run: number;
  tag: string;
  kind: string;
  revision: number;
  steps: number[];
  /** Wall times, seconds since 1970. */
  walls: number[];
  /** Bytes in the event file. */
  sizes: number[];
  /** A later session replaced it. */
  superseded: boolean[];
  /** Each names its bytes for ever. With `key`, an address of `api/entry` or `api/media` always means the same. */
  keys: string[];
}

/** Which entry: the i-th, or the one with this key. */
export interface EntryQuery extends EntriesQuery {
  /** Negative: from the end. */
  i?: number;
  key?: string;
}

/** One entry, decoded. */
export interface EntryData {
  run: number;
  tag: string;
  kind: string;
  i: number;
  key: string;
  step: number;
  wall: number;
  superseded: boolean;
  /**
   * Its `kind` says what it is: histogram, images, audio, text, table, confusion_matrix, pr_curve, hparams, layout,
   * mesh, graph, meta_graph, run_metadata, tensor, log_message or raw. NaN and infinities are strings. Of a tensor and
   * a mesh, JSON has the first 4096 elements as `values`; msgpack has all, little-endian, and numpy's name of their
   * `type`.
   */
  value: unknown;
}

/** Histograms of some runs under one tag. */
export interface HistogramsQuery {
  run: number[];
  tag: string;
  /** Steps of a run, at most: every so many-th, the first and the last. */
  most?: number;
  /** Steps that are wanted beside those. */
  at?: number[];
  /** The first step; null: that of the series. */
  start?: number | null;
  stop?: number | null;
  bins?: number;
  /** Where bins are equally wide: on the values x, or on asinh(x / threshold). */
  scale?: "linear" | "symlog";
  /** Where the bins begin; null: where all of these steps do. */
  low?: number | null;
  high?: number | null;
  /** Whether the bins reach to the last value, however far it lies from nearly all others. */
  outliers?: boolean;
}

/** One run's histograms over its steps. Every `bytes` is a little-endian column, row after row. */
export interface HistogramSeries {
  run: number;
  /** int32[m]: all entries that count, as `api/entry` numbers them (`i`). */
  every: Uint8Array;
  /** int64[m]: their steps. */
  every_step: Uint8Array;
  /** int32[n]: the entries that are here. */
  i: Uint8Array;
  /** int64[n] */
  step: Uint8Array;
  /** float64[n] */
  wall: Uint8Array;
  /**
   * float64[n, 6]: count of finite values, their mean, standard deviation, Euclidean norm, least and greatest. From
   * the buckets' middles where the writer told no sums; NaN where there is no value.
   */
  stats: Uint8Array;
  /** int64[n, 3]: how many are NaN, +∞, -∞. */
  bad: Uint8Array;
  /** float64[n, percents]: laid evenly within a bucket; see `headway.query.distribution`. */
  percentiles: Uint8Array;
  /**
   * float64[n, bins + 2]: below the bins, in each, above. A bucket's values are laid evenly within it, so the sum
   * is the bucket's; see `headway.query.rebin`.
   */
  counts: Uint8Array;
  /** Entries that could not be read. */
  failed: number;
}

/** Histograms of some runs over their steps, on common bins. */
export interface HistogramsData {
  tag: string;
  revision: number;
  scale: "linear" | "symlog";
  /** Of a symlog scale. */
  threshold: number;
  /** float64[bins + 1], ascending. */
  edges: Uint8Array;
  /** Which percentiles there are. */
  percents: number[];
  /** Of the runs that have some, in the order asked. */
  series: HistogramSeries[];
}

export type HeatStat = "value" | "mean" | "std" | "rms" | "norm" | "min" | "max";

/** Many series of one run, cut into the same columns: a row each. */
export interface HeatRequest {
  run: number;
  tags: string[];
  kind?: "scalars" | "histograms";
  /** Which number of a histogram; of scalars, `value`. */
  stat?: HeatStat;
  /** At most; fewer when no series has as many points. */
  columns?: number;
  /** The first step; null: that of the first point of all. */
  start?: number | null;
  stop?: number | null;
}

/** What comes first: how the steps are cut. Column c spans start + width·[c, c+1). */
export interface HeatHead {
  revision: number;
  columns: number;
  start: number;
  stop: number;
  width: number;
  /** Rows that follow, all together. */
  rows: number;
}

/** Some rows. float32, and what is beyond it is its greatest. Every `bytes` is a little-endian column. */
export interface HeatRows {
  /** The number of the first of them; they are in the order asked. */
  row: number;
  rows: number;
  /** float32[rows, columns]: of a cell's finite values; NaN where there is none. */
  mean: Uint8Array;
  /** float32[rows, columns]: the least; empty when no cell of these rows holds two values. Likewise max. */
  min: Uint8Array;
  max: Uint8Array;
  /** uint32[m]: cells that hold NaN or infinities, as row·columns + column, counted from these rows' first. */
  bad: Uint8Array;
  /** uint8[m]: 1 NaN + 2 +∞ + 4 -∞, whichever occur. */
  bad_kind: Uint8Array;
  /** uint32[rows]: points of the series; 0 where the run has none of that name. */
  points: Uint8Array;
  /** float32[rows]: over all columns. Likewise greatest. NaN where there is none. */
  least: Uint8Array;
  greatest: Uint8Array;
  /** Why these rows are empty. */
  error: string | null;
}

/** Which picture or clip of which entry. */
export interface MediaQuery extends EntryQuery {
  item?: number;
}

/** Which texts: those of some runs, of one tag or of all. */
export interface SearchQuery {
  run: number[];
  /** What is to stand in them, in whatever case. */
  q: string;
  tag?: string | null;
  /** How many entries to pass over, as `TextMatches.next` said. */
  start?: number;
  limit?: number;
}

/** An entry that has it. */
export interface TextMatch {
  run: number;
  tag: string;
  step: number;
  wall: number;
  key: string;
  /** Of a table: the first row that has it. */
  row: number | null;
  /** What stands around the first place, without line breaks. */
  excerpt: string;
  /** Where in the excerpt, in characters of Unicode. */
  at: number;
  length: number;
}

/** Entries of texts and tables, the latest of each series first. */
export interface TextMatches {
  matches: TextMatch[];
  /** Entries that were looked at. */
  searched: number;
  /** Entries that there are. */
  total: number;
  /** Where to go on: time was up, or there are as many as wanted. None: that was all. */
  next: number | null;
}

/** Which row of the tables at a tag: the one with this text in this column. */
export interface RowsQuery {
  run: number;
  tag: string;
  column: string;
  value: string;
  /** How many entries to pass over, as `RowHistory.next` said. */
  start?: number;
}

/** The row in one table. */
export interface RowAtStep {
  i: number;
  key: string;
  step: number;
  wall: number;
  columns: string[];
  /** As in `EntryData.value`; None where no row has that text. */
  cells: unknown[] | null;
}

/** One row of all tables of a series that count, in their order. */
export interface RowHistory {
  rows: RowAtStep[];
  /** Where to go on: time was up. None: that was all. */
  next: number | null;
}

/** Which file of which run: one that the run's `projector_config.pbtxt` names, or that file itself. */
export interface FileQuery {
  run: number;
  /** As the configuration has it: below the run's directory. */
  path?: string;
}

/** Of which run. */
export interface EmbeddingsQuery {
  run: number;
}

/** One embedding, as the run's `projector_config.pbtxt` lists it. */
export interface EmbeddingInfo {
  /** Of the tensor, or of its file where it has none; the last one of a name counts. */
  name: string;
  /** The name without its step. */
  tag: string;
  /** Names that writers of summaries give end in it: `tag:00012`. */
  step: number | null;
  /** Else its tensor lies in a checkpoint of TensorFlow, which headway does not read. */
  has_points: boolean;
  has_labels: boolean;
  /** The file with the points' pictures, row by row, for `api/file`; empty when there is none. */
  sprite: string;
  /** Of one picture in it, in pixels; 0 when it is not told. */
  width: number;
  height: number;
}

/** The embeddings of a run, in the order in which they are listed. */
export interface EmbeddingList {
  run: number;
  embeddings: EmbeddingInfo[];
}

/**
 * Which embedding, and of how many numbers at most: of more points than fit, every second, every fourth, … is
 * sent.
 */
export interface EmbeddingQuery extends EmbeddingsQuery {
  name: string;
  most?: number;
}

/** The points of an embedding. */
export interface EmbeddingPoints {
  run: number;
  name: string;
  /** That are sent. */
  points: number;
  dimensions: number;
  /** That there are. */
  total: number;
  /** The i-th one sent is number `i * stride`. */
  stride: number;
  /** float32, little-endian, point by point. */
  values: Uint8Array;
}

/** Which embedding's, and of which points: every `stride`-th. */
export interface LabelsQuery extends EmbeddingsQuery {
  name: string;
  stride?: number;
  /** How many points there are: a single column with one line more begins with its name. */
  points?: number;
}

/** What is told of the points. */
export interface EmbeddingLabels {
  /** Their names; that of a single one is mostly empty. */
  columns: string[];
  /** For each column, a text for each point; empty where a line is too short. */
  values: string[][];
  /** That the file has, without the names. */
  lines: number;
}

/** `projector`: named by the run's `projector_config.pbtxt`, or that file itself. */
export type FileKind = "events" | "projector" | "other";

/** A file of a run. */
export interface RunFile {
  /** Below the log directory. */
  path: string;
  kind: FileKind;
  size: number;
  /** Seconds since 1970, when that is known. */
  changed: number | null;
}

/** The event files of a run and, of a log directory on the server's machine, the others in its directory. */
export interface RunFiles {
  files: RunFile[];
  /** There are more. */
  cut: boolean;
}

/** Which lines of what a run printed. */
export interface ConsoleQuery {
  run: number;
  /** The number of the first, from 0; negative: from the end. */
  start?: number;
  limit?: number;
}

/** Lines that a run printed. Columns of equal length. */
export interface ConsoleLines {
  revision: number;
  /** All there are; 0 when nothing was recorded. */
  total: number;
  /** The number of the first of these. */
  start: number;
  lines: string[];
  /** Where the run was. */
  steps: number[];
  /** Seconds since 1970. */
  walls: number[];
}

/** What to look for in what a run printed. */
export interface ConsoleSearch {
  run: number;
  /** A text, in whatever case. */
  q?: string;
  /** Instead: what Python, loggers and compilers say of errors. */
  errors?: boolean;
  /** The number of the first line that is looked at. */
  start?: number;
}

/** The lines in which it stands. */
export interface ConsoleFound {
  revision: number;
  /** All lines before this one were looked at. */
  stop: number;
  total: number;
  /** Of the first 10,000 of them, ascending. */
  numbers: number[];
}

/** What people said of runs, and the views they saved. */
export interface MarkList {
  /** Counts up when marks or views change. */
  revision: number;
  /** By the run's name, also of runs that are not there now. */
  runs: Record<string, Mark>;
  /** Name → state, whatever JSON the page saved. */
  views: Record<string, unknown>;
}

/** What is to be said of runs. A field that is left out stays; null takes back what was said. */
export interface MarkEdit {
  runs?: number[];
  /** Of `Mark`: field → value. */
  fields?: Record<string, unknown>;
  /** The name of a view to be saved, with `state`. */
  save_view?: string | null;
  state?: unknown;
  /** The name of a view to be forgotten. */
  drop_view?: string | null;
}

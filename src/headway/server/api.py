"""The types of the API, as the server sends them and as the page reads them.

`headway.server.typescript` turns this module into `web/src/api/types.ts`; `make check` fails if they differ.

- `GET  api/overview` → `Overview` (JSON)
- `POST api/series`   → a `SeriesRequest` (JSON) is answered by one frame a chart, in the order asked:
  `u32` little-endian length, then that many bytes of msgpack, a `ChartData`. A chart can be painted while the
  next is still being read. A chart that fails is a `ChartData` with `error`.
- `POST api/points`   → a `SeriesRequest` (JSON) is answered by CSV: all points of what the charts draw
- `GET  api/changes`  → server-sent events; each `data:` is a `Change` (JSON). The first comes at once, `outline`
  true; a page whose overview has the same `life` and `revision` needs nothing of it.

- `GET  api/runs` → `RunList`: the runs that a filter lets through, with values of tags
- `GET  api/matches` → `Matches`: which runs a filter lets through
- `GET  api/config` → `ConfigKeys`: what the runs' configurations have
- `GET  api/run` → `RunDetail`: what one run says of itself, its kinds of data, its lives
- `GET  api/tags` → `TagList`: tags, searched, a page at a time
- `GET  api/entries` → `EntryColumns`: where the pictures, texts, histograms … of a series lie
- `GET  api/entry` → `EntryData`: one of them, decoded
- `GET  api/histograms` → `HistogramsData`: histograms of some runs over their steps, on common bins
- `POST api/heat`     → a `HeatRequest` (JSON) is answered by frames like those of charts: a `HeatHead`, then a
  `HeatRows` for some tags at a time, in the order asked
- `GET  api/media` → the bytes of a picture or clip, or a range of them
- `GET  api/matrices` → `TagList`: which tags of texts are confusion matrices
- `GET  api/html` → a text that is HTML, as a document that runs and fetches nothing
- `GET  api/search` → `TextMatches`: texts and tables with some words in them
- `GET  api/rows` → `RowHistory`: one row of a table, step after step
- `GET  api/file` → a file that the run's `projector_config.pbtxt` names
- `GET  api/embeddings` → `EmbeddingList`: what that configuration lists
- `GET  api/embedding` → `EmbeddingPoints`: the points of one, as numbers
- `GET  api/labels` → `EmbeddingLabels`: what is told of them, in columns
- `GET  api/files` → `RunFiles`: the files of a run, their names and sizes
- `GET  api/console` → `ConsoleLines`: what a run printed, line by line; `GET  api/console/found` → `ConsoleFound`
- `GET  api/marks` → `MarkList`; `POST api/marks` → a `MarkEdit` (JSON) is answered by the `MarkList` after it

What the query of such an address takes is its `…Query`. Answers are JSON, or msgpack when the request has
`Accept: application/msgpack`.
Beyond these limits, or malformed, a request is answered by 400 and one line that says what is wrong.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Axis = Literal["step", "wall", "relative"]
"""`step`; `wall`: seconds since 1970; `relative`: seconds since the run's first point."""


class RunInfo(msgspec.Struct):
    """One run in the run list. `id` is stable while the server lives; wall times are seconds since 1970."""

    id: int
    name: str
    points: int
    last_step: int | None
    first_wall: float | None
    last_wall: float | None
    live: bool
    """The newest of its files grew within the last 45 seconds."""
    entries: int
    """Its values that are no scalars."""


class TagInfo(msgspec.Struct):
    """One scalar tag and the ids of the runs that have it."""

    name: str
    runs: list[int]


class FileProblem(msgspec.Struct):
    """What could not be read of one event file; the rest of the file was."""

    run: str
    file: str
    """Path below the log directory."""
    kind: Literal["damaged", "incomplete", "unreadable", "foreign", "replaced"]
    """`damaged`: records skipped; `incomplete`: it ends inside a record; `unreadable`: the system refused;
    `foreign`: not an event file (a Git LFS pointer); `replaced`: it shrank or changed, and was read again.
    """
    records: int
    """Records skipped, at least: one for each damaged region."""
    bytes: int
    message: str


class Progress(msgspec.Struct):
    """How far the first reading is; `bytes_done == bytes_total` when it is over."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int


class Overview(msgspec.Struct):
    """Everything but the points."""

    version: str
    logdir: str
    life: str
    """Another one is another server: revisions and ids begin anew."""
    revision: int
    """Counts up with every change that a page could see."""
    index: Literal["disk", "memory"]
    notice: str | None
    """Why the index is in memory, when it was meant to be on disk."""
    progress: Progress
    runs: list[RunInfo]
    tags: list[TagInfo]
    problems: list[FileProblem]
    kinds: dict[str, int]
    """Kind of data → how many series of it there are; `confusion_matrix`: how many tags of texts are such."""
    projectors: list[int]
    """Runs with embeddings beside their event files: `api/embeddings` lists them."""


class RunChange(msgspec.Struct, omit_defaults=True):
    """What is new of a run. What is left out is as before."""

    id: int
    points: int | None = None
    last_step: int | None = None
    first_wall: float | None = None
    last_wall: float | None = None
    live: bool | None = None
    entries: int | None = None


class Change(msgspec.Struct, omit_defaults=True):
    """What changed since the previous `Change` of this stream. What is left out is as before."""

    revision: int
    life: str | None = None
    """In the first of a stream alone."""
    runs: list[RunChange] = []
    """The runs that changed: those with points that were there before. Others come with an outline."""
    outline: bool = False
    """Runs or tags came or went: ask for the overview again."""
    progress: Progress | None = None
    problems: list[FileProblem] | None = None
    """All of them."""
    marks: int | None = None
    """The revision of what people said of runs: ask for `api/marks` again."""


class ChartRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One chart: a series of several runs, reduced to pixel columns."""

    tag: str
    """A scalar tag, or an expression over some: `ema(train/loss, 0.9)`. One that is a tag is that tag."""
    runs: list[int]
    """Each once."""
    axis: Axis = "step"
    x: str | None = None
    """Instead of the axis: another tag or expression, at the steps where both are."""
    columns: Annotated[int, Meta(ge=1, le=4096)] = 600
    """How many pixel columns, 1 to 4096."""
    smoothing: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Weight of TensorBoard's debiased exponential moving average, 0 ≤ s < 1."""
    smoothing_kind: Literal["ema", "gaussian", "median", "mean"] = "ema"
    """That average of the weight `smoothing`; or, of `smoothing_width`, the mean weighted by a normal curve of that
    standard deviation, the running median, or the running mean.
    """
    smoothing_width: Annotated[float, Meta(ge=0, le=10_001)] = 0.0
    """In points; 0 does not smooth. The moving average has none."""
    x_scale: Literal["linear", "log"] = "linear"
    """`log`: columns are equally wide in log10(x), and what is not positive is left out."""
    start: float | None = None
    """Where the range on the axis begins, itself included; null: at the first point of these runs."""
    stop: float | None = None
    """Where it ends, itself included; null: at their last point."""
    width: Annotated[float, Meta(gt=0)] | None = None
    """Instead of `stop`: the width of a column, as an earlier answer had it, so that its columns stay what they are
    while there are more and more. With more than twice `columns` of them the answer has another width.
    """
    known: list[str] = []
    """What the page has, of a request with the same range or width: the `fingerprint` of each run's curve, in the
    order of `runs`, empty where it has none. What it has is left out of the answer.
    """

    ranks: Literal["merged", "each", "mean", "min", "max", "sum"] = "merged"
    """Of runs that several processes write: all points, a curve for each process, or one over all of them."""
    superseded: bool = False
    """Also what later sessions replaced, of tags: older branches, each a curve."""
    group: Annotated[list[str], Meta(max_length=100)] = []
    """Keys of the configuration, or `group` for what people said or the run did: runs that are the same in all of
    them are one curve with a band. None: each run is a curve.
    """
    band: Literal["interval", "std", "quantiles", "range"] = "interval"
    """Around the mean its 95 % confidence interval, one standard deviation, or all between the least and the
    greatest; or around the median the middle half.
    """

    minus: int | None = None
    """A run whose line is subtracted from each other one's, at the places where these have points: read between its
    own points on a straight line. Where it has no line, there is no difference.
    """

    def __post_init__(self) -> None:
        if len(set(self.runs)) < len(self.runs):
            raise ValueError("a run is named twice")  # or a small request would be a long answer
        if self.known and (self.group or self.superseded or self.ranks == "each"):
            raise ValueError("known goes with one curve a run")
        if self.start is not None and self.stop is not None and self.start > self.stop:
            raise ValueError("start is beyond stop")
        if self.width is not None and (self.stop is not None or self.start is None):
            raise ValueError("width goes with start and without stop")
        if self.minus is not None and (self.group or self.superseded or self.ranks == "each"):
            raise ValueError("minus goes with one curve a run")


class SeriesRequest(msgspec.Struct, forbid_unknown_fields=True):
    """All charts on the screen, at most 256."""

    charts: Annotated[list[ChartRequest], Meta(max_length=256)]


class Curve(msgspec.Struct, array_like=True):
    """One run's points of a chart, one entry a pixel column that holds finite points.

    Every `bytes` is a little-endian column. `y` columns are float32 when every value of the series is exactly
    a float32 (`wide` false), else float64.
    """

    run: int
    """Of a group: its first run."""
    rank: int | None
    """Of one process of the run, when each was asked for."""
    superseded: bool
    """A branch that a later session replaced."""
    group: int | None
    """Index into `ChartData.groups`."""
    fingerprint: str
    """Names what this curve is, for `ChartRequest.known`."""
    from_column: int
    """Entries of columns below this one are as the page has them; 0 for all that is new to it."""
    total: int
    """Points of the series, whatever the range."""
    points: int
    """Points inside the range, non-finite ones included."""
    wide: bool
    begin: float
    """Where the first point of the series lies, whatever the range."""
    end: float
    """Where its last one does."""
    column: bytes
    """uint16[n]: which pixel column, ascending. Column c spans start + width·[c, c+1), but the last one ends with
    `stop`, itself included. On a logarithmic axis the logarithms are meant, log10(start) + width·[c, c+1).
    """
    x: bytes
    """float64[n]: where the column's last point lies."""
    step: bytes
    """int64[n]: that point's step. Empty when the axis is the step, and of a band."""
    wall: bytes
    """float64[n]: that point's wall time. Empty when the axis is a time, and of a band."""
    last: bytes
    """y[n]: the column's last value."""
    smooth: bytes
    """y[n]: the smoothed value at the column's last point; empty without smoothing."""
    count: bytes
    """uint32[n]: finite points in the column. Empty when all are 1; then first, min, max and mean are empty
    too, being equal to last.
    """
    first: bytes
    """y[n]: the column's first finite value; likewise its least, greatest and mean."""
    min: bytes
    max: bytes
    mean: bytes
    low: bytes
    """y[n]: of a band, its lower edge at its least, and its upper at its greatest; NaN where there is none. Else
    empty.
    """
    high: bytes
    before: tuple[float, float, float] | None
    """The last finite point left of the range (x, value, smoothed), so that a line can enter from there."""
    after: tuple[float, float, float] | None
    """The first finite point right of it."""
    bad_column: bytes
    """uint16[m]: the columns that hold NaN or infinities."""
    bad_x: bytes
    """float64[m]: where the first such point of the column lies."""
    bad_count: bytes
    """uint32[m]"""
    bad_kind: bytes
    """uint8[m]: 1 NaN + 2 +∞ + 4 −∞, whichever occur."""


class Group(msgspec.Struct):
    """Runs that are the same in all that they are grouped by."""

    values: list[str]
    """In the order of `ChartRequest.group`; empty where a run says nothing of it."""
    runs: list[int]


class ChartData(msgspec.Struct):
    """The answer to one `ChartRequest`."""

    tag: str
    axis: Axis
    columns: int
    start: float
    """The range that the columns divide, from start to stop; they are equal when there is at most one x."""
    stop: float
    width: float
    """Of a column. Where no `stop` was asked for, the last one goes on beyond the last point. On a logarithmic axis
    it is in log10(x).
    """
    revision: int
    curves: list[Curve]
    """Runs without a point of the tag are left out, and those of which the page knows everything."""
    gone: list[int]
    """Runs of which the page knows a curve and that have none any more."""
    groups: list[Group] | None = None
    """All of them, when groups were asked for."""
    error: str | None = None


State = Literal["running", "finished", "failed", "killed", "lost", "unknown"]
"""`lost`: it said that it runs, and has been silent for long; `unknown`: it never said anything, and stands still."""


class Mark(msgspec.Struct):
    """What people said of a run; empty where they said nothing."""

    name: str
    """To be shown instead of the run's own."""
    note: str
    """Markdown."""
    tags: list[str]
    archived: bool
    group: str
    colour: str
    """`#rrggbb`"""
    pinned: bool


class RunsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which runs, and what of them."""

    filter: str = ""
    """`config.lr < 1e-3 and last(val/loss) < 2`; empty: all runs. See the documentation of filters."""
    tag: Annotated[list[str], Meta(max_length=100)] = []
    """Scalar tags whose last, least and greatest values are wanted, 100 at most."""
    config: Annotated[list[str], Meta(max_length=100)] = []
    """Dotted keys of the configuration whose values are wanted, 100 at most."""
    since: int | None = None
    """Only of runs that changed after this revision, and of those whose state changes by itself: running or lost."""


class RunRow(msgspec.Struct):
    """A run in a list."""

    id: int
    name: str
    state: State
    live: bool
    points: int
    series: int
    """Its scalar series."""
    entries: int
    """Its values that are no scalars."""
    last_step: int | None
    first_wall: float | None
    last_wall: float | None
    started: float | None
    """Seconds since 1970, as the run says it, else its first wall time."""
    group: str
    """What people, or else the run itself, say that it belongs to."""
    own_group: str
    """What the run itself says."""
    tags: list[str]
    """The run's own, then what people added."""
    mark: Mark | None
    """null: nobody said anything."""


class TagColumn(msgspec.Struct):
    """A tag's values in the runs of a list, in their order; null where a run has none, or no finite one."""

    tag: str
    last: list[float | None]
    """Of the point logged last; null when that is not finite."""
    last_step: list[int | None]
    min: list[float | None]
    """Of finite values, like max."""
    min_step: list[int | None]
    max: list[float | None]
    max_step: list[int | None]
    points: list[int]


class ConfigColumn(msgspec.Struct):
    """A setting in the runs of a list, in their order; null where a run does not have it."""

    key: str
    values: list[bool | float | str | None]


class RunList(msgspec.Struct):
    """The runs that a filter lets through, in alphabetical order."""

    revision: int
    total: int
    """Runs, whatever the filter."""
    runs: list[RunRow]
    columns: list[TagColumn]
    """One a tag that was asked for, in the order asked."""
    config: list[ConfigColumn]
    """One a key that was asked for, in the order asked."""


class MatchQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which runs."""

    filter: str = ""
    """As of `api/runs`."""


class Matches(msgspec.Struct):
    """The ids of the runs that a filter lets through, in the runs' alphabetical order."""

    revision: int
    runs: list[int]


class ConfigKey(msgspec.Struct):
    """A key of the runs' configurations."""

    key: str
    runs: int
    """How many have it."""
    values: int
    """How many different ones there are."""
    numeric: bool
    """All of them are numbers."""


class ConfigKeys(msgspec.Struct):
    """All keys that any run's configuration has, in alphabetical order."""

    revision: int
    keys: list[ConfigKey]


class RunQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which run."""

    run: int


class KindCount(msgspec.Struct):
    """A kind of data that a run has."""

    kind: str
    tags: int
    """Series of it."""
    points: int
    """Their points or entries."""


class SessionInfo(msgspec.Struct):
    """One life of a run, in one of its event files."""

    file: str
    """Path below the log directory."""
    session: int
    """The number of the session in its file, from 0."""
    start: int | None
    """The step that it said it starts at."""
    first_wall: float | None
    last_wall: float | None
    rank: int | None
    """Which process of a distributed run wrote it, when that was said."""
    points: int
    """Of its scalars."""
    first_step: int | None
    """The least step of its scalars, or of its entries when it has none; and the greatest."""
    last_step: int | None


class Kin(msgspec.Struct):
    """A run that another one was forked from, or that was forked from it."""

    run: int | None
    """null: it does not lie in this log directory."""
    name: str
    """Where it is not there, as it was called when the fork was made."""
    step: int | None
    """The last step that both have in common."""


class RunDetail(msgspec.Struct):
    """All that is known of a run but its data."""

    run: RunRow
    reason: str
    """Why it failed or was killed, in a line."""
    traceback: str
    config: dict[str, Any]
    """Flat, with dotted keys."""
    about: dict[str, Any]
    """What it says of itself: id, notes, tags, lineage, git, packages, host, …"""
    ranks: dict[str, str]
    """Rank → the state that it said; empty where one process wrote all."""
    kinds: list[KindCount]
    sessions: list[SessionInfo]
    """In the order they began."""
    parents: list[Kin]
    """The run that it was forked from, that one's, and so on."""
    children: list[Kin]
    """The runs that were forked from it."""


class TagsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which tags: of one run or of all, of one kind or of all."""

    run: int | None = None
    kind: str | None = None
    q: str = ""
    """Words, all of which a tag must have in it, in whatever case."""
    start: Annotated[int, Meta(ge=0)] = 0
    """How many to pass over."""
    limit: Annotated[int, Meta(ge=1, le=10000)] = 200
    ids: bool = False
    """Whether it is to be told which runs have each."""


class TagRow(msgspec.Struct):
    """A tag."""

    name: str
    kind: str
    runs: int
    """How many runs have it, as this kind; 1 where one run was asked for."""
    ids: list[int] | None = None
    """Of those runs, when `ids` was asked for."""


class TagList(msgspec.Struct):
    """Tags, in the order of their kinds and, within, in the order they appeared."""

    total: int
    """All that were found, also beyond the limit."""
    tags: list[TagRow]


class EntriesQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which entries: the values of a series that is not of scalars."""

    run: int
    tag: str
    kind: str


class EntryColumns(msgspec.Struct):
    """All entries of a series in the order that counts. Columns of equal length."""

    run: int
    tag: str
    kind: str
    revision: int
    steps: list[int]
    walls: list[float]
    """Wall times, seconds since 1970."""
    sizes: list[int]
    """Bytes in the event file."""
    superseded: list[bool]
    """A later session replaced it."""
    keys: list[str]
    """Each names its bytes for ever. With `key`, an address of `api/entry` or `api/media` always means the same."""


class EntryQuery(EntriesQuery, forbid_unknown_fields=True):
    """Which entry: the i-th, or the one with this key."""

    i: int = -1
    """Negative: from the end."""
    key: str = ""


class EntryData(msgspec.Struct):
    """One entry, decoded."""

    run: int
    tag: str
    kind: str
    i: int
    key: str
    step: int
    wall: float
    superseded: bool
    value: Any
    """Its `kind` says what it is: histogram, images, audio, text, table, confusion_matrix, pr_curve, hparams, layout,
    mesh, graph, meta_graph, run_metadata, tensor, log_message or raw. NaN and infinities are strings. Of a tensor and
    a mesh, JSON has the first 4096 elements as `values`; msgpack has all, little-endian, and numpy's name of their
    `type`.
    """


class HistogramsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Histograms of some runs under one tag."""

    run: Annotated[list[int], Meta(min_length=1, max_length=16)]
    tag: str
    most: Annotated[int, Meta(ge=2, le=500)] = 120
    """Steps of a run, at most: every so many-th, the first and the last."""
    at: Annotated[list[int], Meta(max_length=16)] = []
    """Steps that are wanted beside those."""
    start: int | None = None
    """The first step; null: that of the series."""
    stop: int | None = None
    bins: Annotated[int, Meta(ge=1, le=1024)] = 80
    scale: Literal["linear", "symlog"] = "linear"
    """Where bins are equally wide: on the values x, or on asinh(x / threshold)."""
    low: float | None = None
    """Where the bins begin; null: where all of these steps do."""
    high: float | None = None
    outliers: bool = False
    """Whether the bins reach to the last value, however far it lies from nearly all others."""

    def __post_init__(self) -> None:
        if len(set(self.run)) < len(self.run):
            raise ValueError("a run is named twice")
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise ValueError("low is not below high")


class HistogramSeries(msgspec.Struct):
    """One run's histograms over its steps. Every `bytes` is a little-endian column, row after row."""

    run: int
    every: bytes
    """int32[m]: all entries that count, as `api/entry` numbers them (`i`)."""
    every_step: bytes
    """int64[m]: their steps."""
    i: bytes
    """int32[n]: the entries that are here."""
    step: bytes
    """int64[n]"""
    wall: bytes
    """float64[n]"""
    stats: bytes
    """float64[n, 6]: count of finite values, their mean, standard deviation, Euclidean norm, least and greatest. From
    the buckets' middles where the writer told no sums; NaN where there is no value.
    """
    bad: bytes
    """int64[n, 3]: how many are NaN, +∞, -∞."""
    percentiles: bytes
    """float64[n, percents]: laid evenly within a bucket; see `headway.query.distribution`."""
    counts: bytes
    """float64[n, bins + 2]: below the bins, in each, above. A bucket's values are laid evenly within it, so the sum
    is the bucket's; see `headway.query.rebin`.
    """
    failed: int
    """Entries that could not be read."""


class HistogramsData(msgspec.Struct):
    """Histograms of some runs over their steps, on common bins."""

    tag: str
    revision: int
    scale: Literal["linear", "symlog"]
    threshold: float
    """Of a symlog scale."""
    edges: bytes
    """float64[bins + 1], ascending."""
    percents: list[float]
    """Which percentiles there are."""
    series: list[HistogramSeries]
    """Of the runs that have some, in the order asked."""


HeatStat = Literal["value", "mean", "std", "rms", "norm", "min", "max"]


class HeatRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Many series of one run, cut into the same columns: a row each."""

    run: int
    tags: Annotated[list[str], Meta(max_length=20000)]
    kind: Literal["scalars", "histograms"] = "scalars"
    stat: HeatStat = "value"
    """Which number of a histogram; of scalars, `value`."""
    columns: Annotated[int, Meta(ge=1, le=2048)] = 400
    """At most; fewer when no series has as many points."""
    start: float | None = None
    """The first step; null: that of the first point of all."""
    stop: float | None = None

    def __post_init__(self) -> None:
        if (self.stat == "value") != (self.kind == "scalars"):
            raise ValueError("stat is `value` of scalars, and another of histograms")
        if len(self.tags) * self.columns > 8_000_000:
            raise ValueError("these are more than 8,000,000 cells")
        if self.start is not None and self.stop is not None and self.start > self.stop:
            raise ValueError("start is beyond stop")


class HeatHead(msgspec.Struct):
    """What comes first: how the steps are cut. Column c spans start + width·[c, c+1)."""

    revision: int
    columns: int
    start: float
    stop: float
    width: float
    rows: int
    """Rows that follow, all together."""


class HeatRows(msgspec.Struct):
    """Some rows. float32, and what is beyond it is its greatest. Every `bytes` is a little-endian column."""

    row: int
    """The number of the first of them; they are in the order asked."""
    rows: int
    mean: bytes
    """float32[rows, columns]: of a cell's finite values; NaN where there is none."""
    min: bytes
    """float32[rows, columns]: the least; empty when no cell of these rows holds two values. Likewise max."""
    max: bytes
    bad: bytes
    """uint32[m]: cells that hold NaN or infinities, as row·columns + column, counted from these rows' first."""
    bad_kind: bytes
    """uint8[m]: 1 NaN + 2 +∞ + 4 -∞, whichever occur."""
    points: bytes
    """uint32[rows]: points of the series; 0 where the run has none of that name."""
    least: bytes
    """float32[rows]: over all columns. Likewise greatest. NaN where there is none."""
    greatest: bytes
    error: str | None = None
    """Why these rows are empty."""


class MediaQuery(EntryQuery, forbid_unknown_fields=True):
    """Which picture or clip of which entry."""

    item: int = 0


class SearchQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which texts: those of some runs, of one tag or of all."""

    run: Annotated[list[int], Meta(max_length=10000)]
    q: Annotated[str, Meta(min_length=1, max_length=1000)]
    """What is to stand in them, in whatever case."""
    tag: str | None = None
    start: Annotated[int, Meta(ge=0)] = 0
    """How many entries to pass over, as `TextMatches.next` said."""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class TextMatch(msgspec.Struct):
    """An entry that has it."""

    run: int
    tag: str
    step: int
    wall: float
    key: str
    row: int | None
    """Of a table: the first row that has it."""
    excerpt: str
    """What stands around the first place, without line breaks."""
    at: int
    """Where in the excerpt, in characters of Unicode."""
    length: int


class TextMatches(msgspec.Struct):
    """Entries of texts and tables, the latest of each series first."""

    matches: list[TextMatch]
    searched: int
    """Entries that were looked at."""
    total: int
    """Entries that there are."""
    next: int | None
    """Where to go on: time was up, or there are as many as wanted. None: that was all."""


class RowsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which row of the tables at a tag: the one with this text in this column."""

    run: int
    tag: str
    column: str
    value: str
    start: Annotated[int, Meta(ge=0)] = 0
    """How many entries to pass over, as `RowHistory.next` said."""


class RowAtStep(msgspec.Struct):
    """The row in one table."""

    i: int
    key: str
    step: int
    wall: float
    columns: list[str]
    cells: list[Any] | None
    """As in `EntryData.value`; None where no row has that text."""


class RowHistory(msgspec.Struct):
    """One row of all tables of a series that count, in their order."""

    rows: list[RowAtStep]
    next: int | None
    """Where to go on: time was up. None: that was all."""


class FileQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which file of which run: one that the run's `projector_config.pbtxt` names, or that file itself."""

    run: int
    path: str = "projector_config.pbtxt"
    """As the configuration has it: below the run's directory."""


class EmbeddingsQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Of which run."""

    run: int


class EmbeddingInfo(msgspec.Struct):
    """One embedding, as the run's `projector_config.pbtxt` lists it."""

    name: str
    """Of the tensor, or of its file where it has none; the last one of a name counts."""
    tag: str
    """The name without its step."""
    step: int | None
    """Names that writers of summaries give end in it: `tag:00012`."""
    has_points: bool
    """Else its tensor lies in a checkpoint of TensorFlow, which headway does not read."""
    has_labels: bool
    sprite: str
    """The file with the points' pictures, row by row, for `api/file`; empty when there is none."""
    width: int
    """Of one picture in it, in pixels; 0 when it is not told."""
    height: int


class EmbeddingList(msgspec.Struct):
    """The embeddings of a run, in the order in which they are listed."""

    run: int
    embeddings: list[EmbeddingInfo]


class EmbeddingQuery(EmbeddingsQuery, forbid_unknown_fields=True):
    """Which embedding, and of how many numbers at most: of more points than fit, every second, every fourth, … is
    sent.
    """

    name: str
    most: Annotated[int, Meta(ge=1, le=200_000_000)] = 50_000_000


class EmbeddingPoints(msgspec.Struct):
    """The points of an embedding."""

    run: int
    name: str
    points: int
    """That are sent."""
    dimensions: int
    total: int
    """That there are."""
    stride: int
    """The i-th one sent is number `i * stride`."""
    values: bytes
    """float32, little-endian, point by point."""


class LabelsQuery(EmbeddingsQuery, forbid_unknown_fields=True):
    """Which embedding's, and of which points: every `stride`-th."""

    name: str
    stride: Annotated[int, Meta(ge=1)] = 1
    points: int = 0
    """How many points there are: a single column with one line more begins with its name."""


class EmbeddingLabels(msgspec.Struct):
    """What is told of the points."""

    columns: list[str]
    """Their names; that of a single one is mostly empty."""
    values: list[list[str]]
    """For each column, a text for each point; empty where a line is too short."""
    lines: int
    """That the file has, without the names."""


FileKind = Literal["events", "projector", "other"]
"""`projector`: named by the run's `projector_config.pbtxt`, or that file itself."""


class RunFile(msgspec.Struct):
    """A file of a run."""

    path: str
    """Below the log directory."""
    kind: FileKind
    size: int
    changed: float | None
    """Seconds since 1970, when that is known."""


class RunFiles(msgspec.Struct):
    """The event files of a run and, of a log directory on the server's machine, the others in its directory."""

    files: list[RunFile]
    cut: bool
    """There are more."""


class ConsoleQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which lines of what a run printed."""

    run: int
    start: int = 0
    """The number of the first, from 0; negative: from the end."""
    limit: Annotated[int, Meta(ge=1, le=5000)] = 500


class ConsoleLines(msgspec.Struct):
    """Lines that a run printed. Columns of equal length."""

    revision: int
    total: int
    """All there are; 0 when nothing was recorded."""
    start: int
    """The number of the first of these."""
    lines: list[str]
    steps: list[int]
    """Where the run was."""
    walls: list[float]
    """Seconds since 1970."""


class ConsoleSearch(msgspec.Struct, forbid_unknown_fields=True):
    """What to look for in what a run printed."""

    run: int
    q: Annotated[str, Meta(max_length=200)] = ""
    """A text, in whatever case."""
    errors: bool = False
    """Instead: what Python, loggers and compilers say of errors."""
    start: Annotated[int, Meta(ge=0)] = 0
    """The number of the first line that is looked at."""


class ConsoleFound(msgspec.Struct):
    """The lines in which it stands."""

    revision: int
    stop: int
    """All lines before this one were looked at."""
    total: int
    numbers: list[int]
    """Of the first 10,000 of them, ascending."""


class MarkList(msgspec.Struct):
    """What people said of runs, and the views they saved."""

    revision: int
    """Counts up when marks or views change."""
    runs: dict[str, Mark]
    """By the run's name, also of runs that are not there now."""
    views: dict[str, Any]
    """Name → state, whatever JSON the page saved."""


class MarkEdit(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be said of runs. A field that is left out stays; null takes back what was said."""

    runs: Annotated[list[int], Meta(max_length=10000)] = []
    fields: dict[str, Any] = {}
    """Of `Mark`: field → value."""
    save_view: str | None = None
    """The name of a view to be saved, with `state`."""
    state: Any = None
    drop_view: str | None = None
    """The name of a view to be forgotten."""

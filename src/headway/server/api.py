"""The types of the API, as the server sends them and as the page reads them.

`headway.server.typescript` turns this module into `web/src/api/types.ts`; `make check` fails if they differ.

- `GET  api/overview` → `Overview` (JSON)
- `POST api/series`   → a `SeriesRequest` (JSON) is answered by one frame a chart, in the order asked:
  `u32` little-endian length, then that many bytes of msgpack, a `ChartData`. A chart can be painted while the
  next is still being read. A chart that fails is a `ChartData` with `error`.
- `GET  api/changes`  → server-sent events; each `data:` is a `Change` (JSON). The first comes at once and
  says everything, `outline` true; a page whose overview has the same `revision` needs nothing of it.

Beyond these limits, or malformed, a request is answered by 400 and one line that says what is wrong.
"""

from __future__ import annotations

from typing import Annotated, Literal

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
    """The newest of its files grew within the last 30 seconds."""


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


class Change(msgspec.Struct):
    """What changed since the previous `Change` of this stream."""

    life: str
    revision: int
    runs: list[RunInfo]
    """The runs that got points, whole."""
    outline: bool
    """Runs or tags came or went: ask for the overview again."""
    progress: Progress
    problems: list[FileProblem] | None
    """All of them when they changed, else null."""


class ChartRequest(msgspec.Struct, forbid_unknown_fields=True):
    """One chart: one tag of several runs, reduced to pixel columns."""

    tag: str
    runs: list[int]
    axis: Axis = "step"
    columns: Annotated[int, Meta(ge=1, le=4096)] = 600
    """How many pixel columns, 1 to 4096."""
    smoothing: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    """Weight of TensorBoard's debiased exponential moving average, 0 ≤ s < 1."""
    start: float | None = None
    """Where the range on the axis begins, itself included; null: at the first point of these runs."""
    stop: float | None = None
    """Where it ends, itself included; null: at their last point."""

    def __post_init__(self) -> None:
        if self.start is not None and self.stop is not None and self.start > self.stop:
            raise ValueError("start is beyond stop")


class SeriesRequest(msgspec.Struct, forbid_unknown_fields=True):
    """All charts on the screen, at most 256."""

    charts: Annotated[list[ChartRequest], Meta(max_length=256)]


class Curve(msgspec.Struct):
    """One run's points of a chart, one entry a pixel column that holds finite points.

    Every `bytes` is a little-endian column. `y` columns are float32 when every value of the series is exactly
    a float32 (`wide` false), else float64.
    """

    run: int
    total: int
    """Points of the series, whatever the range."""
    points: int
    """Points inside the range, non-finite ones included."""
    wide: bool
    column: bytes
    """uint16[n]: which pixel column, ascending. Column c spans start + (stop-start)·[c, c+1)/columns; the
    last one includes stop.
    """
    x: bytes
    """float64[n]: where the column's last point lies."""
    step: bytes
    """int64[n]: that point's step. Empty when the axis is the step."""
    wall: bytes
    """float64[n]: that point's wall time. Empty unless the axis is the step."""
    last: bytes
    """y[n]: the column's last value."""
    smooth: bytes
    """y[n]: the smoothed value at the column's last point; empty when smoothing is 0."""
    count: bytes
    """uint32[n]: finite points in the column. Empty when all are 1; then first, min, max and mean are empty
    too, being equal to last.
    """
    first: bytes
    """y[n]: the column's first finite value; likewise its least, greatest and mean."""
    min: bytes
    max: bytes
    mean: bytes
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


class ChartData(msgspec.Struct):
    """The answer to one `ChartRequest`."""

    tag: str
    axis: Axis
    columns: int
    start: float
    """The range that the columns divide, from start to stop; they are equal when there is at most one x."""
    stop: float
    revision: int
    curves: list[Curve]
    """Runs without a point of the tag are left out."""
    error: str | None = None

"""What the store keeps: files, segments, points, and where blobs lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True)
class FileState:
    """How far one event file has been read. Everything here can be found again by reading the file anew."""

    path: str
    """Below the log directory, with forward slashes."""
    run: str
    head: bytes = b""
    """The file's first bytes: when they differ, it is another file under the old name."""
    offset: int = 0
    """Bytes that need not be read again."""
    session: int = 0
    """Which session of the file the next record belongs to; each session start in it begins another."""
    start: int | None = None
    """The step that this session said it starts at: it supersedes earlier points there and beyond."""
    records: int = 0
    skipped_records: int = 0
    skipped_bytes: int = 0
    skipped_end: int = 0
    """Where the last damaged region ended, so that its continuation is not counted as another."""
    writer: str = ""
    """What the file's first record says of its writer."""
    rank: int | None = None
    """Which process of a distributed run writes it, when it says so."""


TAG_SHIFT = 24
"""A segment's number is its tag's number, shifted by so many bits, plus a count within the tag."""


class Segment(NamedTuple):
    """What one session of one file wrote under one tag and kind: a piece of a series."""

    id: int
    """Its upper bits number its tag, the lower ones count: the segments of a tag, of whatever run, lie together."""
    path: str
    session: int
    start: int | None
    run: str
    tag: str
    kind: str


@dataclass(slots=True)
class Extent:
    """What is known of a segment without reading its points or entries. Least and greatest are of finite values."""

    points: int = 0
    """Entries, where the segment is not of scalars: then nothing is known of values."""
    min_step: int = 2**63 - 1
    max_step: int = -(2**63)
    first_wall: float = float("inf")
    last_wall: float = float("-inf")
    """First and last in time, whatever the order."""
    last_step: int = 0
    last: float = float("nan")
    """Of the point written last."""
    low: float = float("nan")
    low_step: int = 0
    high: float = float("nan")
    high_step: int = 0

    def copied(self) -> Extent:
        """The same; ten times as fast as `copy.copy`."""
        return Extent(
            self.points, self.min_step, self.max_step, self.first_wall, self.last_wall,
            self.last_step, self.last, self.low, self.low_step, self.high, self.high_step,
        )  # fmt: skip

    def add(self, other: Extent) -> None:
        """Take in points that were written after these."""
        if not other.points:
            return
        self.points += other.points
        self.min_step = min(self.min_step, other.min_step)
        self.max_step = max(self.max_step, other.max_step)
        self.first_wall = min(self.first_wall, other.first_wall)
        self.last_wall = max(self.last_wall, other.last_wall)
        self.last_step, self.last = other.last_step, other.last
        if not self.low <= other.low and other.low == other.low:  # NaN: none yet
            self.low, self.low_step = other.low, other.low_step
        if not self.high >= other.high and other.high == other.high:
            self.high, self.high_step = other.high, other.high_step


class Points(NamedTuple):
    """Points of one segment, in the order they were written. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    """Seconds since 1970."""
    values: NDArray[np.float64]


class Session(NamedTuple):
    """One session of one file, as far as its scalars tell, or its entries when it has none."""

    start: int | None
    """The step it said it starts at."""
    first_wall: float
    last_wall: float
    rank: int | None = None
    min_step: int = 0
    max_step: int = 1
    has_scalars: bool = True

    def joined(self, other: Session) -> Session:
        """Both as one, which starts where this one does."""
        if self.has_scalars != other.has_scalars:
            telling = self if self.has_scalars else other
            return telling._replace(start=self.start, rank=self.rank)
        return Session(  # `_replace` takes three times as long
            self.start,
            min(self.first_wall, other.first_wall),
            max(self.last_wall, other.last_wall),
            self.rank,
            min(self.min_step, other.min_step),
            max(self.max_step, other.max_step),
            self.has_scalars,
        )


Sessions = Mapping[tuple[str, int], Session]
"""(path, session) → what is known of it."""


class Entries(NamedTuple):
    """Where the values of a series that is no scalar lie. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    paths: list[str]
    """The files, each once."""
    files: NDArray[np.int32]
    """Index into `paths`."""
    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]
    superseded: NDArray[np.bool_]
    """Replaced by a later session."""


class Told(NamedTuple):
    """Something that a run says of itself; the index keeps it whole."""

    tag: str
    kind: str
    path: str
    session: int
    step: int
    wall_time: float
    content: bytes
    """The encoded `Summary.Value`."""

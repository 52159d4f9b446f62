"""What the store keeps: files, segments, points, and where blobs lie."""

from __future__ import annotations

from dataclasses import dataclass, field
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


TAG_SHIFT = 24
"""A segment's number is its tag's number, shifted by so many bits, plus a count within the tag."""


@dataclass(slots=True, frozen=True)
class Segment:
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
    """What is known of a segment's points without reading them."""

    points: int = 0
    min_step: int = 2**63 - 1
    max_step: int = -(2**63)
    first_wall: float = float("inf")
    last_wall: float = float("-inf")

    def add(self, steps: NDArray[np.int64], wall_times: NDArray[np.float64]) -> None:
        """Take in points that were just appended (at least one)."""
        self.points += len(steps)
        self.min_step = min(self.min_step, int(steps.min()))
        self.max_step = max(self.max_step, int(steps.max()))
        self.first_wall = min(self.first_wall, float(wall_times.min()))
        self.last_wall = max(self.last_wall, float(wall_times.max()))


@dataclass(slots=True, frozen=True)
class Points:
    """Points of several segments, grouped by segment, each in the order it was written."""

    bounds: NDArray[np.int64]
    """[k+1] the points of the i-th segment asked for are rows `bounds[i]:bounds[i+1]`."""
    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    values: NDArray[np.float64]


class Rows(NamedTuple):
    """Some points of one segment. [n] each."""

    segment: int
    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(slots=True)
class Batch:
    """What one write puts into the store, all or nothing."""

    files: list[FileState] = field(default_factory=list)
    """Their new states."""
    forgotten: list[str] = field(default_factory=list)
    """Paths of files whose segments and points go first: they were replaced."""
    segments: list[Segment] = field(default_factory=list)
    """New ones."""
    rows: list[Rows] = field(default_factory=list)
    """Points, those of one segment in the order they were written."""
    blobs: list[tuple[int, int, float, int, int]] = field(default_factory=list)
    """(segment, step, wall time, offset in the file, length)."""
    points: int = 0
    """In `rows`, all together."""

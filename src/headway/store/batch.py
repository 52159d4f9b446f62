"""What one write puts into the store, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from headway.store.rows import Extent, FileState, Segment
from headway.store.stretch import Stretch
from headway.store.summary import extents


@dataclass(slots=True)
class Batch:
    """New points and entries, and how far the files they are from have been read."""

    files: list[FileState] = field(default_factory=list)
    """Their new states."""
    forgotten: list[str] = field(default_factory=list)
    """Paths of files whose segments and points go first: they were replaced."""
    segments: list[Segment] = field(default_factory=list)
    """New ones."""
    stretches: list[Stretch] = field(default_factory=list)
    """Points, those of one segment in the order they were written."""
    blobs: list[tuple[int, int, float, int, int]] = field(default_factory=list)
    """(segment, step, wall time, offset in the file, length)."""
    told: list[tuple[int, int, float, bytes]] = field(default_factory=list)
    """(segment, step, wall time, content)."""

    @property
    def points(self) -> int:
        """How many there are."""
        return sum(len(some.steps) for some in self.stretches)

    def added(self) -> list[tuple[int, Extent]]:
        """What is new in each segment."""
        entries = [(segment, _of_entry(step, wall)) for segment, step, wall, _, _ in self.blobs]
        return entries + [
            pair
            for some in self.stretches
            for pair in zip(some.segments.tolist(), extents(some.extents) if len(some.segments) else (), strict=True)
        ]


def _of_entry(step: int, wall: float) -> Extent:
    if wall != wall:  # NaN: no time
        return Extent(1, step, step, last_step=step)
    return Extent(1, step, step, wall, wall, step)

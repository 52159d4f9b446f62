"""The fresh points, by segment: what `fresh_point` holds, in memory, for every chart of a live run asks for them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from headway.store.rows import Points
from headway.store.stretch import Stretch

PIECES = 32
"""Of a segment, at most: each takes half a kilobyte, however few points it has."""


class Recent:
    """Points that have not moved to `point` yet. One thread writes, any may read."""

    def __init__(self) -> None:
        self._points: dict[int, list[Points]] = {}
        self._guard = threading.Lock()
        self._is_still = threading.Event()
        self._is_still.set()
        self.version = 0
        """Odd while points move from here to `point`, or go: then neither place can be told alone what it has."""

    def add(self, stretches: Sequence[Stretch]) -> None:
        """Take in points that were written to `fresh_point`."""
        with self._guard:
            for some in stretches:
                bounds = some.bounds.tolist()
                for i, segment in enumerate(some.segments.tolist()):
                    rows = slice(bounds[i], bounds[i + 1])
                    one = Points(some.steps[rows].copy(), some.wall_times[rows].copy(), some.values[rows].copy())
                    pieces = self._points.setdefault(segment, [])
                    pieces.append(one)
                    if len(pieces) > PIECES:
                        pieces[:] = [joined(pieces)]

    def of(self, segment: int) -> list[Points]:
        """The points of a segment, in the order they were written, in pieces."""
        with self._guard:
            pieces = self._points.get(segment, [])
            if len(pieces) > 1:
                pieces[:] = [joined(pieces)]
            return list(pieces)

    @contextmanager
    def moving(self) -> Iterator[None]:
        """While points leave from here. What is left is told by `keep`."""
        self._is_still.clear()
        self.version += 1
        try:
            yield
        finally:
            self.version += 1
            self._is_still.set()

    def wait(self) -> None:
        """Until no points move."""
        self._is_still.wait()

    def keep(self, segments: Sequence[int] = ()) -> None:
        """Forget all but what these segments have."""
        with self._guard:
            self._points = {segment: self._points[segment] for segment in segments if segment in self._points}


def joined(pieces: Sequence[Points]) -> Points:
    """One after the other."""
    pieces = [some for some in pieces if len(some.steps)] or list(pieces[:1])
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        return Points(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))
    return Points(
        np.concatenate([some.steps for some in pieces]),
        np.concatenate([some.wall_times for some in pieces]),
        np.concatenate([some.values for some in pieces]),
    )

"""Where the settled points of each segment lie: ranges of rows of `point`.

Looking for a segment's rows by its number reads parts of many others, since the runs of a tag are written one after
the other. Rows keep their numbers as long as none was ever deleted.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

Ranges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Segments, first and last rows. [k] each."""


class Places:
    """Ranges of rows by segment. Safe to use from several threads."""

    def __init__(self, known: Ranges) -> None:
        self._guard = threading.Lock()
        self._new = [known]
        self._sorted: Ranges = tuple(np.empty(0, dtype=np.int64) for _ in range(3))  # type: ignore[assignment]

    def add(self, ranges: Ranges) -> None:
        """Take in ranges that were written after all others."""
        with self._guard:
            self._new.append(ranges)

    def of(self, segment: int) -> list[tuple[int, int]]:
        """First and last row of each range of `segment`, in the order they were written."""
        with self._guard:
            if self._new:
                columns = [np.concatenate(some) for some in zip(self._sorted, *self._new, strict=True)]
                order = np.argsort(columns[0], kind="stable")
                self._sorted = (columns[0][order], columns[1][order], columns[2][order])
                self._new.clear()
            segments, first, last = self._sorted
            a, b = np.searchsorted(segments, (segment, segment + 1))
            return list(zip(first[a:b].tolist(), last[a:b].tolist(), strict=True))

"""Columns that were read lately, kept while they are true: zooming asks for the same series again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from headway.store.rows import Points


class PointCache:
    """At most `limit` bytes of columns, the least recently used ones dropped. Safe to use from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[Hashable, Points] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable) -> Points | None:
        """Return what was kept under `key`, or None."""
        with self._guard:
            points = self._kept.get(key)
            if points is not None:
                self._kept.move_to_end(key)
            return points

    def put(self, key: Hashable, points: Points) -> None:
        """Keep `points`, unless they alone would take more than half of the room. Nobody may change them."""
        size = _bytes(points)
        if size > self._limit // 2:
            return
        with self._guard:
            old = self._kept.pop(key, None)
            self._size += size - (_bytes(old) if old is not None else 0)
            self._kept[key] = points
            while self._size > self._limit:
                _, dropped = self._kept.popitem(last=False)
                self._size -= _bytes(dropped)


def _bytes(points: Points) -> int:
    return points.steps.nbytes + points.wall_times.nbytes + points.values.nbytes

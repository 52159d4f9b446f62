"""Entries that were decoded lately: a chart of a run that grows asks for nearly the same ones every second."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from headway.query.kinds import Histogram

if TYPE_CHECKING:
    from headway.query.kinds import Value
    from headway.server.contents import Contents

MOST = 48 * 1024 * 1024
"""Bytes of all that are kept."""
_EACH = 400  # of one, beside its buckets


class Decoded:
    """Histograms by the key of their bytes. Any thread may ask; at worst something is decoded twice."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Value] = OrderedDict()
        self.bytes = 0

    def value(self, contents: Contents, i: int) -> Value | None:
        """The i-th entry; None when it cannot be read."""
        key = contents.key(i)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        value = contents.readable(i)
        if isinstance(value, Histogram) and _size(value) <= self._most // 16:
            self._keep(key, value)
        return value

    def _keep(self, key: str, value: Histogram) -> None:
        with self._lock:
            if key not in self._known:
                self._known[key] = value
                self.bytes += _size(value)
            while self.bytes > self._most:
                _, oldest = self._known.popitem(last=False)
                self.bytes -= _size(oldest)


def _size(value: Value) -> int:
    return _EACH + (value.buckets.nbytes if isinstance(value, Histogram) else 0)

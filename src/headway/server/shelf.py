"""Where the entries of series lie that were asked for lately: whoever looks through pictures asks again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from headway.query.entries import entries
from headway.store.rows import Entries

if TYPE_CHECKING:
    from headway.query.source import Source

MOST = 1_000_000
"""Entries of all series that are kept: 40 MB."""

NONE = Entries(
    np.empty(0, np.int64),
    np.empty(0, np.float64),
    [],
    np.empty(0, np.int32),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.bool_),
)


class Shelf:
    """The entries of one log directory's series. Any thread may ask."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str, str], tuple[int, Entries]] = OrderedDict()
        self._rows = 0

    def entries(self, run: str, tag: str, kind: str) -> Entries:
        """See `headway.query.entries`; none when there is no such series."""
        key = (run, tag, kind)
        revision = self._source.revision
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] == revision:
                self._known.move_to_end(key)
                return known[1]
        try:
            found = entries(self._source, run, tag, kind)
        except KeyError:
            return NONE
        self._keep(key, revision, found)
        return found

    def _keep(self, key: tuple[str, str, str], revision: int, found: Entries) -> None:
        with self._lock:
            _, old = self._known.pop(key, (0, NONE))
            self._known[key] = (revision, found)
            self._rows += len(found.steps) - len(old.steps)
            while self._rows > MOST:
                _, (_, oldest) = self._known.popitem(last=False)
                self._rows -= len(oldest.steps)

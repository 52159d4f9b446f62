"""Who waits for an answer: when nobody does any more, the queries for it are given up.

It goes with the context (`contextvars`), so nothing between a request and the store has to pass it on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import duckdb

from headway.errors import HeadwayError

_current: ContextVar[Asker | None] = ContextVar("headway-asker", default=None)


class NobodyWaits(HeadwayError):  # noqa: N818 - it is no mistake
    """Whoever asked has left."""


class Asker:
    """Somebody who asks, perhaps from several threads at a time, and may leave."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._has_left = False
        self._running: set[duckdb.DuckDBPyConnection] = set()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """What is asked in this context, and in threads that copy it, is asked by this one."""
        before = _current.set(self)
        try:
            yield
        finally:
            _current.reset(before)

    def leave(self) -> bool:
        """Give up all that was asked: what runs is interrupted, what comes later is refused.

        Returns whether something runs still. DuckDB forgets an interruption that comes just before a query begins:
        so it takes as many calls as it takes.
        """
        with self._guard:
            self._has_left = True
            for cursor in self._running:
                cursor.interrupt()
            return bool(self._running)

    @property
    def has_left(self) -> bool:
        """Whether nobody waits any more."""
        return self._has_left

    def _begin(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._guard:
            if self._has_left:
                raise NobodyWaits("whoever asked has left")
            self._running.add(cursor)

    def _end(self, cursor: duckdb.DuckDBPyConnection) -> None:
        with self._guard:
            self._running.discard(cursor)


def go_on() -> None:
    """Raise NobodyWaits when whoever asks in this context has left: for long work that is no query."""
    asker = _current.get()
    if asker is not None and asker.has_left:
        raise NobodyWaits("whoever asked has left")


@contextmanager
def for_asker(cursor: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """Run a query of `cursor` for whoever asks in this context; NobodyWaits when they have left, or leave."""
    asker = _current.get()
    if asker is None:
        yield cursor
        return
    asker._begin(cursor)
    try:
        yield cursor
    except duckdb.InterruptException:
        raise NobodyWaits("whoever asked has left") from None
    finally:
        asker._end(cursor)


def still_waits() -> None:
    """To be called between two pieces of long work.

    Raises:
        NobodyWaits: whoever asked in this context has left.
    """
    asker = _current.get()
    if asker is not None and asker.has_left:
        raise NobodyWaits("whoever asked has left")

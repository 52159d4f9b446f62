"""Reading settled points: a query that is prepared once for each thread that asks at a time, and raw columns."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError
from headway.store.asker import for_asker
from headway.store.columns import Columns
from headway.store.places import Places
from headway.store.recent import joined
from headway.store.rows import Points
from headway.store.schema import TICKS

FEW = 32
"""Segments, and stretches of one, that are asked for one by one: so many queries cost as much as looking through."""
_COLUMNS = "select step, ticks, value from point"
_PREPARE = f"prepare one as {_COLUMNS} where segment = $1"


class Reader:
    """Reads `point`, from any thread."""

    def __init__(self, connect: Callable[[], duckdb.DuckDBPyConnection], is_closed: Callable[[], bool]) -> None:
        self._connect = connect
        self._is_closed = is_closed
        self._idle: queue.SimpleQueue[duckdb.DuckDBPyConnection] = queue.SimpleQueue()

    def read(self, segments: Sequence[int], places: Places | None, odd: bool) -> list[Points]:
        """All settled points of each segment.

        `places`: where they lie, if that is known; `odd`: whether any are kept beside.

        Raises:
            NobodyWaits: whoever asked has left (`headway.store.asker`).
            HeadwayError: the index is closed.
        """
        if not segments:
            return []
        with until_closed(self._is_closed), for_asker(cursor := self._taken()):  # one that fails is not used again
            if len(segments) > FEW:
                found = _between(cursor, segments)
            else:
                found = [_segment(cursor, segment, places) for segment in segments]
            if odd:
                _put_odd_back(cursor, segments, found)
        self._idle.put(cursor)
        if self._is_closed():
            self.close()
        return found

    def close(self) -> None:
        """Let go of the cursors; those that are reading go when they have read."""
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _taken(self) -> duckdb.DuckDBPyConnection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            cursor = self._connect()
            cursor.execute(_PREPARE)
            return cursor


class RowsHaveMoved(Exception):  # noqa: N818 - it says what happened
    """Rows are not where they were written."""


@contextmanager
def until_closed(is_closed: Callable[[], bool]) -> Iterator[None]:
    """Whoever asks when it closes is told so: a HeadwayError, not one of DuckDB's."""
    try:
        yield
    except duckdb.Error:
        if is_closed():
            raise HeadwayError("the index is closed") from None
        raise


def _segment(cursor: duckdb.DuckDBPyConnection, segment: int, places: Places | None) -> Points:
    ranges = [] if places is None else places.of(segment)
    if 0 < len(ranges) <= FEW:  # of what came live for weeks there are hundreds
        with suppress(RowsHaveMoved):
            return joined([_rows(cursor, first, last) for first, last in ranges])
    return _widened(cursor.execute(f"execute one({int(segment)})").fetchnumpy())


def python_rows(cursor: duckdb.DuckDBPyConnection, first: int, last: int) -> Points:
    """Read rows of `point`: the compiled function's twin."""
    points = _widened(cursor.execute(f"{_COLUMNS} where rowid >= {first} and rowid <= {last}").fetchnumpy())
    return _checked(points, len(points.steps), first, last)


def streamed_rows(cursor: duckdb.DuckDBPyConnection, first: int, last: int) -> Points:
    """Read rows of `point` without the interpreter, straight into columns."""
    count = last - first + 1
    points = Points(np.empty(count, dtype=np.int64), np.empty(count), np.empty(count))
    found = cursor.sql(f"{_COLUMNS} where rowid >= {first} and rowid <= {last}")
    return _checked(points, points_into(found.__arrow_c_stream__(), *points, TICKS), first, last)


def _checked(points: Points, rows: int, first: int, last: int) -> Points:
    if rows != (count := last - first + 1):
        raise RowsHaveMoved(f"{rows} rows are where {count} were written")
    return points


def _between(cursor: duckdb.DuckDBPyConnection, segments: Sequence[int]) -> list[Points]:
    """What lies between them and is not wanted is dropped faster here than there."""
    where = f"segment between {int(min(segments))} and {int(max(segments))}"
    got = cursor.execute(f"select segment, step, ticks, value from point where {where}").fetchnumpy()
    places: dict[int, list[slice]] = {}
    for segment, rows in _runs(got["segment"]):
        places.setdefault(segment, []).append(rows)
    return [_widened(_picked(got, places.get(segment, []))) for segment in segments]


def _runs(ids: NDArray[np.int64]) -> list[tuple[int, slice]]:
    """Stretches of equal numbers, one after the other."""
    cuts = np.flatnonzero(ids[1:] != ids[:-1]) + 1
    bounds = [0, *cuts.tolist(), len(ids)] if len(ids) else [0]
    return [(int(ids[a]), slice(a, b)) for a, b in pairwise(bounds)]


def _picked(columns: Columns, runs: list[slice]) -> Columns:
    names = ("step", "ticks", "value")  # copies, for what is kept must not keep all that was read
    return {name: np.concatenate([columns[name][:0], *(columns[name][some] for some in runs)]) for name in names}


def _widened(raw: Columns) -> Points:
    wall_times: NDArray[np.float64] = raw["ticks"] / TICKS
    return Points(raw["step"], wall_times, raw["value"].astype(np.float64))


def _put_odd_back(cursor: duckdb.DuckDBPyConnection, segments: Sequence[int], found: list[Points]) -> None:
    place = {segment: i for i, segment in enumerate(segments)}
    wanted = ",".join(str(int(segment)) for segment in segments)
    for table, name, column in (("odd_time", "wall_time", 1), ("odd_value", "value", 2)):
        query = f"select segment, place, {name} from {table} where segment in ({wanted}) order by segment"
        odd = cursor.execute(query).fetchnumpy()
        for segment, part in _runs(odd["segment"]):
            points = found[place[segment]]
            rows, values = odd["place"][part], odd[name][part]
            there = rows < len(points.steps)  # not what was written this moment
            points[column][rows[there]] = values[there]


if TYPE_CHECKING:
    points_into: Callable[..., int]
    _rows = streamed_rows
else:
    try:
        from headway.store._arrow import points_into

        _rows = streamed_rows
    except ImportError:  # no compiled extension: slower, the same results
        _rows = python_rows

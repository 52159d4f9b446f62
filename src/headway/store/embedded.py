"""The embedded engine: DuckDB, one file in the user's cache directory, or memory."""

from __future__ import annotations

import tempfile
import threading
import time
import weakref
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import duckdb
import numpy as np

from headway.errors import HeadwayError
from headway.store.asker import for_asker
from headway.store.batch import Batch
from headway.store.cache import PointCache
from headway.store.columns import Columns
from headway.store.places import Places, Ranges
from headway.store.reader import Reader, until_closed
from headway.store.recent import Recent, joined
from headway.store.rows import Extent, FileState, Points, Segment
from headway.store.schema import SCHEMA, VERSION
from headway.store.summary import NAMES, extents, merged
from headway.store.write import FILE_COLUMNS, SEGMENT_COLUMNS, fresh_points, moves, write

MEMORY = ":memory:"
MEMORY_LIMIT = "256MB"
"""Of DuckDB's buffers; what does not fit is on disk, or spills there."""

BLOCK = "65536"
"""Bytes of a block. A series is a few of these; of larger ones, more is read than is wanted."""
CACHE_BYTES = 64 << 20
"""Of points that were read lately."""

PATIENCE = 10.0
"""Seconds that closing waits for queries that are under way."""


class NotOurs(Exception):  # noqa: N818 - it names what the file is
    """The file is a database, but not the index of this log directory; the message goes on after its path."""


class EmbeddedStore:
    """The index in DuckDB. Safe to use from several threads; one of them writes."""

    def __init__(self, path: str = MEMORY, logdir: str = "") -> None:
        """Open or create the index of `logdir` at `path`.

        Raises:
            duckdb.Error: the file is in use by another process, or is no database.
            NotOurs: it is something else's database, or another log directory's index.
        """
        spill = str(Path(tempfile.gettempdir()) / f"headway-{uuid4().hex}")  # made only if it is needed
        # One thread a query, the asking one: charts are asked for side by side, and while files are read for the
        # first time more threads only get in the decoders' way.
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY_LIMIT,
            "default_block_size": BLOCK,
            "temp_directory": spill,
            "threads": 1,
        }
        self._connection = duckdb.connect(path, config=config)
        self._opening = threading.Lock()  # held by whoever makes a cursor
        self._is_closed = False
        try:
            self._prepare(logdir)
        except BaseException:
            self._connection.close()
            raise
        self._fresh = self._count("fresh_point")
        self._recent = Recent()
        if self._fresh:
            self._recent.add([fresh_points(self._connection)])
        places = self._connection.execute("select * from place order by rowid").fetchnumpy()
        self._places = Places((places["segment"], places["first"], places["last"]))
        self._in_place = self._rows_are_in_place()
        # Whoever lets go of the store lets go of its file at once: no cycle may wait for the collector.
        own = weakref.proxy(self)
        self._reader = Reader(lambda: own.cursor(), lambda: own._is_closed)
        self._cache = PointCache(CACHE_BYTES)
        self._odd = self._count("odd_time") + self._count("odd_value") > 0

    def _prepare(self, logdir: str) -> None:
        tables = {name for (name,) in self._connection.execute("select table_name from duckdb_tables()").fetchall()}
        if tables and "headway" not in tables:
            raise NotOurs("is a database of something else")
        owners = self._connection.execute("select version, logdir from headway").fetchall() if tables else []
        owner = owners[0] if owners else None
        if owner is not None and owner[1] != logdir:
            raise NotOurs(f"is the index of {owner[1]}")
        if owner is not None and owner[0] != VERSION:
            self._connection.execute("drop view if exists points")  # of version 2
            for name in tables:
                self._connection.execute(f'drop table "{name}"')
            owner = None
        self._connection.execute("set enable_external_access = false")  # who asks in SQL sees no file
        self._connection.execute("set python_enable_replacements = false")  # and no variable of Python
        self._connection.execute(SCHEMA)
        if owner is None:
            self._connection.execute("insert into headway values (?, ?, false)", [VERSION, logdir])

    def close(self) -> None:
        """Release the file, when all who read it this moment have read. Who asks afterwards gets a HeadwayError."""
        with self._opening:
            if self._is_closed:
                return
            self._is_closed = True
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._connection.close()  # and all cursors of it; not while one of them is at work
                break
            except duckdb.Error:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.001)
        self._reader.close()
        del self._connection  # DuckDB complains of connections that are still there when the interpreter ends

    def files(self) -> list[FileState]:
        """All files that were ever read."""
        columns = ", ".join(f'"{name}"' for name in FILE_COLUMNS)
        rows = self._connection.execute(f"select {columns} from file").fetchall()
        return [FileState(*row) for row in rows]

    def segments(self) -> list[tuple[Segment, Extent]]:
        """All segments and their extents, by number."""
        known: dict[int, Extent] = {}
        for columns in (self._settled_extents(), self._fresh_extents(), self._entry_extents()):
            for segment, extent in zip(columns["segment"].tolist(), extents(columns), strict=True):
                if segment in known:
                    known[segment].add(extent)
                else:
                    known[segment] = extent
        rows = self._connection.execute(f"select {', '.join(SEGMENT_COLUMNS)} from segment order by id").fetchall()
        return [(Segment(*row), known.get(row[0]) or Extent()) for row in rows]

    def told(self) -> list[tuple[int, int, float, bytes]]:
        """What runs say of themselves: (segment, step, wall time, content), in the order it was read."""
        query = "select segment, step, wall_time, content from told order by rowid"
        return self._connection.execute(query).fetchall()

    def write(self, batch: Batch) -> None:
        """Put `batch` into the index, all or nothing."""
        with self._recent.moving() if batch.forgotten or moves(batch, self._fresh) else nullcontext():
            fresh, places = self._written(batch)
            for ranges in places:
                self._places.add(ranges)
            if batch.forgotten:
                self._in_place = self._rows_are_in_place()
                self._recent.keep(self._unsettled())
            if fresh == 0:
                self._recent.keep()
            else:
                self._recent.add(batch.stretches)
            self._fresh = fresh
            self._odd = self._odd or not all(some.exact for some in batch.stretches)

    def _written(self, batch: Batch) -> tuple[int, list[Ranges]]:
        cursor = self.cursor()
        cursor.execute("begin")
        try:
            written = write(cursor, batch, self._fresh)
            cursor.execute("commit")
        except BaseException:
            self._in_place = False  # who knows: until the index is opened again
            cursor.execute("rollback")
            raise
        return written

    def points(self, segments: Sequence[int]) -> list[Points]:
        """All points of each of `segments`, best of one tag: what lies between is read. Nobody may change them.

        Raises:
            NobodyWaits: whoever asked has left (`headway.store.asker`).
            HeadwayError: the index is closed.
        """
        while True:
            self._recent.wait()
            version = self._recent.version
            recent = [self._recent.of(segment) for segment in segments]
            settled = self._settled(segments, version)
            if version == self._recent.version and version % 2 == 0:
                break
        return [joined([some, *more]) for some, more in zip(settled, recent, strict=True)]

    def _settled(self, segments: Sequence[int], version: int) -> list[Points]:
        """The points that do not change any more until some move: `version` counts moves."""
        kept = {segment: self._cache.get((segment, version)) for segment in segments}
        missing = [segment for segment, points in kept.items() if points is None]
        places = self._places if self._in_place else None
        read = dict(zip(missing, self._reader.read(missing, places, self._odd), strict=True))
        for segment, points in read.items():
            self._cache.put((segment, version), points)
        return [kept[segment] or read[segment] for segment in segments]

    def _rows_are_in_place(self) -> bool:
        query = """
            select not (select deleted from headway) and
                (select coalesce(max(rowid), -1) from point) = (select coalesce(max(last), -1) from place)
        """
        return bool(self.cursor().execute(query).fetchall()[0][0])

    def _unsettled(self) -> list[int]:
        rows = self.cursor().execute("select distinct segment from fresh_point").fetchall()
        return [segment for (segment,) in rows]

    def blobs(self, segments: Sequence[int]) -> Columns:
        """Where the entries of `segments` lie (segment, step, wall_time, offset, length), as they were read."""
        wanted = ",".join(str(int(i)) for i in segments) or "null"
        columns = 'segment, step, wall_time, "offset", length'
        query = f"select {columns} from blob where segment in ({wanted}) order by rowid"
        with self.cursor() as cursor, until_closed(lambda: self._is_closed), for_asker(cursor):
            return cursor.execute(query).fetchnumpy()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for whoever asks in SQL. It may be interrupted; close it.

        Raises:
            HeadwayError: the index is closed.
        """
        with self._opening:
            if self._is_closed:
                raise HeadwayError("the index is closed")
            return self._connection.cursor()

    def _settled_extents(self) -> Columns:
        return merged(self._connection.execute("select * from extent order by rowid").fetchnumpy())

    def _fresh_extents(self) -> Columns:
        if not self._count("fresh_point"):
            return dict.fromkeys(("segment", *NAMES), np.empty(0))
        fresh = fresh_points(self._connection)
        return {"segment": fresh.segments} | fresh.extents

    def _entry_extents(self) -> Columns:
        return self._connection.execute(
            """
            select segment, count(*) points, min(step) min_step, max(step) max_step,
                coalesce(min(wall_time) filter (not isnan(wall_time)), 'inf') first_wall,
                coalesce(max(wall_time) filter (not isnan(wall_time)), '-inf') last_wall,
                arg_max(step, rowid) last_step, 'nan'::double as "last",
                'nan'::double low, 0::bigint low_step, 'nan'::double high, 0::bigint high_step
            from blob group by segment
            """
        ).fetchnumpy()

    def _count(self, table: str) -> int:
        # To its end: a result that is not fetched to it is a transaction that goes on, for which every block stays.
        ((count,),) = self._connection.execute(f"select count(*) from {table}").fetchall()
        return int(count)

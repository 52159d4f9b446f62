"""The embedded engine: DuckDB, one file in the user's cache directory, or memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.store.columns import Columns, clustered, grouped, insert, insert_as, joined, of_objects, of_tuples
from headway.store.rows import Batch, Extent, FileState, Points, Segment
from headway.store.schema import FROM_POINT, SCHEMA, TO_POINT, VERSION
from headway.store.summary import NAMES, extents, summarised

MEMORY = ":memory:"
MEMORY_LIMIT = "256MB"
"""Of DuckDB's buffers; what does not fit is on disk, or spills there."""

FRESH_LIMIT = 200_000
FEW = 32
"""Segments that are asked for one by one: what lies between them costs more than as many queries."""
_FILE_COLUMNS = tuple(FileState.__dataclass_fields__)
_SEGMENT_COLUMNS = tuple(Segment.__dataclass_fields__)


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
            "temp_directory": spill,
            "threads": 1,
        }
        self._connection = duckdb.connect(path, config=config)
        try:
            self._prepare(logdir)
        except BaseException:
            self._connection.close()
            raise
        self._fresh = self._count("fresh_point")

    def _prepare(self, logdir: str) -> None:
        tables = {name for (name,) in self._connection.execute("select table_name from duckdb_tables()").fetchall()}
        if tables and "headway" not in tables:
            raise NotOurs("is a database of something else")
        owner = self._connection.execute("select version, logdir from headway").fetchone() if tables else None
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
            self._connection.execute("insert into headway values (?, ?)", [VERSION, logdir])

    def close(self) -> None:
        """Release the file. Nothing may be asked afterwards."""
        self._connection.close()
        del self._connection  # DuckDB complains of connections that are still there when the interpreter ends

    def files(self) -> list[FileState]:
        """All files that were ever read."""
        columns = ", ".join(f'"{name}"' for name in _FILE_COLUMNS)
        rows = self._connection.execute(f"select {columns} from file").fetchall()
        return [FileState(*row) for row in rows]

    def segments(self) -> list[tuple[Segment, Extent]]:
        """All segments and their extents, by number."""
        known: dict[int, Extent] = {}
        for columns in (self._old_extents(), self._fresh_extents(self._connection), self._entry_extents()):
            for segment, extent in zip(columns["segment"].tolist(), extents(columns), strict=True):
                if segment in known:
                    known[segment].add(extent)
                else:
                    known[segment] = extent
        rows = self._connection.execute(f"select {', '.join(_SEGMENT_COLUMNS)} from segment order by id").fetchall()
        return [(Segment(*row), known.get(row[0]) or Extent()) for row in rows]

    def told(self) -> list[tuple[int, int, float, bytes]]:
        """What runs say of themselves: (segment, step, wall time, content), in the order it was read."""
        query = "select segment, step, wall_time, content from told order by rowid"
        return self._connection.execute(query).fetchall()

    def write(self, batch: Batch) -> list[tuple[int, Extent]]:
        """Put `batch` into the index, all or nothing. Return what is new in each segment that got something."""
        cursor = self._connection.cursor()
        cursor.execute("begin")
        try:
            fresh, added = self._write(cursor, batch)
            cursor.execute("commit")
        except BaseException:
            cursor.execute("rollback")
            raise
        self._fresh = fresh
        return added

    def points(self, segments: Sequence[int]) -> Points:
        """All points of `segments`, which belong to one tag, in the order asked for."""
        cursor = self._connection.cursor()
        if not segments:
            nothing = self._columns(cursor, "", "false")
            return Points(np.zeros(1, dtype=np.int64), nothing["step"], nothing["wall_time"], nothing["value"])
        if len(segments) <= FEW:
            return joined([self._columns(cursor, "", f"segment = {int(i)}") for i in segments])
        # what lies between them and is not wanted is dropped faster here than there
        where = f"segment between {int(min(segments))} and {int(max(segments))}"
        return grouped(np.array(segments, dtype=np.int64), self._columns(cursor, "segment, ", where))

    def _columns(self, cursor: duckdb.DuckDBPyConnection, more: str, where: str) -> Columns:
        query = f"select {more}{FROM_POINT} from point where {where}"
        if self._fresh:
            query += f" union all select {more}step, wall_time, value from fresh_point where {where}"
        return cursor.execute(query).fetchnumpy()

    def blobs(self, segments: Sequence[int]) -> Columns:
        """Where the entries of `segments` lie (segment, step, wall_time, offset, length), as they were read."""
        wanted = ",".join(str(int(i)) for i in segments) or "null"
        query = (
            f'select segment, step, wall_time, "offset", length from blob where segment in ({wanted}) order by rowid'
        )
        return self._connection.cursor().execute(query).fetchnumpy()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the same tables, for whoever asks in SQL. It may be interrupted; close it."""
        return self._connection.cursor()

    def _old_extents(self) -> Columns:
        return self._connection.execute("select * from extent order by rowid").fetchnumpy()

    def _entry_extents(self) -> Columns:
        return self._connection.execute(
            """
            select segment, count(*) points, min(step) min_step, max(step) max_step, min(wall_time) first_wall,
                max(wall_time) last_wall, arg_max(step, rowid) last_step, 'nan'::double as "last",
                'nan'::double low, 0::bigint low_step, 'nan'::double high, 0::bigint high_step
            from blob group by segment
            """
        ).fetchnumpy()

    def _fresh_extents(self, cursor: duckdb.DuckDBPyConnection) -> Columns:
        columns = cursor.execute("select * from fresh_point order by segment, rowid").fetchnumpy()
        segments = columns["segment"]
        starts = np.flatnonzero(np.append(True, segments[1:] != segments[:-1])) if len(segments) else np.empty(0, int)
        bounds = np.append(starts, len(segments))
        return _with_extents(segments[starts], bounds, columns)

    def _count(self, table: str) -> int:
        (count,) = self._connection.execute(f"select count(*) from {table}").fetchone() or (0,)
        return int(count)

    def _write(self, cursor: duckdb.DuckDBPyConnection, batch: Batch) -> tuple[int, list[tuple[int, Extent]]]:
        """Write within a transaction; how many fresh points there are afterwards, and what is new."""
        fresh = self._fresh
        added: list[tuple[int, Extent]] = []
        if batch.forgotten:
            self._forget(cursor, batch.forgotten)
            fresh = cursor.execute("select count(*) from fresh_point").fetchall()[0][0]
        if batch.segments:
            insert(cursor, "segment", of_objects(batch.segments, _SEGMENT_COLUMNS))
        if batch.points:
            segments, bounds, columns = clustered(batch.rows)
            new = _with_extents(segments, bounds, columns)
            added = list(zip(segments.tolist(), extents(new), strict=True))
            if fresh + batch.points <= FRESH_LIMIT:
                insert(cursor, "fresh_point", columns)
                fresh += batch.points
            else:
                if fresh:  # what came earlier must stay before it
                    # (Never with no rows: DuckDB 2.0 then prunes what the same transaction inserts next.)
                    insert(cursor, "extent", self._fresh_extents(cursor))
                    cursor.execute(f"insert into point {TO_POINT} from (from fresh_point order by segment, rowid)")
                    cursor.execute("truncate fresh_point")
                    fresh = 0
                insert_as(cursor, "point", TO_POINT, columns)
                insert(cursor, "extent", new)
        if batch.blobs:
            insert(cursor, "blob", _blob_columns(batch))
            added += _entry_extents(batch)
        if batch.told:
            insert(cursor, "told", of_tuples(batch.told, ("segment", "step", "wall_time", "content")))
        if batch.files:
            paths = [file.path for file in batch.files]
            cursor.execute("delete from file where list_contains($1, path)", [paths])
            insert(cursor, "file", of_objects(batch.files, _FILE_COLUMNS))
        return fresh, added

    def _forget(self, cursor: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
        gone = "(select id from segment where list_contains($1, path))"
        for table in ("point", "fresh_point", "extent", "blob", "told"):
            cursor.execute(f"delete from {table} where segment in {gone}", [paths])
        for table in ("segment", "file"):
            cursor.execute(f"delete from {table} where list_contains($1, path)", [paths])


def _with_extents(segments: NDArray[np.int64], bounds: NDArray[np.int64], columns: Columns) -> Columns:
    if not len(segments):
        return {name: np.empty(0) for name in ("segment", *NAMES)}
    return {"segment": segments} | summarised(bounds, columns["step"], columns["wall_time"], columns["value"])


def _entry_extents(batch: Batch) -> list[tuple[int, Extent]]:
    return [(segment, Extent(1, step, step, wall, wall, step)) for segment, step, wall, _, _ in batch.blobs]


def _blob_columns(batch: Batch) -> Columns:
    names = ("segment", "step", "wall_time", "offset", "length")
    return dict(zip(names, map(np.array, zip(*batch.blobs, strict=True)), strict=True))

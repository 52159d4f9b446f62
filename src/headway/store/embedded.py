"""The embedded engine: DuckDB, one file in the user's cache directory, or memory."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.store.rows import Batch, Extent, FileState, Points, Rows, Segment

MEMORY = ":memory:"
MEMORY_LIMIT = "256MB"
"""Of DuckDB's buffers; what does not fit is on disk, or spills there."""

VERSION = 2
"""Of the schema. The index is a cache: another version's is emptied, not migrated."""

SCHEMA = """
create table if not exists headway(version integer, logdir varchar);
create table if not exists file(
    path varchar, run varchar, head blob, "offset" bigint, session integer, start bigint,
    records bigint, skipped_records bigint, skipped_bytes bigint, skipped_end bigint
);
create table if not exists segment(
    id bigint, path varchar, session integer, start bigint, run varchar, tag varchar, kind varchar
);
create table if not exists point(
    segment bigint using compression rle, step bigint using compression bitpacking,
    wall_time double using compression uncompressed, value double using compression uncompressed
);
create table if not exists fresh_point(segment bigint, step bigint, wall_time double, value double);
create table if not exists blob(segment bigint, step bigint, wall_time double, "offset" bigint, length bigint);
create or replace view points as
    select run, segment.tag, session, step, wall_time, value
    from (select * from point union all select * from fresh_point) p join segment on segment.id = p.segment;
"""
"""Compression is fixed: trying all of it takes a fifth of the time of a first reading, and measured numbers have few
bits to spare. `point` is clustered by segment and so by tag, for a chart asks for one tag of many runs. A few
points at a time go to `fresh_point`, in the order they come, and move over when there are many."""

FRESH_LIMIT = 200_000
FEW = 32
"""Segments that are named to DuckDB one by one."""
_FILE_COLUMNS = tuple(FileState.__dataclass_fields__)


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
            self._connection.execute("drop view if exists points")
            for name in tables:
                self._connection.execute(f'drop table "{name}"')
            owner = None
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
        """All segments and their extents."""
        rows = self._connection.execute(
            """
            select id, path, session, start, run, tag, kind, coalesce(n, 0), a, b, f, w
            from segment left join (
                select segment, count(*) n, min(step) a, max(step) b, min(wall_time) f, max(wall_time) w
                from (select * from point union all select * from fresh_point) group by segment
            ) on segment = id order by id
            """
        ).fetchall()
        return [(Segment(*row[:7]), Extent(*row[7:]) if row[7] else Extent()) for row in rows]

    def write(self, batch: Batch) -> None:
        """Put `batch` into the index, all or nothing."""
        cursor = self._connection.cursor()
        cursor.execute("begin")
        try:
            fresh = self._write(cursor, batch)
            cursor.execute("commit")
        except BaseException:
            cursor.execute("rollback")
            raise
        self._fresh = fresh

    def points(self, segments: Sequence[int]) -> Points:
        """All points of `segments`, which belong to one tag, in the order asked for."""
        if len(segments) <= FEW:
            where = f"where segment in ({','.join(str(int(i)) for i in segments) or 'null'})"
        else:  # what lies between them and is not wanted is dropped faster here than there
            where = f"where segment between {int(min(segments))} and {int(max(segments))}"
        columns = "segment, step, wall_time, value" if len(segments) != 1 else "step, wall_time, value"
        query = f"select {columns} from point {where}"
        if self._fresh:
            query += f" union all select {columns} from fresh_point {where}"
        got = self._connection.cursor().execute(query).fetchnumpy()
        return _grouped(np.array(segments, dtype=np.int64), got)

    def blobs(self, segment: int) -> list[tuple[int, float, int, int]]:
        """Where the blobs of `segment` lie: (step, wall time, offset in its file, length)."""
        query = 'select step, wall_time, "offset", length from blob where segment = ?'
        return self._connection.cursor().execute(query, [segment]).fetchall()

    def _count(self, table: str) -> int:
        (count,) = self._connection.execute(f"select count(*) from {table}").fetchone() or (0,)
        return int(count)

    def _write(self, cursor: duckdb.DuckDBPyConnection, batch: Batch) -> int:
        """Write within a transaction; how many fresh points there are afterwards."""
        fresh = self._fresh
        if batch.forgotten:
            gone = "(select id from segment where list_contains($1, path))"
            for table in ("point", "fresh_point", "blob"):
                cursor.execute(f"delete from {table} where segment in {gone}", [batch.forgotten])
            for table in ("segment", "file"):
                cursor.execute(f"delete from {table} where list_contains($1, path)", [batch.forgotten])
            fresh = cursor.execute("select count(*) from fresh_point").fetchall()[0][0]
        if batch.segments:
            _insert(cursor, "segment", _columns(batch.segments, tuple(Segment.__dataclass_fields__)))
        if batch.points:
            columns = _clustered(batch.rows)
            if fresh + batch.points <= FRESH_LIMIT:
                _insert(cursor, "fresh_point", columns)
                fresh += batch.points
            else:
                if fresh:  # what came earlier must stay before it
                    # (Never with no rows: DuckDB 2.0 then prunes what the same transaction inserts next.)
                    cursor.execute("insert into point select * from fresh_point order by segment, rowid")
                    cursor.execute("truncate fresh_point")
                    fresh = 0
                _insert(cursor, "point", columns)
        if batch.blobs:
            names = ("segment", "step", "wall_time", "offset", "length")
            _insert(cursor, "blob", dict(zip(names, map(np.array, zip(*batch.blobs, strict=True)), strict=True)))
        if batch.files:
            paths = [file.path for file in batch.files]
            cursor.execute("delete from file where list_contains($1, path)", [paths])
            _insert(cursor, "file", _columns(batch.files, _FILE_COLUMNS))
        return fresh


def _clustered(rows: Sequence[Rows]) -> dict[str, NDArray[Any]]:
    """The columns of `rows`, by segment; each segment's own order is kept."""
    ordered = sorted(rows, key=lambda some: some.segment)
    counts = [len(some.steps) for some in ordered]
    return {
        "segment": np.repeat(np.array([some.segment for some in ordered], dtype=np.int64), counts),
        "step": np.concatenate([some.steps for some in ordered]),
        "wall_time": np.concatenate([some.wall_times for some in ordered]),
        "value": np.concatenate([some.values for some in ordered]),
    }


def _insert(cursor: duckdb.DuckDBPyConnection, table: str, columns: dict[str, NDArray[Any]]) -> None:
    cursor.register("incoming", columns)
    names = ", ".join(f'"{name}"' for name in columns)
    # DuckDB takes a NaN in a numpy column for a missing value. None is missing here: what came so is a NaN.
    sources = ", ".join(
        f"coalesce({name}, 'nan'::double)" if column.dtype == np.float64 and np.isnan(column).any() else f'"{name}"'
        for name, column in columns.items()
    )
    cursor.execute(f"insert into {table}({names}) select {sources} from incoming")
    cursor.unregister("incoming")


def _columns(rows: Sequence[object], names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Columns of objects, so that text, bytes and None all pass."""
    columns = {}
    for name in names:
        column = np.empty(len(rows), dtype=object)
        column[:] = [getattr(row, name) for row in rows]
        columns[name] = column
    return columns


def _grouped(wanted: NDArray[np.int64], got: dict[str, NDArray[Any]]) -> Points:
    """Group rows by segment in the order of `wanted`, keeping each segment's own order; drop all others."""
    columns: tuple[NDArray[Any], ...] = (got["step"], got["wall_time"], got["value"])
    if len(wanted) == 1:
        return Points(np.array([0, len(columns[0])], dtype=np.int64), *columns)
    base = wanted.min(initial=2**62)
    place = np.full(max(wanted.max(initial=0) - base, 0) + 1, -1, dtype=np.int32)
    place[wanted - base] = np.arange(len(wanted))
    places = place[got["segment"] - base]
    if places.min(initial=0) < 0:
        kept = places >= 0
        places, columns = places[kept], tuple(column[kept] for column in columns)
    bounds = np.zeros(len(wanted) + 1, dtype=np.int64)
    np.cumsum(np.bincount(places, minlength=len(wanted)), out=bounds[1:])
    if np.any(places[1:] < places[:-1]):
        order = np.argsort(places, kind="stable")
        columns = tuple(column[order] for column in columns)
    return Points(bounds, *columns)

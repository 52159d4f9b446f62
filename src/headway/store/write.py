"""Writing into the tables, within a transaction that the caller ends."""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.store.batch import Batch
from headway.store.columns import Columns, insert, of_objects, of_tuples
from headway.store.places import Ranges
from headway.store.rows import FileState, Segment
from headway.store.stretch import Stretch, clustered, odd_times, odd_values, stretch

FRESH_LIMIT = 200_000
"""Points in `fresh_point`, at most."""
FILE_COLUMNS = tuple(FileState.__dataclass_fields__)
SEGMENT_COLUMNS = Segment._fields


def write(cursor: duckdb.DuckDBPyConnection, batch: Batch, fresh: int) -> tuple[int, list[Ranges]]:
    """Put `batch` into the tables; `fresh_point` has so many rows before.

    Returns how many it has after, and where in `point` settled what.
    """
    places: list[Ranges] = []
    if batch.forgotten:
        _forget(cursor, batch.forgotten)
        fresh = cursor.execute("select count(*) from fresh_point").fetchall()[0][0]
    if batch.segments:
        insert(cursor, "segment", of_objects(batch.segments, SEGMENT_COLUMNS))
    if moves(batch, fresh):
        if fresh:  # what came earlier must stay before it
            # (Never with no rows: DuckDB 2.0 then prunes what the same transaction inserts next.)
            places.append(_settle(cursor, [fresh_points(cursor)]))
            cursor.execute("truncate fresh_point")
        places.append(_settle(cursor, batch.stretches))
        fresh = 0
    elif points := batch.points:
        _, _, columns = clustered(batch.stretches)
        insert(cursor, "fresh_point", {name: columns[name] for name in ("segment", "step", "wall_time", "value")})
        fresh += points
    if batch.blobs:
        names = ("segment", "step", "wall_time", "offset", "length")
        insert(cursor, "blob", dict(zip(names, map(np.array, zip(*batch.blobs, strict=True)), strict=True)))
    if batch.told:
        insert(cursor, "told", of_tuples(batch.told, ("segment", "step", "wall_time", "content")))
    if batch.files:
        paths = [file.path for file in batch.files]
        cursor.execute("delete from file where list_contains($1, path)", [paths])
        insert(cursor, "file", of_objects(batch.files, FILE_COLUMNS))
    return fresh, places


def moves(batch: Batch, fresh: int) -> bool:
    """Whether writing `batch` moves all points to `point`, those of `fresh_point` too."""
    points = batch.points
    return points > 0 and fresh + points > FRESH_LIMIT


def fresh_points(cursor: duckdb.DuckDBPyConnection) -> Stretch:
    """What is in `fresh_point`."""
    columns = cursor.execute("select * from fresh_point order by segment, rowid").fetchnumpy()
    segments = columns["segment"]
    starts = np.flatnonzero(segments[1:] != segments[:-1]) + 1
    bounds = np.unique(np.concatenate(([0], starts, [len(segments)]))).astype(np.int64)
    return stretch(segments[bounds[:-1]], bounds, columns["step"], columns["wall_time"], columns["value"])


def _settle(cursor: duckdb.DuckDBPyConnection, stretches: list[Stretch]) -> Ranges:
    """Append to `point`, with what belongs to it; where it settled."""
    segments, bounds, columns = clustered(stretches)
    if not all(some.exact for some in stretches):
        _keep_odd(cursor, segments, bounds, columns)
    names = {"segment": "segment", "step": "step", "ticks": "ticks", "value": "float"}
    insert(cursor, "point", {name: columns[column] for name, column in names.items()})
    found = [{"segment": some.segments} | some.extents for some in stretches if len(some.segments)]
    insert(cursor, "extent", {name: np.concatenate([some[name] for some in found]) for name in found[0]})
    ((rows,),) = cursor.execute("select coalesce(max(last) + 1, 0) from place").fetchall()
    places = (segments, rows + bounds[:-1], rows + bounds[1:] - 1)
    insert(cursor, "place", dict(zip(("segment", "first", "last"), places, strict=True)))
    return places


def _keep_odd(
    cursor: duckdb.DuckDBPyConnection, segments: NDArray[np.int64], bounds: NDArray[np.int64], columns: Columns
) -> None:
    """Keep what `point` would round, by its place in its segment."""
    wanted = ",".join(map(str, segments.tolist()))
    query = f"select segment, sum(points)::bigint from extent where segment in ({wanted}) group by segment"
    before = dict(cursor.execute(query).fetchall())
    first = np.array([before.get(segment, 0) for segment in segments.tolist()], dtype=np.int64)
    for table, name, odd in (
        ("odd_time", "wall_time", odd_times(columns["wall_time"], columns["ticks"])),
        ("odd_value", "value", odd_values(columns["value"], columns["float"])),
    ):
        rows = np.flatnonzero(odd)
        if len(rows):
            which = np.searchsorted(bounds, rows, side="right") - 1
            place = first[which] + rows - bounds[which]
            insert(cursor, table, {"segment": segments[which], "place": place, name: columns[name][rows]})


def _forget(cursor: duckdb.DuckDBPyConnection, paths: list[str]) -> None:
    gone = "(select id from segment where list_contains($1, path))"
    if cursor.execute(f"select 1 from point where segment in {gone} limit 1", [paths]).fetchall():
        cursor.execute("update headway set deleted = true")
    for table in ("point", "place", "odd_time", "odd_value", "fresh_point", "extent", "blob", "told"):
        cursor.execute(f"delete from {table} where segment in {gone}", [paths])
    for table in ("segment", "file"):
        cursor.execute(f"delete from {table} where list_contains($1, path)", [paths])

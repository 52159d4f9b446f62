"""Rows to columns and back, between Python's objects, numpy and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.store.rows import Points, Rows

Columns = dict[str, NDArray[Any]]


def clustered(rows: Sequence[Rows]) -> tuple[NDArray[np.int64], NDArray[np.int64], Columns]:
    """Return segments [k], bounds [k+1] and columns of `rows` by segment, each segment's own order kept."""
    ordered = sorted(rows, key=lambda some: some.segment)
    segments = np.array([some.segment for some in ordered], dtype=np.int64)
    counts = np.array([len(some.steps) for some in ordered], dtype=np.int64)
    is_new = np.ones(len(ordered), dtype=np.bool_)
    is_new[1:] = segments[1:] != segments[:-1]
    ends = np.concatenate(([0], np.cumsum(counts)))
    columns = {
        "segment": np.repeat(segments, counts),
        "step": np.concatenate([some.steps for some in ordered]),
        "wall_time": np.concatenate([some.wall_times for some in ordered]),
        "value": np.concatenate([some.values for some in ordered]),
    }
    return segments[is_new], np.append(ends[:-1][is_new], ends[-1]), columns


def insert(cursor: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    """Append to the columns of `table` that have these names."""
    names = ", ".join(f'"{name}"' for name in columns)
    insert_as(cursor, f"{table}({names})", f"select {names}", columns)


def insert_as(cursor: duckdb.DuckDBPyConnection, target: str, select: str, columns: Columns) -> None:
    """Append to `target` what `select`, which has no `from` yet, makes of the columns."""
    cursor.register("incoming", columns)
    # DuckDB takes a NaN in a numpy column for a missing value. None is missing here: what came so is a NaN.
    source = ", ".join(
        f"""coalesce("{name}", 'nan'::double) "{name}" """
        if column.dtype == np.float64 and np.isnan(column).any()
        else f'"{name}"'
        for name, column in columns.items()
    )
    cursor.execute(f"insert into {target} {select} from (select {source} from incoming)")
    cursor.unregister("incoming")


def of_objects(rows: Sequence[object], names: tuple[str, ...]) -> Columns:
    """Columns of objects, so that text, bytes and None all pass."""
    return of_tuples([tuple(getattr(row, name) for name in names) for row in rows], names)


def of_tuples(rows: Sequence[tuple[object, ...]], names: tuple[str, ...]) -> Columns:
    """Columns of tuples, as objects."""
    columns = {}
    for name, values in zip(names, zip(*rows, strict=True), strict=True):
        columns[name] = np.empty(len(rows), dtype=object)
        columns[name][:] = values
    return columns


def grouped(wanted: NDArray[np.int64], got: Columns) -> Points:
    """Group rows by segment in the order of `wanted`, keeping each segment's own order; drop all others."""
    columns: tuple[NDArray[Any], ...] = (got["step"], got["wall_time"], got["value"])
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


def joined(parts: Sequence[Columns]) -> Points:
    """The columns of one segment after the other."""
    bounds = np.zeros(len(parts) + 1, dtype=np.int64)
    np.cumsum([len(part["step"]) for part in parts], out=bounds[1:])

    def column(name: str) -> NDArray[Any]:
        return parts[0][name] if len(parts) == 1 else np.concatenate([part[name] for part in parts])

    return Points(bounds, column("step"), column("wall_time"), column("value"))

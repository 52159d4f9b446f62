"""Rows to columns and back, between Python's objects, numpy and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from headway.store.rows import Points

Columns = dict[str, NDArray[Any]]


def insert(cursor: duckdb.DuckDBPyConnection, table: str, columns: Columns) -> None:
    """Append to the columns of `table` that have these names."""
    cursor.register("incoming", columns)
    names = ", ".join(f'"{name}"' for name in columns)
    # DuckDB takes a NaN in a numpy column for a missing value. None is missing here: what came so is a NaN.
    sources = ", ".join(
        f"""coalesce("{name}", 'nan')""" if column.dtype.kind == "f" and np.isnan(column).any() else f'"{name}"'
        for name, column in columns.items()
    )
    cursor.execute(f"insert into {table}({names}) select {sources} from incoming")
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
    bounds = np.cumsum([0, *(len(part["step"]) for part in parts)], dtype=np.int64)

    def column(name: str, kind: type) -> NDArray[Any]:
        if len(parts) == 1:
            return parts[0][name]
        return np.concatenate([part[name] for part in parts]) if parts else np.empty(0, dtype=kind)

    return Points(bounds, column("step", np.int64), column("wall_time", np.float64), column("value", np.float64))

"""Rows to columns and back, between Python's objects, numpy and DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

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

"""What a query in SQL gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas
    import polars

Column = NDArray[Any]
"""[n]; masked where there are nulls."""

# What comes as columns exactly as it is. Others (sums are integers of 128 bits, times, lists, ...) come row by row.
_PLAIN = ("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "VARCHAR")


class Result:
    """The rows of a query."""

    def __init__(self, columns: list[str], data: list[Column]) -> None:
        self.columns = columns
        """Their names."""
        self._data = data

    def __len__(self) -> int:
        return len(self._data[0]) if self._data else 0

    def __repr__(self) -> str:
        return f"<Result: {len(self)} rows of {', '.join(self.columns)}>"

    def rows(self) -> list[tuple[Any, ...]]:
        """Return all rows, with Python's numbers and texts; null is None."""
        return list(zip(*(column.tolist() for column in self._data), strict=True))

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame. Integers with nulls are of pandas' type Int64. Needs pandas."""
        import pandas

        columns = [pandas.Series(_nullable(column, pandas)) for column in self._data]
        return pandas.DataFrame(dict(enumerate(columns))).set_axis(self.columns, axis=1)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame. Needs polars."""
        import polars

        def series(name: str, column: Column) -> polars.Series:
            plain = column.dtype != object and not np.ma.is_masked(column)
            return polars.Series(name, np.ma.getdata(column) if plain else column.tolist())

        return polars.DataFrame([series(*one) for one in zip(self.columns, self._data, strict=True)])


def fetched(cursor: duckdb.DuckDBPyConnection) -> Result:
    """Return everything that `cursor` has."""
    names = [str(name) for name, *_ in cursor.description or ()]
    if all(str(kind) in _PLAIN for _, kind, *_ in cursor.description or ()):
        return Result(names, list(cursor.fetchnumpy().values()))
    rows = cursor.fetchall()
    return Result(names, [_objects([row[i] for row in rows]) for i in range(len(names))])


def _objects(values: list[Any]) -> Column:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _nullable(column: Column, pandas: Any) -> Any:
    if not np.ma.is_masked(column):
        return np.ma.getdata(column)
    if column.dtype.kind in "iub":
        return pandas.array(column.tolist(), dtype="boolean" if column.dtype.kind == "b" else "Int64")
    return column.tolist()

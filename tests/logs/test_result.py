"""Rows of queries: nulls, NaN, and integers of 128 bits stay apart."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import duckdb
import pytest

from headway.logs import Result
from headway.logs.result import fetched


def result(query: str) -> Result:
    with duckdb.connect() as connection:
        return fetched(connection.execute(query))


NULLS = """
select * from (values
    (1, 'a', 1.5::double, true), (null, null, null, null), (9007199254740993, '', 'nan', false)
) t(i, s, f, b)
"""


def test_nulls_are_none_and_nan_is_nan() -> None:
    rows = result(NULLS).rows()
    assert rows[:2] == [(1, "a", 1.5, True), (None, None, None, None)]
    assert rows[2][:2] == (2**53 + 1, "")
    assert math.isnan(rows[2][2])


def test_pandas_keeps_large_integers_beside_nulls() -> None:
    import pandas

    frame = result(NULLS).to_pandas()
    assert [str(kind) for kind in frame.dtypes[["i", "b"]]] == ["Int64", "boolean"]
    assert frame["i"].tolist() == [1, pandas.NA, 2**53 + 1]


def test_polars_keeps_nulls_and_nan_apart() -> None:
    frame = result(NULLS).to_polars()
    assert frame["i"].to_list() == [1, None, 2**53 + 1]
    assert frame["f"].null_count() == 1
    assert math.isnan(frame["f"].to_list()[2])


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("select sum(i) from range(3) t(i)", [(3,)]),
        ("select 170141183460469231731687303715884105727::hugeint x", [(2**127 - 1,)]),
        ("select timestamp '2026-11-24 13:30:00' t", [(datetime(2026, 11, 24, 13, 30),)]),
        ("select [1, 2] l", [([1, 2],)]),
        ("select 1 a where false", []),
        ("select 'x'::blob b", [(b"x",)]),
    ],
)
def test_other_types(query: str, rows: list[tuple[Any, ...]]) -> None:
    found = result(query)
    assert found.rows() == rows
    assert len(found) == len(found.to_polars()) == len(found.to_pandas()) == len(rows)


def test_columns_of_the_same_name() -> None:
    found = result("select 1 a, 2 a")
    assert (found.columns, found.rows()) == (["a", "a"], [(1, 2)])
    assert found.to_pandas().to_numpy().tolist() == [[1, 2]]

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from headway.store import reader
from headway.store.batch import Batch
from headway.store.embedded import EmbeddedStore
from headway.store.places import Places
from headway.store.stretch import stretch


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> EmbeddedStore:
    monkeypatch.setattr("headway.store.write.FRESH_LIMIT", 0)
    steps = np.arange(300_000)
    values = np.where(steps % 7 == 0, np.nan, steps).astype(float)
    made = EmbeddedStore()
    walls = (1.7e9 + steps * 2.0**-22).astype(np.float64)
    made.write(Batch(stretches=[stretch(np.array([1, 2]), np.array([0, 100_000, 300_000]), steps, walls, values)]))
    return made


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 299_999), (5, 4), (99_999, 100_000), (122_000, 251_234)])
def test_the_twin_reads_exactly_the_same(store: EmbeddedStore, first: int, last: int) -> None:
    cursor = store.cursor()
    one, other = reader.streamed_rows(cursor, first, last), reader.python_rows(cursor, first, last)
    assert [column.dtype for column in one] == [column.dtype for column in other]
    np.testing.assert_equal(tuple(one), tuple(other))
    assert one.steps.tolist() == list(range(first, last + 1))


def test_rows_that_are_not_there_are_an_error(store: EmbeddedStore) -> None:
    cursor = store.cursor()
    with pytest.raises(reader.RowsHaveMoved, match="2 rows are where 12 were written"):
        reader.streamed_rows(cursor, 299_998, 300_009)
    assert len(reader.streamed_rows(cursor, 0, 9).steps) == 10


def test_a_segment_is_found_wherever_its_rows_are(store: EmbeddedStore) -> None:
    wrong = Places((np.array([1]), np.array([299_000]), np.array([400_000])))
    (points,) = reader.Reader(store.cursor, lambda: False).read([1], wrong, odd=False)
    assert points.steps.tolist() == list(range(100_000))


def test_an_error_while_reading_is_raised(store: EmbeddedStore) -> None:
    found = store.cursor().sql("select 1::bigint, 2::bigint, error('odd')::float")
    nothing = np.empty(1, dtype=np.int64), np.empty(1), np.empty(1)
    with pytest.raises(duckdb.Error, match="odd"):
        reader.points_into(found.__arrow_c_stream__(), *nothing, 1.0)

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.store import embedded
from headway.store.embedded import EmbeddedStore, NotOurs
from headway.store.rows import Batch, FileState, Rows, Segment


def segment(number: int, path: str = "a/f") -> Segment:
    return Segment(number, path, 0, None, "a", "x", "scalars")


def batch(*rows: tuple[int, int, float, float]) -> Batch:
    """Rows of (segment, step, wall time, value)."""
    return Batch(
        points=len(rows),
        rows=[Rows(s, np.array([step]), np.array([wall]), np.array([v])) for s, step, wall, v in rows],
    )


def test_points_come_back_exactly_and_in_order(tmp_path: Path) -> None:
    store = EmbeddedStore(str(tmp_path / "i"))
    first = batch((2, -(2**63), 1.5, math.nan), (1, 2**63 - 1, 2.5, -math.inf), (2, 7, 3.5, 5e-324))
    first.segments = [segment(1), segment(2)]
    first.files = [FileState("a/f", "a", b"\0\xff", 12, records=3)]
    store.write(first)
    store.write(batch((2, 6, 4.5, 1e308)))
    store.close()
    store = EmbeddedStore(str(tmp_path / "i"))
    points = store.points([2, 1])
    assert points.bounds.tolist() == [0, 3, 4]
    assert points.steps.tolist() == [-(2**63), 7, 6, 2**63 - 1]
    np.testing.assert_equal(points.values, [math.nan, 5e-324, 1e308, -math.inf])
    assert store.files() == first.files
    extents = {s.id: e.points for s, e in store.segments()}
    assert extents == {1: 1, 2: 3}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), max_size=30), min_size=1, max_size=6),
    st.lists(st.integers(1, 45), unique=True),
)
def test_any_sequence_of_writes_reads_back(writes: list[list[tuple[int, int]]], asked: list[int]) -> None:
    """Small writes and large ones, in any mixture: each segment's points in the order they were written."""
    limit, embedded.FRESH_LIMIT = embedded.FRESH_LIMIT, 20
    try:
        store = EmbeddedStore()
        expected: dict[int, list[int]] = {}
        for rows in writes:
            store.write(batch(*((s, step, 0.0, 0.0) for s, step in rows)))
            for s, step in rows:
                expected.setdefault(s, []).append(step)
        points = store.points(asked)
    finally:
        embedded.FRESH_LIMIT = limit
    cuts = [points.steps[a:b].tolist() for a, b in zip(points.bounds[:-1], points.bounds[1:], strict=True)]
    assert cuts == [expected.get(s, []) for s in asked]


def test_large_writes_survive_pruning() -> None:
    """DuckDB skips row groups by their statistics: they must be right after any order of writes."""
    store = EmbeddedStore()
    for _ in range(3):
        steps = [np.arange(tag, 300_000, 20) for tag in range(20)]
        rows = [Rows(100 + tag, s, s.astype(np.float64), s.astype(np.float64)) for tag, s in enumerate(steps)]
        new = Batch(points=300_000, rows=rows)
        store.write(new)
        store.write(batch((107, 5, 5.0, 5.0)))
    points = store.points([107])
    once = [*range(7, 300_000, 20), 5]
    assert points.steps.tolist() == once * 3


def test_a_write_is_all_or_nothing() -> None:
    store = EmbeddedStore()
    bad = batch((1, 1, 1.0, 1.0))
    bad.files = [FileState("a/f", "a", offset=2**70)]
    with pytest.raises(duckdb.Error):
        store.write(bad)
    assert len(store.points([1]).steps) == 0


def test_forgetting_a_file() -> None:
    store = EmbeddedStore()
    first = batch((1, 1, 1.0, 1.0), (2, 2, 2.0, 2.0))
    first.segments = [segment(1, "a/f"), segment(2, "a/g")]
    first.files = [FileState("a/f", "a"), FileState("a/g", "a")]
    first.blobs = [(1, 1, 1.0, 10, 20), (2, 3, 4.0, 50, 60)]
    store.write(first)
    store.write(Batch(forgotten=["a/f"]))
    assert [s.id for s, _ in store.segments()] == [2]
    assert store.points([1, 2]).steps.tolist() == [2]
    assert (store.blobs(1), store.blobs(2)) == ([], [(3, 4.0, 50, 60)])
    assert [file.path for file in store.files()] == ["a/g"]


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "theirs")
    with duckdb.connect(path) as theirs:
        theirs.execute("create table precious(x integer)")
    with pytest.raises(NotOurs, match="something else"):
        EmbeddedStore(path)
    with duckdb.connect(path) as theirs:
        assert theirs.execute("select count(*) from precious").fetchone() == (0,)


def test_an_index_belongs_to_one_log_directory(tmp_path: Path) -> None:
    EmbeddedStore(str(tmp_path / "i"), "/runs").close()
    EmbeddedStore(str(tmp_path / "i"), "/runs").close()
    with pytest.raises(NotOurs, match="/runs"):
        EmbeddedStore(str(tmp_path / "i"), "/others")


def test_another_version_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = EmbeddedStore(str(tmp_path / "i"))
    first = batch((1, 1, 1.0, 1.0))
    first.segments = [segment(1)]
    store.write(first)
    store.close()
    monkeypatch.setattr(embedded, "VERSION", embedded.VERSION + 1)
    store = EmbeddedStore(str(tmp_path / "i"))
    assert store.segments() == []


def test_the_view_for_sql(tmp_path: Path) -> None:
    store = EmbeddedStore(str(tmp_path / "i"))
    first = batch((1, 4, 1.0, math.nan))
    first.segments = [segment(1)]
    store.write(first)
    store.close()
    with duckdb.connect(str(tmp_path / "i")) as connection:
        rows = connection.execute("select run, tag, step, isnan(value) from points").fetchall()
    assert rows == [("a", "x", 4, True)]

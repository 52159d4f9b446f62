from __future__ import annotations

import math
import threading
import time
from dataclasses import astuple
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.store import embedded, schema, write
from headway.store.batch import Batch
from headway.store.cache import PointCache
from headway.store.embedded import EmbeddedStore, NotOurs
from headway.store.rows import Extent, FileState, Segment
from headway.store.stretch import Stretch, stretch


def segment(number: int, path: str = "a/f") -> Segment:
    return Segment(number, path, 0, None, "a", "x", "scalars")


def points_of(*rows: tuple[int, int, float, float]) -> Stretch:
    """Rows of (segment, step, wall time, value)."""
    rows = tuple(sorted(rows, key=lambda row: row[0]))
    given = np.array([row[0] for row in rows], dtype=np.int64)
    segments, starts = np.unique(given, return_index=True)
    columns = [np.array([row[i] for row in rows], dtype=kind) for i, kind in ((1, np.int64), (2, float), (3, float))]
    return stretch(segments, np.append(starts, len(rows)).astype(np.int64), *columns)


def batch(*rows: tuple[int, int, float, float]) -> Batch:
    return Batch(stretches=[points_of(row) for row in rows[:2]] + [points_of(*rows[2:])] if rows else [])


def test_points_come_back_exactly_and_in_order(tmp_path: Path) -> None:
    store = EmbeddedStore(str(tmp_path / "i"))
    first = batch((2, -(2**63), 1.5, math.nan), (1, 2**63 - 1, 2.5, -math.inf), (2, 7, 3.5, 5e-324))
    first.segments = [segment(1), segment(2)]
    first.files = [FileState("a/f", "a", b"\0\xff", 12, records=3)]
    store.write(first)
    store.write(batch((2, 6, 4.5, 1e308)))
    store.close()
    store = EmbeddedStore(str(tmp_path / "i"))
    two, one = store.points([2, 1])
    assert (two.steps.tolist(), one.steps.tolist()) == ([-(2**63), 7, 6], [2**63 - 1])
    np.testing.assert_equal(two.values, [math.nan, 5e-324, 1e308])
    assert one.values.tolist() == [-math.inf]
    assert store.files() == first.files
    extents = {s.id: e.points for s, e in store.segments()}
    assert extents == {1: 1, 2: 3}


doubles = (
    st.floats(allow_nan=True, allow_infinity=True) | st.floats(width=32) | st.sampled_from([1e300, 5e-324, -0.0])
)
instants = st.floats(1.0e9, 2.2e9) | st.floats(allow_nan=True) | st.integers(-(2**62), 2**62).map(float)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 3), st.integers(-(2**63), 2**63 - 1), instants, doubles), max_size=12),
        min_size=1,
        max_size=4,
    )
)
def test_every_bit_comes_back_and_extents_are_true(writes: list[list[tuple[int, int, float, float]]]) -> None:
    limit, write.FRESH_LIMIT = write.FRESH_LIMIT, 10
    try:
        store = EmbeddedStore()
        first = Batch(segments=[segment(number) for number in (1, 2, 3)])
        store.write(first)
        known = {number: Extent() for number in (1, 2, 3)}
        for rows in writes:
            new = batch(*rows)
            store.write(new)
            for number, extent in new.added():
                known[number].add(extent)
        points = store.points([1, 2, 3])
        restored = {s.id: e for s, e in store.segments()}
    finally:
        write.FRESH_LIMIT = limit
    for number, some in zip((1, 2, 3), points, strict=True):
        own = [(step, wall, v) for rows in writes for n, step, wall, v in rows if n == number]
        assert some.steps.tolist() == [row[0] for row in own]
        np.testing.assert_array_equal(some.wall_times, np.array([row[1] for row in own]))
        np.testing.assert_array_equal(some.values, np.array([row[2] for row in own]))
        assert plain(known[number]) == plain(restored[number]) == plain(brute_force(own))


def plain(extent: Extent) -> list[str]:
    return [str(number + 0) for number in astuple(extent)]  # no -0.0, and NaN is equal to NaN


def brute_force(rows: list[tuple[int, float, float]]) -> Extent:
    if not rows:
        return Extent()
    finite = [(value, i) for i, (_, _, value) in enumerate(rows) if math.isfinite(value)]
    walls = [wall for _, wall, _ in rows if not math.isnan(wall)]
    low = min(finite, default=(math.nan, 0))
    high = max(finite, key=lambda pair: (pair[0], -pair[1]), default=(math.nan, 0))
    steps = [step for step, _, _ in rows]
    return Extent(
        len(rows), min(steps), max(steps), min(walls, default=math.inf), max(walls, default=-math.inf),
        steps[-1], rows[-1][2],
        low[0], steps[low[1]] if finite else 0, high[0], steps[high[1]] if finite else 0,
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 9)), max_size=30), min_size=1, max_size=6),
    st.lists(st.integers(1, 45), unique=True),
)
def test_any_sequence_of_writes_reads_back(writes: list[list[tuple[int, int]]], asked: list[int]) -> None:
    """Small writes and large ones, in any mixture: each segment's points in the order they were written."""
    limit, write.FRESH_LIMIT = write.FRESH_LIMIT, 20
    try:
        store = EmbeddedStore()
        expected: dict[int, list[int]] = {}
        for rows in writes:
            store.write(batch(*((s, step, 0.0, 0.0) for s, step in rows)))
            for s, step in rows:
                expected.setdefault(s, []).append(step)
        points = store.points(asked)
    finally:
        write.FRESH_LIMIT = limit
    assert [some.steps.tolist() for some in points] == [expected.get(s, []) for s in asked]


def test_large_writes_survive_pruning() -> None:
    """DuckDB skips row groups by their statistics: they must be right after any order of writes."""
    store = EmbeddedStore()
    for _ in range(3):
        steps = [np.arange(tag, 300_000, 20) for tag in range(20)]
        bounds = np.cumsum([0, *map(len, steps)])
        column = np.concatenate(steps)
        new = stretch(100 + np.arange(20), bounds, column, column.astype(float), column.astype(float))
        store.write(Batch(stretches=[new]))
        store.write(batch((107, 5, 5.0, 5.0)))
    (points,) = store.points([107])
    once = [*range(7, 300_000, 20), 5]
    assert points.steps.tolist() == once * 3


def test_points_that_came_a_few_at_a_time_take_no_more_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query whose result is not fetched to its end keeps every block that the fresh points ever had."""
    monkeypatch.setattr(write, "FRESH_LIMIT", 50_000)
    store = EmbeddedStore(str(tmp_path / "i"))
    count = 0
    while count < 500_000:
        numbers = np.tile(np.arange(count, count + 50), 100)
        walls = (1.7e9 + numbers * 0.25).astype(np.float64)
        values = np.sin(numbers).astype(np.float32).astype(np.float64)
        store.write(Batch(stretches=[stretch(np.arange(100), np.arange(0, 5001, 50), numbers, walls, values)]))
        count += len(numbers)
    store.close()
    assert (tmp_path / "i").stat().st_size / count < 16


def test_a_write_is_all_or_nothing() -> None:
    store = EmbeddedStore()
    bad = batch((1, 1, 1.0, 1.0))
    bad.files = [FileState("a/f", "a", offset=2**70)]
    with pytest.raises(duckdb.Error):
        store.write(bad)
    assert len(store.points([1])[0].steps) == 0


def test_forgetting_a_file() -> None:
    store = EmbeddedStore()
    first = batch((1, 1, 1.0, 1.0), (2, 2, 2.0, 2.0))
    first.segments = [segment(1, "a/f"), segment(2, "a/g")]
    first.files = [FileState("a/f", "a"), FileState("a/g", "a")]
    first.blobs = [(1, 1, 1.0, 10, 20), (2, 3, 4.0, 50, 60)]
    store.write(first)
    store.write(Batch(forgotten=["a/f"]))
    assert [s.id for s, _ in store.segments()] == [2]
    assert [some.steps.tolist() for some in store.points([1, 2])] == [[], [2]]
    assert {name: column.tolist() for name, column in store.blobs([1, 2]).items()} == {
        "segment": [2],
        "step": [3],
        "wall_time": [4.0],
        "offset": [50],
        "length": [60],
    }
    assert [file.path for file in store.files()] == ["a/g"]


def test_whoever_reads_while_it_closes_gets_points_or_a_clear_error(tmp_path: Path) -> None:
    numbers = np.arange(400_000)
    values = numbers.astype(np.float64)
    for _ in range(3):
        store = EmbeddedStore(str(tmp_path / "i"))
        store.write(Batch(stretches=[stretch(np.array([1]), np.array([0, len(numbers)]), numbers, values, values)]))
        store._cache = PointCache(0)
        ended: list[str] = []
        threads = [threading.Thread(target=read_until_it_ends, args=(store, len(numbers), ended)) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.05)
        store.close()
        for thread in threads:
            thread.join(20)
        assert ended == ["HeadwayError: the index is closed"] * 4
        EmbeddedStore(str(tmp_path / "i")).close()  # nobody has the file any more


def read_until_it_ends(store: EmbeddedStore, count: int, ended: list[str]) -> None:
    try:
        while True:
            (points,) = store.points([1])
            assert len(points.steps) % count == 0
            store.blobs([1])
    except Exception as error:
        ended.append(f"{type(error).__name__}: {error}")


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
    monkeypatch.setattr(embedded, "VERSION", schema.VERSION + 1)
    store = EmbeddedStore(str(tmp_path / "i"))
    assert store.segments() == []

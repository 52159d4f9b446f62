"""What a page has, patched with what is new, is what it would get anew: on logs that grow in every way they can."""

from __future__ import annotations

import math
import tempfile
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.frames import scalar, session_start, version
from headway.ingest.index import Index
from headway.query.chart import chart
from headway.query.curve import Curve
from headway.query.delta import fingerprint, news
from headway.query.line import Axis
from headway.query.lines import Wanted

BAD = {"bad_column", "bad_x", "bad_count", "bad_kind"}
WHOLE = {"who", "total", "points", "wide", "begin", "end", "before", "after", "from_column"}
COLUMNS = {field.name for field in fields(Curve)} - WHOLE


def patched(old: Curve, new: Curve) -> Curve:
    """As `web/src/api/patch.ts` does it."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        kept = getattr(old, "bad_column" if name in BAD else "column") < new.from_column
        column = getattr(old, name)
        old_part = column[..., kept] if column.shape[-1] else column
        columns[name] = np.concatenate((old_part, getattr(new, name)), axis=-1)
    return replace(new, **columns, from_column=0)


def assert_same(one: Curve, other: Curve) -> None:
    for field in fields(Curve):
        a, b = getattr(one, field.name), getattr(other, field.name)
        np.testing.assert_array_equal(a, b, err_msg=field.name)
        assert getattr(a, "dtype", None) == getattr(b, "dtype", None)


class Write(NamedTuple):
    """Points that one writer appends, `start`: after saying that it starts there."""

    file: int
    start: int | None
    points: list[tuple[int, float]]


values = st.floats(-100, 100, width=32) | st.sampled_from([math.nan, math.inf, 1e300])
points = st.lists(st.tuples(st.integers(0, 40), values), max_size=8)
forward = points.map(lambda some: sorted(some, key=lambda point: point[0]))
writes = st.builds(Write, st.integers(0, 2), st.none() | st.none() | st.none() | st.integers(0, 40), forward | points)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(writes, min_size=2, max_size=7),
    st.sampled_from(["step", "wall", "relative"]),
    st.sampled_from([0.0, 0.7]),
    st.integers(1, 60),
    st.none() | st.just((5.0, 30.0)),
)
def test_patched_is_what_is_told_anew(
    log: list[Write], axis: Axis, smoothing: float, columns: int, zoom: tuple[float, float] | None
) -> None:
    with tempfile.TemporaryDirectory() as place, closing(Index(place, ":memory:")) as index:
        start, stop = zoom or (None, None)
        wanted = Wanted(tag="x", runs=[1], axis=axis, columns=columns, smoothing=smoothing, start=start, stop=stop)
        held: dict[int, Curve] = {}
        known = [""]
        for number, write in enumerate(log):
            append(Path(place), number, write)
            index.refresh()
            answer = chart(index, replace(wanted, known=known))
            for run in answer.gone:
                del held[run]
            for curve in answer.curves:
                run = curve.who.run
                held[run] = patched(held[run], curve) if curve.from_column else curve
            again = chart(index, replace(wanted, start=answer.grid.start, width=answer.grid.width))
            assert answer.grid == again.grid
            assert held.keys() == {curve.who.run for curve in again.curves}
            for whole in again.curves:
                assert_same(held[whole.who.run], whole)
            known = again.fingerprints or [""]
            if zoom is None:
                wanted = replace(wanted, start=answer.grid.start, width=answer.grid.width)


def append(logdir: Path, number: int, write: Write) -> None:
    """The writers' clocks go on, and those of different files overlap."""
    path = logdir / "r" / f"tfevents.{write.file}"
    path.parent.mkdir(exist_ok=True)
    frames = [] if path.exists() else [version()]
    if write.start is not None:
        frames.append(session_start(write.start, wall_time=10.0 * number))
    frames += [scalar("x", value, step, 10.0 * number + i) for i, (step, value) in enumerate(write.points)]
    with path.open("ab") as file:
        file.write(b"".join(frames))


@pytest.fixture
def grown(tmp_path: Path) -> tuple[Curve, Curve]:
    """A curve of 300 points, and the same with 20 more."""

    def curve() -> Curve:
        with closing(Index(tmp_path, ":memory:")) as index:
            index.refresh()
            return chart(index, Wanted(tag="x", runs=[1], start=0, width=1.5)).curves[0]

    append(tmp_path, 0, Write(0, None, [(i, i / 7) for i in range(300)]))
    before = curve()
    append(tmp_path, 1, Write(0, None, [(i, i / 7) for i in range(300, 320)]))
    return before, curve()


def test_only_the_columns_from_the_last_one_on_are_told(grown: tuple[Curve, Curve]) -> None:
    before, after = grown
    part = news(after, fingerprint(before))
    assert part is not None
    assert (part.from_column, part.column.tolist()) == (199, list(range(199, 213)))
    assert_same(patched(before, part), after)


def test_nothing_is_told_when_nothing_is_new(grown: tuple[Curve, Curve]) -> None:
    for curve in grown:
        assert news(curve, fingerprint(curve)) is None
    assert len(fingerprint(grown[0])) == 19


def test_a_little_before_the_last_column_little_more_is_told(grown: tuple[Curve, Curve]) -> None:
    before, after = grown
    others = before.values.copy()
    others[:, -3:] += 1
    late = replace(before, values=others)
    part = news(after, fingerprint(late))
    assert part is not None
    assert part.from_column == 199 - 16


@pytest.mark.parametrize("known", ["", "!", "AAAA", "x" * 19, "é" * 19, "mark" * 100])
def test_what_is_no_fingerprint_of_it_gets_everything(grown: tuple[Curve, Curve], known: str) -> None:
    assert news(grown[1], known) is grown[1]


def test_another_beginning_gets_everything(grown: tuple[Curve, Curve]) -> None:
    before, after = grown
    other = replace(before, values=before.values + 1)
    assert news(after, fingerprint(other)) is after
    wide = replace(before, wide=True)
    assert news(after, fingerprint(wide)) is after

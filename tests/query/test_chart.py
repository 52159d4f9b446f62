from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from events.frames import scalar, session_start, write
from headway.ingest.index import Index
from headway.query.chart import Chart
from headway.query.chart import chart as ask
from headway.query.line import Axis
from headway.query.lines import Wanted


def chart(
    index: Index, tag: str, runs: list[int], axis: Axis, columns: int, smoothing: float, *range_: float
) -> Chart:
    start, stop = range_ or (None, None)
    return ask(
        index,
        Wanted(tag=tag, runs=runs, axis=axis, columns=columns, smoothing=smoothing, start=start, stop=stop),
    )


def index_of(path: Path) -> Index:
    index = Index(path, ":memory:")
    index.refresh()
    return index


def test_axes_range_and_neighbours(tmp_path: Path) -> None:
    frames = [scalar("x", float(i), i, 100 + i / 4) for i in range(10)]
    write(tmp_path / "a" / "tfevents", frames)
    index = index_of(tmp_path)
    whole = chart(index, "x", [1], "step", 100, 0)
    assert (whole.grid.start, whole.grid.stop) == (0, 9)
    (curve,) = whole.curves
    assert curve.last.tolist() == [float(i) for i in range(10)]
    assert curve.wall.tolist() == [100 + i / 4 for i in range(10)]
    assert (curve.count.tolist(), curve.before, curve.after, curve.wide) == ([1] * 10, None, None, False)
    assert (curve.begin, curve.end) == (0, 9)
    part = chart(index, "x", [1], "relative", 2, 0, 0.5, 1.5)
    (curve,) = part.curves
    assert (curve.points, curve.total, curve.step.tolist()) == (5, 10, [3, 6])
    assert (curve.before, curve.after) == ((0.25, 1, 1), (1.75, 7, 7))
    assert (curve.count.tolist(), curve.mean.tolist()) == ([2, 3], [2.5, 5])
    assert chart(index, "x", [1], "wall", 2, 0).grid.start == 100


def test_smoothing_is_computed_on_all_points(tmp_path: Path) -> None:
    values = np.random.default_rng(1).normal(size=500)
    write(tmp_path / "a" / "tfevents", [scalar("x", v, i) for i, v in enumerate(values)])
    (few,) = chart(index_of(tmp_path), "x", [1], "step", 5, 0.9).curves
    (all_,) = chart(index_of(tmp_path), "x", [1], "step", 4096, 0.9).curves
    np.testing.assert_array_equal(few.smooth, all_.smooth[few.x.astype(int)])
    (part,) = chart(index_of(tmp_path), "x", [1], "step", 10, 0.9, 100, 199).curves
    np.testing.assert_array_equal(part.smooth, all_.smooth[part.x.astype(int)])
    assert part.before is not None
    assert part.after is not None
    assert np.array([part.before[2], part.after[2]], np.float32).tolist() == all_.smooth[[99, 200]].tolist()


def test_steps_out_of_order_are_laid_along_the_axis(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", s * 10.0, s, w) for w, s in enumerate([3, 1, 2, 1])])
    (curve,) = chart(index_of(tmp_path), "x", [1], "step", 3, 0).curves
    assert (curve.x.tolist(), curve.last.tolist(), curve.count.tolist()) == ([1, 2, 3], [10, 20, 30], [2, 1, 1])


def test_non_finite_points_are_named(tmp_path: Path) -> None:
    values = [1.0, math.nan, 2.0, math.inf, -math.inf]
    write(tmp_path / "a" / "tfevents", [scalar("x", v, i) for i, v in enumerate(values)])
    (curve,) = chart(index_of(tmp_path), "x", [1], "step", 5, 0.5).curves
    assert (curve.bad_x.tolist(), curve.bad_kind.tolist()) == ([1, 3, 4], [1, 2, 4])
    assert curve.points == 5


def test_wide_values_keep_their_bits(tmp_path: Path) -> None:
    from headway import SummaryWriter

    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_scalar("x", 1e300, 0)
        writer.add_scalar("x", 1.0, 1)
    (curve,) = chart(index_of(tmp_path), "x", [1], "step", 5, 0).curves
    assert (curve.wide, curve.last.tolist()) == (True, [1e300, 1.0])


def test_runs_without_the_tag_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    write(tmp_path / "b" / "tfevents", [scalar("y", 1, 5)])
    index = index_of(tmp_path)

    def runs(c: Chart) -> list[int]:
        return [curve.who.run for curve in c.curves]

    ids = {state.name: state.id for state in index.runs()}
    assert runs(chart(index, "x", [*ids.values(), 99], "step", 5, 0)) == [ids["a"]]
    assert runs(chart(index, "nothing", [*ids.values()], "step", 5, 0)) == []
    with pytest.raises(ValueError, match="weight"):
        chart(index, "x", [ids["a"]], "step", 5, 1.0)


def test_a_session_start_drops_what_it_supersedes(tmp_path: Path) -> None:
    frames = [scalar("x", float(i), i, i) for i in range(6)] + [session_start(3), scalar("x", 30, 3, 9)]
    write(tmp_path / "a" / "tfevents", frames)
    (curve,) = chart(index_of(tmp_path), "x", [1], "step", 100, 0).curves
    assert curve.last.tolist() == [0, 1, 2, 30]


def test_a_logarithmic_axis_has_columns_of_equal_ratio(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", float(i), i) for i in range(1001)])
    index = index_of(tmp_path)
    answer = ask(index, Wanted(tag="x", runs=[1], columns=30, x_scale="log", smoothing=0.5))
    (curve,) = answer.curves
    assert (answer.start, answer.stop, curve.begin, curve.total, curve.points) == (1, 1000, 1, 1001, 1000)
    assert curve.x[0] == 1
    assert curve.count.sum() == 1000  # all but step 0
    expected = np.floor(np.log10(curve.x) / answer.grid.width + 1e-9).astype(int)
    np.testing.assert_array_equal(curve.column, expected)
    # It is smoothed over step 0, too.
    (linear,) = ask(index, Wanted(tag="x", runs=[1], columns=4096, smoothing=0.5)).curves
    np.testing.assert_array_equal(curve.smooth, linear.smooth[curve.x.astype(int)])
    # The columns of an earlier answer stay.
    again = ask(index, Wanted(tag="x", runs=[1], columns=30, x_scale="log", start=1, width=answer.grid.width))
    np.testing.assert_array_equal(again.curves[0].column, curve.column)
    zoomed = ask(index, Wanted(tag="x", runs=[1], columns=30, x_scale="log", start=10, stop=100))
    (part,) = zoomed.curves
    assert (part.points, part.x[0], part.x[-1]) == (91, 10, 100)
    assert part.before is not None
    assert part.before[0] == 9


def test_nothing_positive_is_nothing_on_a_logarithmic_axis(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 0)])
    answer = ask(index_of(tmp_path), Wanted(tag="x", runs=[1], columns=30, x_scale="log"))
    assert answer.curves == []

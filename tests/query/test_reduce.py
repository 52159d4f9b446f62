from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from headway.query._kernels import reduce_into
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.query import reduce as module
from headway.query.reduce import grid_of, python_reduce_into, reduce

values = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf])


@pytest.fixture(params=[reduce_into, python_reduce_into], ids=["compiled", "plain"])
def _loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "reduce_into", request.param)


def brute_force(x: list[float], y: list[float], start: float, stop: float, columns: int) -> dict[int, list[int]]:
    """Column → indices of its points, by the definition."""
    held: dict[int, list[int]] = {}
    width = (stop / 2 - start / 2) / columns * 2
    for i, place in enumerate(x):
        if start <= place <= stop:
            edges = [start + c * width for c in range(columns)] if width > 0 else [start]
            column = max(c for c, edge in enumerate(edges) if edge <= place)
            held.setdefault(column, []).append(i)
    return held


@pytest.mark.parametrize("loop", [reduce_into, python_reduce_into], ids=["compiled", "plain"])
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 50) | st.floats(-50, 50), values), max_size=60),
    st.floats(-60, 60),
    st.floats(0, 100),
    st.integers(1, 12),
)
def test_every_point_is_accounted_for(
    loop: Callable[..., tuple[int, int]], points: list[tuple[float, float]], start: float, length: float, columns: int
) -> None:
    points.sort(key=lambda point: point[0])
    x, y = [float(p[0]) for p in points], [p[1] for p in points]
    stop = start + length
    grid = grid_of(start, stop, columns)
    original, module.reduce_into = module.reduce_into, loop
    try:
        b = reduce(np.array(x), np.array(y), grid)
    finally:
        module.reduce_into = original
    held = brute_force(x, y, start, stop, columns)
    if all(place.is_integer() for place in x):  # steps: the same, without becoming floats
        whole = reduce(np.array(x, dtype=np.int64), np.array(y), grid)
        np.testing.assert_array_equal(whole.column, b.column)
        np.testing.assert_array_equal(whole.values, b.values)
    finite = {c: [i for i in held[c] if math.isfinite(y[i])] for c in sorted(held)}
    finite = {c: members for c, members in finite.items() if members}
    bad = {c: [i for i in held[c] if not math.isfinite(y[i])] for c in sorted(held)}
    bad = {c: members for c, members in bad.items() if members}
    assert b.column.tolist() == list(finite)
    assert b.count.tolist() == [len(m) for m in finite.values()]
    assert b.first.tolist() == [m[0] for m in finite.values()]
    assert b.last.tolist() == [m[-1] for m in finite.values()]
    assert b.min.tolist() == [min(y[i] for i in m) for m in finite.values()]
    assert b.max.tolist() == [max(y[i] for i in m) for m in finite.values()]
    means = [math.fsum(y[i] for i in m) / len(m) for m in finite.values()]
    np.testing.assert_allclose(b.mean, means, rtol=1e-9, atol=1e-9)
    assert b.bad_column.tolist() == list(bad)
    assert b.bad_count.tolist() == [len(m) for m in bad.values()]
    assert b.bad_first.tolist() == [m[0] for m in bad.values()]
    kinds = [sum({1 if math.isnan(y[i]) else 2 if y[i] > 0 else 4 for i in m}) for m in bad.values()]
    assert b.bad_kind.tolist() == kinds


@pytest.mark.usefixtures("_loop")
def test_one_spike_among_many_points_is_kept() -> None:
    y = np.zeros(20_000)
    y[12_345] = 7.0
    y[5] = math.nan
    b = reduce(np.arange(20_000.0), y, grid_of(0, 19_999, 10))
    assert b.max.max() == 7.0
    assert b.column[b.max == 7.0].tolist() == [6]
    assert (b.bad_column.tolist(), b.bad_count.tolist()) == ([0], [1])
    assert b.count.sum() + b.bad_count.sum() == 20_000


@pytest.mark.usefixtures("_loop")
def test_a_range_of_one_x_is_one_column() -> None:
    b = reduce(np.array([3.0, 3.0]), np.array([1.0, 2.0]), grid_of(3, 3, 100))
    assert (b.column.tolist(), b.count.tolist(), b.mean.tolist()) == ([0], [2], [1.5])


@pytest.mark.parametrize(("start", "stop", "columns"), [(0, 1, 0), (1, 0, 5), (math.nan, 1, 5), (0, math.inf, 5)])
def test_nonsense_is_refused(start: float, stop: float, columns: int) -> None:
    with pytest.raises(ValueError, match=r"column|range"):
        grid_of(start, stop, columns)


def test_extreme_values_do_not_lose_the_mean_bounds() -> None:
    y = np.array([0.1, 0.1, 0.1])
    b: Any = reduce(np.arange(3.0), y, grid_of(0, 2, 1))
    assert b.min[0] <= b.mean[0] <= b.max[0]


def test_steps_beyond_what_floats_tell_apart_are_in_the_range_or_not() -> None:
    steps = np.array([2**60 - 1, 2**60, 2**60 + 1, 2**63 - 1])
    b = reduce(steps, np.arange(4.0), grid_of(2.0**60, 2.0**62, 1))
    assert (b.first.tolist(), b.last.tolist()) == ([1], [2])
    assert reduce(steps, np.arange(4.0), grid_of(-1e300, 1e300, 1)).count.tolist() == [4]


def test_the_widest_range_there_is() -> None:
    b = reduce(np.array([-1.7e308, 0.0, 1.7e308]), np.arange(3.0), grid_of(-1.7e308, 1.7e308, 4))
    assert int(b.count.sum()) == 3  # edges beyond the greatest float are never reached

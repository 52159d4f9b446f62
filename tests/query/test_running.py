"""Running functions against their formulas, point by point."""

from __future__ import annotations

import math

import numpy as np
import pytest
from headway.query._running import median_into
from hypothesis import given
from hypothesis import strategies as st

from headway.query import running

some = st.floats(-1e9, 1e9)
any_values = st.lists(some | st.sampled_from([math.nan, math.inf, -math.inf]), max_size=60)
widths = st.integers(1, 80)


def around(y: list[float], i: int, half: int) -> list[float]:
    return y[max(0, i - half) : i + half + 1]


def finite_of(y: list[float], got: running.Column) -> tuple[list[float], list[float]]:
    """The finite values and what became of them; all others are themselves still."""
    finite = [v for v in y if math.isfinite(v)]
    np.testing.assert_equal(
        [g for v, g in zip(y, got, strict=True) if not math.isfinite(v)], [v for v in y if not math.isfinite(v)]
    )
    return finite, [float(g) for v, g in zip(y, got, strict=True) if math.isfinite(v)]


@given(any_values, widths)
def test_means(y: list[float], width: int) -> None:
    finite, got = finite_of(y, running.mean(np.array(y), width))
    expected = [np.mean(around(finite, i, width // 2)) for i in range(len(finite))]
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-4)


@given(any_values, widths)
def test_medians(y: list[float], width: int) -> None:
    finite, got = finite_of(y, running.median(np.array(y), width))
    assert got == [float(np.median(around(finite, i, width // 2))) for i in range(len(finite))] or np.allclose(
        got, [np.median(around(finite, i, width // 2)) for i in range(len(finite))], rtol=1e-15
    )


@given(any_values, st.floats(0.01, 40))
def test_gaussians(y: list[float], width: float) -> None:
    finite, got = finite_of(y, running.gaussian(np.array(y), width))
    reach = math.ceil(4 * width)
    for i in range(len(finite)):
        near = range(max(0, i - reach), min(len(finite), i + reach + 1))
        weights = [math.exp(-(((j - i) / width) ** 2) / 2) for j in near]
        expected = math.fsum(w * finite[j] for w, j in zip(weights, near, strict=True)) / math.fsum(weights)
        assert got[i] == pytest.approx(expected, rel=1e-9, abs=1e-2 * 1e-9 * 1e9)


def test_wide_gaussians_of_many_points_are_those_of_the_formula() -> None:
    y = np.random.default_rng(0).normal(size=5_000)
    y[2_500] = 1e12
    for width in (20.0, 300.0):
        reach = math.ceil(4 * width)
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
        expected = (np.convolve(y, kernel) / np.convolve(np.ones(len(y)), kernel))[reach : reach + len(y)]
        np.testing.assert_allclose(running.gaussian(y, width), expected, rtol=1e-9, atol=1e-12 * 1e12)


def test_a_huge_value_leaves_no_trace_outside_of_its_windows() -> None:
    y = np.full(1_000, 0.1)
    y[500] = 1e300
    assert running.mean(y, 11)[520:].tolist() == pytest.approx([0.1] * 480, rel=1e-14)


@given(st.lists(some, max_size=60), st.integers(0, 70))
def test_the_twin_says_the_same(y: list[float], half: int) -> None:
    compiled, plain = np.empty((2, len(y)))
    window = np.empty(2 * half + 1)
    median_into(np.array(y, dtype=np.float64), half, window, compiled)
    running.python_median_into(np.array(y, dtype=np.float64), half, window, plain)
    assert compiled.tolist() == plain.tolist()


@given(any_values)
def test_sums_and_extremes_so_far(y: list[float]) -> None:
    values = np.array(y, dtype=np.float64)
    finite, sums = finite_of(y, running.cumsum(values))
    assert sums == pytest.approx([math.fsum(finite[: i + 1]) for i in range(len(finite))], abs=1e-3)
    assert finite_of(y, running.cummin(values))[1] == [min(finite[: i + 1]) for i in range(len(finite))]
    assert finite_of(y, running.cummax(values))[1] == [max(finite[: i + 1]) for i in range(len(finite))]


@given(st.lists(st.tuples(some, st.integers(0, 5)), max_size=30))
def test_rates(points: list[tuple[float, int]]) -> None:
    values, axis = (
        (np.array(column, dtype=np.float64) for column in zip(*points, strict=True))
        if points
        else (
            np.empty(0),
            np.empty(0),
        )
    )
    got, there = running.rate(values, axis)
    steps = [i for i in range(1, len(points)) if axis[i] > axis[i - 1]]
    assert np.flatnonzero(there).tolist() == steps
    assert got.tolist() == [(values[i] - values[i - 1]) / (axis[i] - axis[i - 1]) for i in steps]

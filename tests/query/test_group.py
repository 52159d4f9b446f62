"""Bands against numpy and scipy, place by place."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from headway.query.group import banded, grouped, student_t
from headway.query.series import Series

values = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf])
lines = st.lists(
    st.dictionaries(st.integers(0, 10), values, max_size=8).map(lambda d: sorted(d.items())), min_size=1, max_size=5
)


def columns(points: list[tuple[int, float]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = np.array(points, dtype=np.float64).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def at(points: list[tuple[int, float]], x: float) -> float:
    own = dict(points)
    finite = [p for p in points if math.isfinite(p[1])]
    if not finite or not finite[0][0] <= x <= finite[-1][0] or not math.isfinite(own.get(int(x), 0)):
        return math.nan
    return float(np.interp(x, [p[0] for p in finite], [p[1] for p in finite]))


@given(lines)
def test_statistics_of_what_is_there(points: list[list[tuple[int, float]]]) -> None:
    xs, ys = zip(*map(columns, points), strict=True)
    band = banded(xs, ys)
    assert band.x.tolist() == sorted({x for line in points for x, _ in line})
    for i, x in enumerate(band.x.tolist()):
        there = np.array([y for line in points if math.isfinite(y := at(line, x))])
        assert band.count[i] == len(there)
        if not len(there):
            assert all(math.isnan(column[i]) for column in astuple(band)[2:])
            continue
        got = [band.mean[i], band.min[i], band.quarter[i], band.median[i], band.three_quarters[i], band.max[i]]
        expected = [there.mean(), *np.quantile(there, [0, 0.25, 0.5, 0.75, 1])]
        assert got == pytest.approx(expected, rel=1e-9, abs=1e-6)
        if len(there) < 2:
            assert all(math.isnan(column[i]) for column in (band.std, band.low, band.high))
            continue
        assert band.std[i] == pytest.approx(there.std(ddof=1), rel=1e-6, abs=1e-6)
        if there.std():
            low, high = stats.t.interval(0.95, len(there) - 1, there.mean(), stats.sem(there))
            assert (band.low[i], band.high[i]) == pytest.approx((low, high), rel=1e-6, abs=1e-4)


def test_quantiles_of_the_t_distribution() -> None:
    freedom = np.concatenate((np.arange(1, 200), np.logspace(2.4, 9, 50).astype(np.int64)))
    np.testing.assert_allclose(student_t(freedom), stats.t.ppf(0.975, freedom), rtol=0, atol=1e-7)
    assert np.isnan(student_t(np.array([-1, 0]))).all()


def test_seeds_at_different_steps() -> None:
    one = Series(np.array([0, 10, 20]), np.zeros(3), np.array([0.0, 10.0, 20.0]))
    other = Series(
        np.array([5, 15, 5]), np.zeros(3), np.array([99.0, 25.0, 15.0])
    )  # of a repeated step the last counts
    band = grouped([one, other])
    assert band.x.tolist() == [0, 5, 10, 15, 20]
    assert band.count.tolist() == [1, 2, 2, 2, 1]
    assert band.mean.tolist() == [0, 10, 15, 20, 20]
    assert band.min.tolist() == [0, 5, 10, 15, 20]


def test_places_without_a_time_and_no_lines() -> None:
    assert banded([np.array([1.0, math.nan, 2.0])], [np.array([1.0, 5.0, 2.0])]).x.tolist() == [1, 2]
    assert len(banded([], []).x) == 0
    assert len(grouped([Series(np.empty(0, dtype=np.int64), np.empty(0), np.empty(0))]).mean) == 0

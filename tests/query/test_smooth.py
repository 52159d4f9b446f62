from __future__ import annotations

import math

import numpy as np
import pytest
from headway.query._kernels import average_at, average_into
from hypothesis import given
from hypothesis import strategies as st

from headway.query.smooth import ema, ema_at, python_average_at, python_average_into

values = st.lists(st.floats(-1e9, 1e9) | st.sampled_from([math.nan, math.inf]), max_size=50)


@given(values, st.floats(0, 0.999))
def test_it_is_the_weighted_mean_of_what_came_before(y: list[float], weight: float) -> None:
    smoothed = ema(np.array(y), weight)
    finite: list[float] = []
    for value, got in zip(y, smoothed, strict=True):
        if not math.isfinite(value):
            np.testing.assert_equal(got, value)
            continue
        finite.append(value)
        weights = [weight ** (len(finite) - 1 - i) for i in range(len(finite))]
        expected = math.fsum(w * v for w, v in zip(weights, finite, strict=True)) / math.fsum(weights)
        assert got == pytest.approx(expected, rel=1e-6, abs=1e-3)


@given(values, st.floats(0, 0.999))
def test_the_twin_says_the_same(y: list[float], weight: float) -> None:
    compiled, plain = np.empty((2, len(y)))
    average_into(np.array(y, dtype=np.float64), weight, compiled)
    python_average_into(np.array(y, dtype=np.float64), weight, plain)
    np.testing.assert_allclose(compiled, plain, rtol=1e-12)


@given(values, st.floats(0, 0.999), st.sets(st.integers(0, 49)))
def test_at_some_places_it_is_the_same(y: list[float], weight: float, wanted: set[int]) -> None:
    column, places = np.array(y, dtype=np.float64), np.array(sorted(p for p in wanted if p < len(y)), dtype=np.int64)
    np.testing.assert_array_equal(ema_at(column, weight, places), ema(column, weight)[places])
    compiled, plain = np.empty((2, len(places)))
    average_at(column, weight, places, compiled)
    python_average_at(column, weight, places, plain)
    np.testing.assert_allclose(compiled, plain, rtol=1e-12)


def test_a_long_series_forgets_its_beginning() -> None:
    column = np.random.default_rng(0).normal(size=5000)
    np.testing.assert_array_equal(ema_at(column, 0.5, np.arange(5000)), ema(column, 0.5))


@pytest.mark.parametrize("weight", [-0.1, 1.0, math.nan])
def test_other_weights_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        ema(np.zeros(1), weight)
    with pytest.raises(ValueError, match="weight"):
        ema_at(np.zeros(1), weight, np.zeros(1, dtype=np.int64))

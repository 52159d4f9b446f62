from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from headway.query.rebin import Scale, cleaned, edges_of, rebinned, span, threshold

numbers = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, -1.0])
counts = st.integers(1, 1000).map(float) | st.floats(1e-3, 1e6)


@st.composite
def joint(draw: st.DrawFn) -> NDArray[np.float64]:
    """Buckets as writers have them: each begins where the one before it ends."""
    edges = sorted(draw(st.lists(numbers, min_size=2, max_size=9)))
    return np.array([(a, b, draw(counts)) for a, b in pairwise(edges)])


@st.composite
def any_buckets(draw: st.DrawFn) -> NDArray[np.float64]:
    """In any order, one over the other, without width."""
    pairs = draw(st.lists(st.tuples(numbers, numbers).map(sorted), max_size=6))
    return np.array([(a, b, draw(counts)) for a, b in pairs]).reshape(-1, 3)


def brute_force(buckets: NDArray[np.float64], edges: list[float]) -> list[float]:
    """By the definition, a bucket and a bin at a time."""
    bins = [(-math.inf, edges[0]), *pairwise(edges), (edges[-1], math.inf)]
    found = [0.0] * len(bins)
    for left, right, count in buckets.tolist():
        if left == right:
            place = next(i for i, (_, b) in enumerate(bins) if left < b or b == math.inf)
            if left == edges[-1]:
                place = len(edges) - 1
            found[place] += count
            continue
        for i, (a, b) in enumerate(bins):
            found[i] += count * max(0.0, min(b, right) - max(a, left)) / (right - left)
    return found


@settings(deadline=None)
@given(joint() | any_buckets(), st.lists(numbers, min_size=2, max_size=8).map(sorted))
def test_each_bin_has_its_share_and_nothing_is_lost(buckets: NDArray[np.float64], edges: list[float]) -> None:
    found = rebinned(buckets, np.array(edges))
    total = buckets[:, 2].sum()
    assert found.sum() == pytest.approx(total, rel=1e-9, abs=1e-12)
    assert found.tolist() == pytest.approx(brute_force(buckets, edges), rel=1e-6, abs=1e-9 * max(total, 1))
    assert (found >= 0).all()


def test_bins_that_are_the_buckets_have_their_counts() -> None:
    buckets = np.array([[0, 1, 5], [1, 2, 7], [2, 4, 1]], dtype=float)
    assert rebinned(buckets, np.array([0.0, 1, 2, 4])).tolist() == [0, 5, 7, 1, 0]


@given(numbers, numbers, st.integers(1, 50), st.sampled_from(["linear", "symlog"]), st.floats(1e-9, 1e6))
def test_edges_ascend_from_low_to_high(a: float, b: float, bins: int, scale: Scale, turn: float) -> None:
    low, high = sorted((a, b))
    edges = edges_of(low, high, bins, scale, turn)
    assert len(edges) == bins + 1
    assert (np.diff(edges) >= 0).all()
    assert edges[0] <= low <= high <= edges[-1]
    assert edges[0] < edges[-1]
    if low < high:
        assert (edges[0], edges[-1]) == (low, high)


def test_the_symmetric_logarithm_has_bins_in_every_decade() -> None:
    edges = edges_of(-1e3, 1e3, 120, "symlog", 1e-3)
    for decade in range(-3, 3):
        assert 8 <= ((edges > 10.0**decade) & (edges <= 10.0 ** (decade + 1))).sum() <= 12


def test_a_step_that_explodes_does_not_stretch_the_range() -> None:
    steady = [np.array([[-1.0, 0, 50], [0, 1, 50]]) * (1, 1, i + 1) for i in range(20)]
    exploded = np.array([[-1e6, 1e6, 100.0]])
    assert span([*steady, exploded], outliers=False) == (-1, 1)
    assert span([*steady, exploded], outliers=True) == (-1e6, 1e6)
    assert span([np.array([[-1.0, 1, 1e6], [1, 1e6, 1]])], outliers=False)[1] < 5
    assert span([], outliers=False) == (0, 1)


def test_where_the_symmetric_logarithm_is_linear() -> None:
    values = np.geomspace(1e-6, 1, 1001)
    buckets = np.column_stack((values[:-1], values[1:], np.ones(1000)))
    assert threshold([buckets, -buckets[:, [1, 0, 2]] * (1, 1, -1)]) == pytest.approx(2e-6, rel=0.05)
    assert threshold([np.array([[0.0, 0, 9]])]) == 1
    assert threshold([]) == 1


def test_what_lies_nowhere_is_left_out() -> None:
    odd = np.array([[0, math.inf, 1], [math.nan, 1, 1], [0, 1, -1], [1, 0, 1], [0, 1, math.nan], [0, 1, 2]])
    assert cleaned(odd).tolist() == [[0, 1, 2]]


def test_a_bucket_as_wide_as_all_floats() -> None:
    most = np.finfo(float).max
    found = rebinned(np.array([[-most, most, 8.0]]), np.array([-most, 0.0, most]))
    assert found.sum() == 8
    assert np.isfinite(found).all()

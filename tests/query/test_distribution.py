from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tensorboard.plugins.distribution.compressor import compress_histogram

from headway.query.distribution import quantiles

edges = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12, unique=True).map(sorted)


@st.composite
def histograms(draw: st.DrawFn) -> NDArray[np.float64]:
    limits = draw(edges)
    counts = draw(st.lists(st.integers(0, 5), min_size=len(limits) - 1, max_size=len(limits) - 1))
    return np.array([*zip(limits[:-1], limits[1:], counts, strict=True)], dtype=float)


@given(histograms())
def test_quantiles_are_those_of_tensorboard(buckets: NDArray[np.float64]) -> None:
    expected = compress_histogram(buckets)
    assert [point for point, _ in quantiles(buckets)] == [point for point, _ in expected]
    assert [value for _, value in quantiles(buckets)] == pytest.approx([value for _, value in expected], rel=1e-12)


def test_nothing() -> None:
    assert quantiles(np.zeros((0, 3))) == compress_histogram([])

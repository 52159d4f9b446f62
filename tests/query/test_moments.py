from __future__ import annotations

import math

import numpy as np
import pytest

from headway.query.kinds import Histogram
from headway.query.moments import moments


def test_as_the_writer_told_them() -> None:
    values = np.array([1.0, 2, 3, 10])
    told = Histogram(np.array([[1, 10, 4.0]]), 1, 10, 4, float(values.sum()), float((values**2).sum()))
    assert moments(told) == pytest.approx((4, values.std(), np.sqrt((values**2).mean()), np.linalg.norm(values)))


def test_of_the_middles_of_buckets_otherwise() -> None:
    untold = Histogram(np.array([[0, 2, 3.0], [2, 4, 1]]), 0, 4, 4, None, None)
    assert moments(untold).mean == 1.5
    assert moments(untold).norm == pytest.approx(math.sqrt(3 * 1 + 9))


def test_of_nothing() -> None:
    assert all(math.isnan(one) for one in moments(Histogram(np.zeros((0, 3)), None, None, 0, None, None)))

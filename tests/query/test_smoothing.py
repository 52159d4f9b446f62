from __future__ import annotations

import numpy as np
import pytest

from headway.query import running
from headway.query.smoothing import FEW, Kind, Smoothing

WHOLE = {"gaussian": running.gaussian, "median": running.median, "mean": running.mean}


@pytest.mark.parametrize("width", [0.7, 5, 40])
@pytest.mark.parametrize("kind", ["gaussian", "median", "mean"])
def test_a_few_places_are_as_they_are_among_all(kind: Kind, width: float) -> None:
    values = np.random.default_rng(1).normal(size=4000)
    values[[0, 7, 8, 2000, 3999]] = np.nan, np.inf, -np.inf, np.nan, np.nan
    places = np.array([0, 1, 9, 2001, 3998])
    assert len(places) * FEW < len(values)
    expected = WHOLE[kind](values, width)[places]
    np.testing.assert_allclose(Smoothing(kind, width=width).at(values, places), expected, rtol=1e-12)
    many = np.arange(len(values))
    np.testing.assert_array_equal(Smoothing(kind, width=width).at(values, many), WHOLE[kind](values, width))


def test_the_moving_average_is_the_one_of_tensorboard() -> None:
    values = np.arange(5.0)
    assert Smoothing("ema", 0.5).at(values, np.array([0, 1])).tolist() == [0, 2 / 3]


def test_no_weight_and_no_width_do_not_smooth() -> None:
    assert not Smoothing()
    assert not Smoothing("median", weight=0.5)
    assert Smoothing("mean", width=3)


@pytest.mark.parametrize("width", [-1, 20_000, float("nan")])
def test_a_width_that_makes_no_sense(width: float) -> None:
    with pytest.raises(ValueError, match="smoothing width"):
        Smoothing("mean", width=width).at(np.arange(5.0), np.arange(5))

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from headway.demo.model import Parameters, Shape, initial
from headway.demo.optimiser import AdamW, clip, learning_rate

SMALL = Shape(layers=1, width=4, heads=1, context=3, vocabulary=5)


def test_three_steps_are_those_of_the_published_algorithm() -> None:
    weights = initial(SMALL, seed=1, dtype=np.float64)
    expected = weights.flat.copy()
    # Which weights decay, written down a second time: matrices alone.
    decay = np.concatenate(
        [np.full(a.size, 0.1 * (a.ndim == 2)) for part in weights.parts.values() for a in part.values()]
    )
    optimiser = AdamW(weights, decay=0.1, betas=(0.9, 0.95))
    mean, square = np.zeros_like(expected), np.zeros_like(expected)
    generator = np.random.default_rng(2)
    for t in (1, 2, 3):
        gradient = generator.normal(size=expected.shape)
        before = expected.copy()
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.95 * square + 0.05 * gradient**2
        expected = expected - 0.01 * (
            (mean / (1 - 0.9**t)) / (np.sqrt(square / (1 - 0.95**t)) + 1e-8) + decay * expected
        )
        change = optimiser.step(gradient, 0.01)
        np.testing.assert_allclose(weights.flat, expected, rtol=1e-12)
        np.testing.assert_allclose(change, expected - before, rtol=1e-9, atol=1e-12)


def test_without_a_gradient_only_matrices_shrink() -> None:
    weights = initial(SMALL, seed=1, dtype=np.float64)
    AdamW(weights, decay=0.5).step(np.zeros_like(weights.flat), 0.1)
    start = initial(SMALL, seed=1, dtype=np.float64)
    for part, arrays in weights.parts.items():
        for name, array in arrays.items():
            kept = 0.95 if array.ndim == 2 else 1.0
            np.testing.assert_allclose(array, kept * start.parts[part][name], rtol=1e-12)


def test_the_first_step_is_as_long_as_the_learning_rate_whatever_the_gradient() -> None:
    # Why clipping does not save a run whose learning rate is too high.
    for scale in (1e-3, 1.0, 1e3):
        weights = Parameters(SMALL, np.float64)
        change = AdamW(weights, decay=0.0).step(np.full_like(weights.flat, scale), 0.25)
        np.testing.assert_allclose(change, -0.25, rtol=1e-4)


@pytest.mark.parametrize(("length", "kept"), [(0.5, 0.5), (1.0, 1.0), (8.0, 1.0)])
def test_clip_shortens_what_is_too_long_and_tells_how_long_it_was(length: float, kept: float) -> None:
    gradient = np.array([0.6, 0.0, -0.8]) * length
    assert clip(gradient, 1.0) == pytest.approx(length)
    np.testing.assert_allclose(gradient, np.array([0.6, 0.0, -0.8]) * kept)


def test_learning_rate_rises_in_a_line_and_falls_along_a_cosine() -> None:
    rates = [learning_rate(step, 100, peak=2.0, warmup=10) for step in range(1, 101)]
    np.testing.assert_allclose(rates[:10], np.arange(1, 11) * 0.2)
    assert all(later < earlier for earlier, later in pairwise(rates[9:]))
    assert learning_rate(55, 100, peak=2.0, warmup=10) == pytest.approx(2.0 * 0.55)  # half way down
    assert rates[-1] == pytest.approx(0.2)


def test_learning_rate_of_a_run_of_one_step() -> None:
    assert learning_rate(1, 1, peak=2.0, warmup=1) == 2.0

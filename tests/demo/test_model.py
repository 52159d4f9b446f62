from __future__ import annotations

import math

import numpy as np
import pytest

from headway.demo.layers import attention, cross_entropy
from headway.demo.model import Parameters, Shape, initial, loss, loss_and_gradient

SMALL = Shape(layers=2, width=8, heads=2, context=5, vocabulary=11)
PARTS = [(part, name) for part, arrays in SMALL.parts().items() for name in arrays]


def batch(shape: Shape, size: int = 3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(5)
    tokens = generator.integers(0, shape.vocabulary, (size, shape.context + 1))
    return tokens[:, :-1], tokens[:, 1:]


def away_from_the_start(shape: Shape) -> Parameters:
    """Weights as training leaves them: no gain is exactly 1 and no bias 0, attention is not uniform."""
    parameters = initial(shape, seed=3, dtype=np.float64)
    parameters.flat += np.random.default_rng(4).normal(0, 0.3, parameters.flat.shape)
    return parameters


@pytest.fixture(scope="module")
def gradient() -> Parameters:
    result = Parameters(SMALL, np.float64)
    result.flat[:] = np.nan  # whatever is not written is found
    loss_and_gradient(away_from_the_start(SMALL), SMALL, *batch(SMALL), result)
    return result


@pytest.mark.parametrize(("part", "name"), PARTS, ids=[".".join(p) for p in PARTS])
def test_gradient_is_that_of_finite_differences(gradient: Parameters, part: str, name: str) -> None:
    parameters = away_from_the_start(SMALL)
    weights = parameters.parts[part][name].reshape(-1)
    by_hand = gradient.parts[part][name].reshape(-1)
    measured = np.empty_like(by_hand)
    for i, weight in enumerate(weights):
        around = []
        for moved in (weight - 1e-5, weight + 1e-5):
            weights[i] = moved
            around.append(loss(parameters, SMALL, *batch(SMALL)))
        weights[i] = weight
        measured[i] = (around[1] - around[0]) / 2e-5
    # Errors of a central difference at 1e-5: 1e-10 from the cubic term, 1e-11 from float64's rounding.
    np.testing.assert_allclose(by_hand, measured, rtol=1e-6, atol=1e-9)


def test_gradients_are_large_enough_to_be_checked(gradient: Parameters) -> None:
    # The key's bias drops out of the softmax, so one third of qkv_bias is 0; nothing else may be.
    for part, name in PARTS:
        assert np.abs(gradient.parts[part][name]).max() > 1e-4, (part, name)


def test_a_token_sees_nothing_after_it() -> None:
    generator = np.random.default_rng(0)
    qkv = generator.normal(size=(2 * 6, 3 * 8))
    before, _, _ = attention(qkv, heads=2, context=6)
    changed = qkv.copy()
    changed[4:6] += 1  # the last two tokens of the first sequence
    after, _, _ = attention(changed, heads=2, context=6)
    np.testing.assert_array_equal(after[:4], before[:4])
    np.testing.assert_array_equal(after[6:], before[6:])
    assert not np.allclose(after[4:6], before[4:6])


def test_knowing_nothing_costs_the_logarithm_of_the_vocabulary() -> None:
    value, back = cross_entropy(np.zeros((4, 11)), np.array([0, 3, 3, 10]))
    assert value == pytest.approx(math.log(11))
    np.testing.assert_allclose(back().sum(axis=1), 0, atol=1e-15)


def test_logits_of_any_size_are_finite() -> None:
    value, back = cross_entropy(np.array([[1e4, -1e4], [0.0, 1e4]]), np.array([1, 1]))
    assert value == pytest.approx(1e4)
    assert np.isfinite(back()).all()


def test_single_precision_agrees_with_double() -> None:
    double, single = Parameters(SMALL, np.float64), Parameters(SMALL, np.float32)
    exact = away_from_the_start(SMALL)
    rounded = Parameters(SMALL, np.float32)
    rounded.flat[:] = exact.flat
    expected = loss_and_gradient(exact, SMALL, *batch(SMALL), double)
    assert loss_and_gradient(rounded, SMALL, *batch(SMALL), single) == pytest.approx(expected, rel=1e-5)
    assert single.flat.dtype == np.float32
    np.testing.assert_allclose(single.flat, double.flat, rtol=1e-3, atol=1e-5)


def test_parts_are_views_of_one_vector_without_gaps() -> None:
    parameters = Parameters(SMALL)
    parameters.flat[:] = np.arange(parameters.flat.size)
    joined = [array.reshape(-1) for part in parameters.parts.values() for array in part.values()]
    np.testing.assert_array_equal(np.concatenate(joined), parameters.flat)
    squares = sum(norm**2 for norm in parameters.norms().values())
    assert squares == pytest.approx(float(np.sum(parameters.flat.astype(np.float64) ** 2)), rel=1e-5)

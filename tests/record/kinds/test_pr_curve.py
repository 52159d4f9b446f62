from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX.summary
import torch.utils.tensorboard.summary
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from headway.errors import ShapeError
from headway.record.kinds.pr_curve import (
    check_pr_curve,
    compute_curve,
    pr_curve_value,
    raw_pr_curve_value,
)
from record.kinds.peers import PrCurvesPlugin, context, get, ours, theirs
from record.kinds.shown import event_file

PEERS = [tensorboardX.summary, torch.utils.tensorboard.summary]
RAW = (
    [75, 64, 21, 5, 0],
    [150, 105, 18, 0, 0],
    [0, 45, 132, 150, 150],
    [0, 11, 54, 70, 75],
    [0.3333333, 0.3786982, 0.5384616, 1.0, 0.0],
    [1.0, 0.8533334, 0.28, 0.0666667, 0.0],
)


def examples(count: int = 1000, dtype: str = "f4") -> tuple[NDArray[Any], NDArray[Any]]:
    random = np.random.default_rng(count)
    return random.integers(0, 2, count), random.random(count).astype(dtype)


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("thresholds", [1, 2, 10, 127])
def test_equal_to_the_peers(peer: Any, dtype: str, thresholds: int) -> None:
    labels, predictions = examples(dtype=dtype)
    found = ours([pr_curve_value("a/b", labels, predictions, thresholds)])
    assert found == theirs(peer.pr_curve("a/b", labels, predictions, thresholds))


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("weights", [2, 0.5, "array"])
def test_weights(peer: Any, weights: Any) -> None:
    labels, predictions = examples()
    weights = np.random.default_rng(0).integers(0, 5, 1000) / 4 if weights == "array" else weights
    found = ours([pr_curve_value("t", labels, predictions, 20, weights)])
    assert found == theirs(peer.pr_curve("t", labels, predictions, 20, weights))


@pytest.mark.parametrize("peer", PEERS)
def test_bools_and_many_dimensions(peer: Any) -> None:
    labels, predictions = examples()
    labels, predictions = labels.reshape(10, 100).astype(bool), predictions.reshape(10, 100)
    assert ours([pr_curve_value("t", labels, predictions)]) == theirs(peer.pr_curve("t", labels, predictions))


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("thresholds", [1, 5, 127])
def test_counted_elsewhere(peer: Any, thresholds: int) -> None:
    found = ours([raw_pr_curve_value("raw data", *RAW, num_thresholds=thresholds)])
    assert found == theirs(peer.pr_curve_raw("raw data", *RAW, thresholds))


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 40)), min_size=1, max_size=60), st.sampled_from([5, 11, 41, 401])
)
def test_a_curve_is_what_counting_gives(drawn: list[tuple[bool, int]], thresholds: int) -> None:
    labels = np.array([label for label, _ in drawn])
    buckets = np.array([bucket for _, bucket in drawn]) * (thresholds - 1) // 40
    predictions = (buckets + 0.25) / (thresholds - 1)
    predictions = np.where(buckets == thresholds - 1, 1.0, predictions)
    tp, fp, tn, fn, precision, recall = compute_curve(labels, predictions, thresholds, None)
    for i in range(thresholds):
        positive = buckets >= i
        right = (positive & labels).sum()
        assert (tp[i], fp[i]) == (right, (positive & ~labels).sum())
        assert (tn[i], fn[i]) == ((~positive & ~labels).sum(), (~positive & labels).sum())
        assert precision[i] == (right / positive.sum() if positive.any() else 0)
        assert recall[i] == (right / labels.sum() if labels.any() else 0)


@pytest.mark.parametrize("thresholds", [127, 128, 500])
def test_tensorboard_draws_as_many_thresholds_as_were_asked_for(thresholds: int, tmp_path: Path) -> None:
    labels, predictions = examples(100_000, "f2")
    predictions[:2] = 0, 1
    event_file(tmp_path, [pr_curve_value("t", labels, predictions, thresholds)])
    plugin = PrCurvesPlugin(context(tmp_path))
    assert get(plugin.tags_route) == {".": {"t": {"displayName": "", "description": ""}}}
    [shown] = get(plugin.pr_curves_route, run=".", tag="t")["."]
    assert shown["thresholds"] == np.linspace(0, 1, thresholds).tolist()
    assert shown["true_positives"][0] == labels.sum()
    assert shown["recall"][0] == 1


def test_rounding_beyond_a_probability_is_none() -> None:
    labels, predictions = examples(10)
    rounded = predictions.copy()
    predictions[:2], rounded[:2] = (0.0, 1.0), (-1e-4, 1.0001)
    assert pr_curve_value("t", labels, rounded) == pr_curve_value("t", labels, predictions)


def test_predictions_that_are_no_probabilities_are_refused_not_dropped() -> None:
    labels, predictions = examples(10)
    check_pr_curve("t", labels, predictions, 10, 0.5)
    check_pr_curve("t", labels, predictions, 10, np.ones(10))
    for wrong in (-0.5, 1.5, np.nan):
        predictions[3] = wrong
        with pytest.raises(ValueError, match=r"'val/pr': predictions must be within \[0, 1\]"):
            pr_curve_value("val/pr", labels, predictions)


def test_shapes() -> None:
    labels, predictions = examples(10)
    with pytest.raises(ShapeError, match=r"'t': labels of shape \(10,\), but predictions of \(9,\)"):
        check_pr_curve("t", labels, predictions[1:])
    with pytest.raises(ShapeError, match=r"weights of shape \(3,\)"):
        check_pr_curve("t", labels, predictions, 127, np.ones(3))
    with pytest.raises(ValueError, match="num_thresholds must be at least 1"):
        check_pr_curve("t", labels, predictions, 0)
    for rows in ([*RAW[:5], [1.0]], [[1.0]] * 5 + [[1.0, 2.0]], [1.0] * 6):
        with pytest.raises(ShapeError, match="'t': the rows"):
            raw_pr_curve_value("t", *rows)


def test_complex_numbers_are_none() -> None:
    with pytest.raises(TypeError, match="'a': labels are complex"):
        check_pr_curve("a", np.zeros(2, complex), np.zeros(2))
    with pytest.raises(TypeError, match="num_thresholds must be an int, not str"):
        check_pr_curve("a", np.zeros(2), np.zeros(2), "9")  # type: ignore[arg-type]

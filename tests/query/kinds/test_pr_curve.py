from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util import tensor_util
from tensorboardX.summary import pr_curve as tensorboardx_curve
from torch.utils.tensorboard.summary import pr_curve as torch_curve

from headway.query.kinds import PrCurve, decode, plain
from headway.record.kinds.pr_curve import pr_curve_value, raw_pr_curve_value
from query.kinds.samples import value

RANDOM = np.random.default_rng(5)
LABELS, PREDICTIONS = RANDOM.random(80) > 0.5, RANDOM.random(80)


def read(content: bytes) -> PrCurve:
    found = decode("pr_curves", content)
    assert isinstance(found, PrCurve)
    return found


def test_what_headway_writes_is_read_as_tensorboard_reads_it() -> None:
    content = pr_curve_value("p", LABELS.astype(float), PREDICTIONS, 31)
    found = read(content)
    np.testing.assert_array_equal(found.values, tensor_util.make_ndarray(Summary.Value.FromString(content).tensor))
    np.testing.assert_array_equal(found.thresholds, np.linspace(0, 1, 31))


@pytest.mark.parametrize("writer", [tensorboardx_curve, torch_curve])
def test_the_curves_of_others(writer: Any) -> None:
    content = writer("p", LABELS.astype(float), PREDICTIONS, 31).value[0].SerializeToString()
    assert (
        read(content).values.tolist()
        == read(pr_curve_value("p", LABELS.astype(float), PREDICTIONS, 31)).values.tolist()
    )


def test_counts_of_integers_are_doubles() -> None:
    assert read(value("pr_curves", np.ones((6, 2), np.int64))).values.dtype == np.float64


@pytest.mark.parametrize("shape", [(5, 3), (6,), (6, 3, 1)])
def test_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"a PR curve is a tensor \[6, thresholds\]"):
        read(value("pr_curves", np.zeros(shape)))


def test_plain_names_the_rows() -> None:
    rows = [[float(row), np.nan] for row in range(6)]
    tp, fp, tn, fn, precision, recall = rows
    told = plain(read(raw_pr_curve_value("p", tp, fp, tn, fn, precision, recall, 2)))
    assert told == {
        "kind": "pr_curve",
        "thresholds": [0.0, 1.0],
        "true_positives": [0.0, "NaN"],
        "false_positives": [1.0, "NaN"],
        "true_negatives": [2.0, "NaN"],
        "false_negatives": [3.0, "NaN"],
        "precision": [4.0, "NaN"],
        "recall": [5.0, "NaN"],
    }

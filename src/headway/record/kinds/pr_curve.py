"""Precision-recall curves.

Value.tensor is [6, thresholds] float32: true positives, false positives, true negatives, false negatives, precision,
recall, at thresholds evenly spaced over [0, 1]. PrCurvePluginData: num_thresholds=2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headway.errors import ShapeError
from headway.events.messages import summary_metadata, summary_value
from headway.events.wire import message, number_field
from headway.record.kinds.tensor import tensor_of

_PEERS_THRESHOLDS = 127  # tensorboardX and torch draw no more; up to there each bucket is theirs, in any precision
_ROUNDING = 1e-3  # by which a probability may miss [0, 1]; it is clipped
_LEAST_COUNT = 1e-7  # keeps a precision or recall without any count from being 0/0


def check_pr_curve(
    tag: str,
    labels: NDArray[Any],
    predictions: NDArray[Any],
    num_thresholds: int = 127,
    weights: NDArray[Any] | float | None = None,
) -> None:
    """Raise unless a curve can be drawn of these arrays.

    Raises:
        ShapeError: labels, predictions and weights differ in shape.
        ValueError: there is no threshold.
        TypeError: the numbers are complex, or `num_thresholds` is none.
    """
    for name, array in (("labels", labels), ("predictions", predictions), ("weights", weights)):
        if array is not None and np.iscomplexobj(array):
            raise TypeError(f"{tag!r}: {name} are complex, expected real numbers")
    if not isinstance(num_thresholds, (int, np.integer)):
        raise TypeError(f"{tag!r}: num_thresholds must be an int, not {type(num_thresholds).__name__}")
    if num_thresholds < 1:
        raise ValueError(f"{tag!r}: num_thresholds must be at least 1, not {num_thresholds}")
    if labels.shape != predictions.shape:
        raise ShapeError(f"{tag!r}: labels of shape {labels.shape}, but predictions of {predictions.shape}")
    if weights is not None and np.shape(weights) not in ((), labels.shape):
        raise ShapeError(f"{tag!r}: weights of shape {np.shape(weights)}, but labels of {labels.shape}")


def pr_curve_value(
    tag: str,
    labels: NDArray[Any],
    predictions: NDArray[Any],
    num_thresholds: int = 127,
    weights: NDArray[Any] | float | None = None,
) -> bytes:
    """Return the Summary.Value of the curve of `predictions`.

    Args:
        tag: as it is to be shown.
        labels: of any shape: whether each is true (1), or not (0).
        predictions: of the same shape, within [0, 1].
        num_thresholds: points of the curve.
        weights: what each counts for, an array of the same shape or one number; 1 if None.

    Raises:
        ValueError: a prediction is not within [0, 1], by more than rounding, or NaN.

    """
    if predictions.size and not (predictions.min() >= -_ROUNDING and predictions.max() <= 1 + _ROUNDING):
        low, high = predictions.min(), predictions.max()
        raise ValueError(f"{tag!r}: predictions must be within [0, 1]; these are within [{low}, {high}]")
    return _value(tag, compute_curve(labels, predictions.clip(0, 1), num_thresholds, weights), num_thresholds)


def raw_pr_curve_value(
    tag: str,
    tp: ArrayLike,
    fp: ArrayLike,
    tn: ArrayLike,
    fn: ArrayLike,
    precision: ArrayLike,
    recall: ArrayLike,
    num_thresholds: int = 127,
) -> bytes:
    """Return the Summary.Value of a curve counted elsewhere: six rows, an entry a threshold.

    Raises:
        ShapeError: they are no vectors of one length.
    """
    rows = [np.asarray(row) for row in (tp, fp, tn, fn, precision, recall)]
    if rows[0].ndim != 1 or len({row.shape for row in rows}) > 1:
        shapes = ", ".join(str(row.shape) for row in rows)
        raise ShapeError(f"{tag!r}: the rows of a PR curve must be vectors of one length, not of shapes {shapes}")
    return _value(tag, np.stack(rows), num_thresholds)


def compute_curve(
    labels: NDArray[Any], predictions: NDArray[Any], num_thresholds: int, weights: NDArray[Any] | float | None = None
) -> NDArray[np.float64]:
    """Return the curve, [6, thresholds]: what is positive, and right, if everything from a threshold on is."""
    if predictions.dtype.kind != "f" or num_thresholds > _PEERS_THRESHOLDS:
        predictions = predictions.astype(np.float64)
    bucket = np.floor(predictions * (num_thresholds - 1)).astype(np.int64).reshape(-1)
    true = labels.astype(np.float64)
    weight = 1.0 if weights is None else weights
    tp, fp = (
        np.bincount(bucket, (share * weight).reshape(-1), num_thresholds)[::-1].cumsum()[::-1]
        for share in (true, 1.0 - true)
    )
    tn, fn = fp[0] - fp, tp[0] - tp
    precision = tp / np.maximum(_LEAST_COUNT, tp + fp)
    recall = tp / np.maximum(_LEAST_COUNT, tp + fn)
    return np.stack([tp, fp, tn, fn, precision, recall])


def _value(tag: str, curve: NDArray[Any], num_thresholds: int) -> bytes:
    metadata = summary_metadata("pr_curves", content=number_field(2, num_thresholds))
    return summary_value(tag, message(8, tensor_of(curve.astype(np.float32))), metadata)

"""Confusion matrices: a table of texts, which TensorBoard draws, and in headway's field what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.errors import ShapeError
from headway.events.messages import (
    DATA_CLASS_TENSOR,
    DT_STRING,
    headway_field,
    summary_metadata,
    summary_value,
    tensor,
)
from headway.events.wire import message
from headway.record.arrays import snapshot
from headway.record.values import Value

CORNER = "actual \\ predicted"


class ConfusionMatrix(Value):
    """How often a classifier took one class for another.

    Args:
        matrix: [classes, classes] how often what is of the class of the row was taken for that of the column; counts,
            or weights, none negative. An array or tensor, or lists of numbers.
        labels: the classes' names, each another one; "0", "1", ... when left out.

    Raises:
        ShapeError: the matrix is not square, or empty, or has another number of labels.
        TypeError: the matrix holds no real numbers.
        ValueError: two labels are the same; a number is negative, infinite or NaN.

    """

    def __init__(self, matrix: Any, labels: Sequence[Any] | None = None) -> None:
        self._counts = _checked(snapshot(matrix, "headway.ConfusionMatrix").array())
        self._labels = _names(range(len(self._counts)) if labels is None else labels)
        if len(self._labels) != len(self._counts):
            raise ShapeError(f"{len(self._labels)} labels for a matrix of {len(self._counts)} classes")
        self.nbytes = int(self._counts.nbytes) + sum(map(len, self._labels))

    @classmethod
    def of(cls, actual: Any, predicted: Any, labels: Sequence[Any] | None = None) -> ConfusionMatrix:
        """Count what was taken for what.

        Args:
            actual: [n] the class of each sample: its number, or its label.
            predicted: [n] the class that it was taken for.
            labels: of all classes, in the order in which they are to stand; when left out, what occurs, sorted.

        Raises:
            ShapeError: `actual` and `predicted` differ in shape.
            ValueError: a class that has no label; no samples, and no labels.

        """
        are, taken = (_classes(side) for side in (actual, predicted))
        if are.shape != taken.shape:
            raise ShapeError(f"actual classes of shape {are.shape}, but predicted ones of {taken.shape}")
        both = np.concatenate([are.reshape(-1), taken.reshape(-1)])
        names: list[Any] = np.unique(both).tolist() if labels is None else list(labels)
        numbered = labels is not None and both.dtype.kind in "iu"
        place = {at if numbered else name: at for at, name in enumerate(names)}
        try:
            places = np.array([place[one] for one in both.tolist()], np.int64).reshape(2, -1)
        except KeyError as error:
            raise ValueError(f"the class {error.args[0]!r} is none of the {len(names)} labels") from None
        counts = np.zeros((len(names), len(names)), np.int64)
        np.add.at(counts, (places[0], places[1]), 1)
        return cls(counts, names)

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the counts as texts, with the labels in the first row and column."""
        rows = [[CORNER, *self._labels]]
        rows += [[label, *map(repr, row)] for label, row in zip(self._labels, self._counts.tolist(), strict=True)]
        strings = b"".join(message(8, text.encode("utf-8", "replace")) for row in rows for text in row)
        shape = (len(rows), len(rows))
        content = message(8, tensor(DT_STRING, shape, strings))
        value = summary_value(tag, content, summary_metadata("text", DATA_CLASS_TENSOR))
        return [value + headway_field({"kind": "confusion_matrix"})]


def _checked(counts: NDArray[Any]) -> NDArray[Any]:
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or not counts.size:
        raise ShapeError(f"a confusion matrix is [classes, classes], not of shape {counts.shape}")
    if counts.dtype.kind not in "biuf":
        raise TypeError(f"a confusion matrix holds real numbers, not {counts.dtype}")
    if counts.dtype.kind == "f":
        if not np.isfinite(counts).all():
            raise ValueError("a confusion matrix holds finite numbers")
        if np.array_equal(counts, np.rint(counts)) and np.abs(counts).max() < 2**53:
            counts = counts.astype(np.int64)
    if counts.dtype.kind == "b":
        counts = counts.astype(np.int64)
    if (counts < 0).any():
        raise ValueError("a confusion matrix holds no negative numbers")
    return counts


def _classes(samples: Any) -> NDArray[Any]:
    """Numbers, of any framework, or labels."""
    if isinstance(samples, (list, tuple)) and any(isinstance(one, str) for one in samples):
        return np.array([str(one) for one in samples])
    if isinstance(samples, np.ndarray) and samples.dtype.kind in "UO":
        return samples.astype(str)
    return snapshot(samples, "headway.ConfusionMatrix.of").array()


def _names(labels: Iterable[Any]) -> list[str]:
    names = [str(label) for label in labels]
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise ValueError(f"each class has another label, but two are {twice!r}")
    return names

"""Confusion matrices: a text of rank 2 with labels in its first row and column, and numbers.

{"kind": "confusion_matrix"}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TOLD = "confusion_matrix"


@dataclass(frozen=True, slots=True, eq=False)
class ConfusionMatrix:
    """How often a class was taken for another."""

    labels: tuple[str, ...]
    counts: NDArray[np.float64]
    """[classes, classes] those of the row's class that were taken for the column's."""


def confusion_matrix_of(strings: NDArray[Any]) -> ConfusionMatrix | None:
    """Return the matrix that `strings` [classes + 1, classes + 1] are, or None when they are none."""
    if strings.ndim != 2 or strings.shape[0] != strings.shape[1] or len(strings) < 2:
        return None
    labels = tuple(strings[0, 1:].tolist())
    if labels != tuple(strings[1:, 0].tolist()):
        return None
    try:
        counts = np.array([[float(text) for text in row] for row in strings[1:, 1:].tolist()])
    except ValueError:
        return None
    return ConfusionMatrix(labels, counts)

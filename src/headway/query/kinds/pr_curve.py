"""Precision-recall curves: a tensor [6, thresholds].

PrCurvePluginData: num_thresholds=2
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import as_doubles, tensor_of

ROWS = ("true_positives", "false_positives", "true_negatives", "false_negatives", "precision", "recall")


@dataclass(frozen=True, slots=True, eq=False)
class PrCurve:
    """A curve at thresholds that are evenly spaced over [0, 1]."""

    values: NDArray[np.float64]
    """[6, thresholds] in the order of `ROWS`."""

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """[thresholds] where the counts were taken."""
        return np.linspace(0.0, 1.0, self.values.shape[1])


def pr_curve(summary: Summary) -> PrCurve:
    """Read a curve.

    Raises:
        ValueError: malformed; a tensor of another shape.

    """
    array = tensor_of(summary.tensor()).array
    if array.ndim != 2 or len(array) != len(ROWS) or array.dtype.kind not in "biuf":
        raise ValueError(f"a PR curve is a tensor [6, thresholds] of numbers, not {list(array.shape)}")
    return PrCurve(as_doubles(array))

"""How a chart's lines are smoothed: on all points of a line, told at the places that are drawn."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query import running
from headway.query.smooth import ema_at

Kind = Literal["ema", "gaussian", "median", "mean"]
Column = NDArray[np.float64]

FEW = 400
"""A window is computed alone when that is to be done for one point in so many, or fewer: about what it costs more."""

_FUNCTIONS = {"gaussian": running.gaussian, "median": running.median, "mean": running.mean}


class Smoothing(NamedTuple):
    """`ema` of a weight, 0 ≤ weight < 1; or one of the other kinds of a width in points (see `running`)."""

    kind: Kind = "ema"
    weight: float = 0.0
    width: float = 0.0

    def __bool__(self) -> bool:
        return self.weight != 0 if self.kind == "ema" else self.width > 0

    def at(self, values: Column, places: NDArray[np.int64]) -> Column:
        """The smoothed `values` [n] at `places` [m], which ascend: [m].

        Raises:
            ValueError: a weight or width that makes no sense.
        """
        if self.kind == "ema":
            return ema_at(values, self.weight, places)
        if not 0 < self.width <= running.WIDEST:
            raise ValueError(f"the smoothing width must be above 0 and at most {running.WIDEST}, not {self.width:g}")
        if len(places) * FEW > len(values):
            return _FUNCTIONS[self.kind](values, self.width)[places]
        return self._alone(values, places)

    def _alone(self, values: Column, places: NDArray[np.int64]) -> Column:
        """Likewise, each place's surroundings by themselves."""
        finite = np.isfinite(values)
        if finite.all():
            y, ranks = values, places
        else:
            y, ranks = values[finite], np.cumsum(finite)[places] - 1
        reach = int(np.ceil(4 * self.width)) if self.kind == "gaussian" else int(self.width) // 2
        kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / self.width) ** 2)
        out = values[places].copy()
        for i in np.flatnonzero(finite[places]).tolist():
            at = int(ranks[i])
            begin = max(0, at - reach)
            window = y[begin : at + reach + 1]
            with np.errstate(all="ignore"):
                if self.kind == "median":
                    out[i] = np.median(window)
                elif self.kind == "mean":
                    out[i] = window.mean()
                else:
                    weights = kernel[begin - at + reach :][: len(window)]
                    out[i] = window @ weights / weights.sum()
        return out

"""Smoothing, on every point of a series."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray


def ema(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """Return TensorBoard's exponential moving average of `values` [n], debiased, as [n] float64.

    With weight w and the k-th finite value y_k: m_k = w·m_{k−1} + (1−w)·y_k, m_0 = 0; the result is m_k / (1 − w^k)
    (the correction of Adam's moments, Kingma and Ba, arXiv 1412.6980, section 3). NaN and infinities stay what
    they are and do not disturb their neighbours.

    Raises:
        ValueError: `weight` is outside [0, 1).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"the smoothing weight must be at least 0 and below 1, not {weight}")
    out = np.empty(len(values), dtype=np.float64)
    average_into(np.ascontiguousarray(values, dtype=np.float64), weight, out)
    return out


def ema_at(values: NDArray[np.float64], weight: float, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return `ema(values, weight)[places]`, `places` [n] ascending, for less than all of it costs.

    Raises:
        ValueError: `weight` is outside [0, 1).
    """
    if not 0 <= weight < 1:
        raise ValueError(f"the smoothing weight must be at least 0 and below 1, not {weight}")
    out = np.empty(len(places), dtype=np.float64)
    average_at(np.ascontiguousarray(values, dtype=np.float64), weight, places, out)
    return out


def python_average_into(values: NDArray[np.float64], weight: float, out: NDArray[np.float64]) -> None:
    """Write the average of `values` into `out`: the compiled loop's twin."""
    mean, power = 0.0, 1.0
    for i, value in enumerate(values.tolist()):
        if not math.isfinite(value):
            out[i] = value
            continue
        mean = mean * weight + (1 - weight) * value
        power *= weight
        out[i] = mean / (1 - power)


def python_average_at(
    values: NDArray[np.float64], weight: float, places: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    """Write the average at `places` into `out`: the compiled loop's twin."""
    everywhere = np.empty(len(values), dtype=np.float64)
    python_average_into(values, weight, everywhere)
    out[:] = everywhere[places]


if TYPE_CHECKING:
    average_into, average_at = python_average_into, python_average_at
else:
    try:
        from headway.query._kernels import average_at, average_into
    except ImportError:  # no compiled extension: slower, the same results
        average_into, average_at = python_average_into, python_average_at

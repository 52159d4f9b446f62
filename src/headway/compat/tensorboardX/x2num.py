"""Arrays of any framework as numpy's, as tensorboardX calls it."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np

from headway.record.arrays import as_array

_logger = logging.getLogger(__name__)


def make_np(x: Any) -> np.ndarray[Any, Any]:
    """Return `x` as an array; bfloat16 and the float8 types as float32.

    Raises:
        NotImplementedError: it holds no numbers.

    """
    try:
        return check_nan(as_array(x, "x"))
    except TypeError as error:
        raise NotImplementedError(str(error)) from error


def check_nan(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return `array`; log a warning if something in it is NaN or infinite."""
    if not np.isfinite(array).all():
        _logger.warning("NaN or Inf found in input tensor.")
    return array

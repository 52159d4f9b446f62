"""What counts as a number: values, steps and wall times of any framework as a double or an int64.

The compiled encoder knows the common types itself and comes here with everything else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

NUMPY_NUMBERS = frozenset({np.bool_, *(np.dtype(code).type for code in np.typecodes["AllInteger"] + "efdg")})
"""numpy's real scalar types, whose `__float__` means what it says."""

_NOT_NUMBERS = (str, bytes, bytearray, memoryview, complex, Mapping, type(None))
INT64 = range(-(1 << 63), 1 << 63)
"""The steps that there are."""


def as_double(value: Any, name: str) -> float:
    """Return the one number in `value`: a Python or numpy number, an array or tensor of one element, ...

    Raises:
        TypeError: `value` is no single real number; the message has `name`, the type and the shape.
        Exception: whatever the conversion itself raises (an int beyond a double, a failing device, ...), with
            a note that has `name`.

    """
    try:
        return float(_single(value))
    except TypeError:
        raise TypeError(f"{name!r} must be a single number, not {_describe(value)}") from None
    except Exception as error:
        error.add_note(f"{name!r} could not be converted to a number")
        raise


def as_int64(value: Any, name: str) -> int:
    """Return `value` as a step: what `int()` makes of it.

    Raises:
        TypeError: `int()` takes no such value.
        OverflowError: it does not fit in 64 bits.
        ValueError: it is NaN, or a string that is no number.

    """
    try:
        number = int(value if isinstance(value, (str, int)) else _single(value))
    except TypeError:
        raise TypeError(f"{name!r} must be an integer, not {_describe(value)}") from None
    except Exception as error:
        error.add_note(f"{name!r} could not be converted to an integer")
        raise
    if number not in INT64:
        raise OverflowError(f"{name!r} does not fit in 64 bits: {number:.3e}")
    return number


def _single(value: Any) -> Any:
    """Take a value out of its array, tensor or list of one; TypeError if it is not one real number."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        return _single(value[0])
    shape = getattr(value, "shape", None)
    if shape is not None and math.prod(shape) != 1:
        raise TypeError
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    if kind in "SUMmc":  # text, dates, complex: what numpy would make of them is no measurement
        raise TypeError
    item = getattr(value, "item", None)
    number = item() if callable(item) else value
    if type(number) is float:
        return number
    if isinstance(number, _NOT_NUMBERS):
        raise TypeError
    return number


def type_name(value: Any) -> str:
    """Return the name of a value's type, with its module unless that is Python's own."""
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _describe(value: Any) -> str:
    shape = getattr(value, "shape", None)
    return type_name(value) if shape is None else f"{type_name(value)} of shape {tuple(shape)}"

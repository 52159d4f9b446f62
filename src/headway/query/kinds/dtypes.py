"""TensorFlow's types of numbers: their names, and how their bytes become numpy's.

What numpy has no type for is widened to float32, exactly: bfloat16, float8 and float4. They are small floats: a sign,
`exponent` bits and `mantissa` bits around a bias (Micikevicius et al., arXiv 2209.05433, and ml_dtypes' variants).
"""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.events.kinds import BFLOAT16, DTYPES, FLOAT8_E4M3FN, FLOAT8_E5M2

FLOAT32, FLOAT64, STRING, COMPLEX64, INT64, BOOL, COMPLEX128, FLOAT16 = 1, 2, 7, 8, 9, 10, 18, 19
RESOURCE, VARIANT, UINT32, UINT64 = 20, 21, 22, 23

NAMES = {
    1: "float32",
    2: "float64",
    3: "int32",
    4: "uint8",
    5: "int16",
    6: "int8",
    7: "string",
    8: "complex64",
    9: "int64",
    10: "bool",
    11: "qint8",
    12: "quint8",
    13: "qint32",
    14: "bfloat16",
    15: "qint16",
    16: "quint16",
    17: "uint16",
    18: "complex128",
    19: "float16",
    20: "resource",
    21: "variant",
    22: "uint32",
    23: "uint64",
    24: "float8_e5m2",
    25: "float8_e4m3fn",
    26: "float8_e4m3fnuz",
    27: "float8_e4m3b11fnuz",
    28: "float8_e5m2fnuz",
    29: "int4",
    30: "uint4",
    31: "int2",
    32: "uint2",
    33: "float4_e2m1fn",
}
"""By the number of DataType; 100 more is a reference to one."""

_REFERENCE = 100
_SMALL_INTEGERS = {29: "|i1", 30: "|u1", 31: "|i1", 32: "|u1"}  # a byte each, as TensorFlow keeps them
_COMPLEX = {COMPLEX64: "<c8", COMPLEX128: "<c16"}


class SmallFloat(NamedTuple):
    """How the bits of a float of at most 8 bits are to be read."""

    exponent: int
    mantissa: int
    bias: int
    special: str
    """What is not finite: "ieee" as in IEEE 754; only NaN, at all ones: "nan"; at -0: "zero"; "none"."""


SMALL_FLOATS = {
    FLOAT8_E5M2: SmallFloat(5, 2, 15, "ieee"),
    FLOAT8_E4M3FN: SmallFloat(4, 3, 7, "nan"),
    26: SmallFloat(4, 3, 8, "zero"),
    27: SmallFloat(4, 3, 11, "zero"),
    28: SmallFloat(5, 2, 16, "zero"),
    33: SmallFloat(2, 1, 1, "none"),
}
STORED = DTYPES | _SMALL_INTEGERS | _COMPLEX | {BOOL: "|u1", BFLOAT16: "<u2"} | dict.fromkeys(SMALL_FLOATS, "|u1")
"""numpy's name of what an element's bytes are, before `widened`."""

ARRAYS = {*STORED, STRING}
"""The types whose tensors are arrays."""


def name_of(dtype: int) -> str:
    """Return the name of a DataType; its number where there is none."""
    if dtype - _REFERENCE in NAMES:
        return f"{NAMES[dtype - _REFERENCE]}_ref"
    return NAMES.get(dtype, f"type {dtype}")


def value_type(dtype: int) -> int:
    """Return the type of what a reference refers to; another one as it is."""
    return dtype - _REFERENCE if dtype > _REFERENCE else dtype


def widened(dtype: int, stored: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return elements of `STORED[dtype]` as numbers."""
    if dtype == BOOL:  # a hostile byte is neither 0 nor 1
        truth: NDArray[np.bool_] = stored != 0
        return truth
    if dtype == BFLOAT16:
        wide: NDArray[np.uint32] = stored.astype("<u4") << np.uint32(16)
        return wide.view("<f4")
    if dtype in SMALL_FLOATS:
        return _table(dtype)[stored.astype(np.uint8)]
    return stored


@cache
def _table(dtype: int) -> NDArray[np.float32]:
    form = SMALL_FLOATS[dtype]
    bits = 1 + form.exponent + form.mantissa
    values = [_small_float(pattern % (1 << bits), form) for pattern in range(256)]
    return np.array(values, np.float32)


def _small_float(pattern: int, form: SmallFloat) -> float:
    mantissa = pattern & ((1 << form.mantissa) - 1)
    exponent = pattern >> form.mantissa & ((1 << form.exponent) - 1)
    negative = bool(pattern >> (form.mantissa + form.exponent))
    highest = exponent == (1 << form.exponent) - 1
    if form.special == "zero" and negative and not exponent and not mantissa:
        return math.nan
    if highest and form.special == "ieee":
        size = math.nan if mantissa else math.inf
    elif highest and form.special == "nan" and mantissa == (1 << form.mantissa) - 1:
        size = math.nan
    elif exponent:
        size = math.ldexp(mantissa + (1 << form.mantissa), exponent - form.bias - form.mantissa)
    else:
        size = math.ldexp(mantissa, 1 - form.bias - form.mantissa)
    return -size if negative else size

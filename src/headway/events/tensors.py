"""TensorProto of one element: its number, whatever its numeric type.

dtype=1 · tensor_shape=2 {dim=2 {size=1}} · tensor_content=4 (little-endian, raw)
float_val=5 · double_val=6 · int_val=7 · int64_val=10 · bool_val=11 · half_val=13 · uint32_val=16 · uint64_val=17
"""

from __future__ import annotations

import math
from struct import unpack

import numpy as np

from headway.events.kinds import BFLOAT16, DTYPES, FLOAT8_E4M3FN, FLOAT8_E5M2
from headway.events.wire import BYTES, VARINT, fields

_FLOAT_VAL, _DOUBLE_VAL = 5, 6
_VARINT_VALS = (7, 10, 11, 13, 16, 17)
_WIDTHS = {BFLOAT16: 2, FLOAT8_E5M2: 1, FLOAT8_E4M3FN: 1} | {n: np.dtype(t).itemsize for n, t in DTYPES.items()}


def scalar_of(tensor: memoryview) -> float | None:
    """Return the one element of the TensorProto in `tensor`; None when it has another shape or is not numeric.

    Raises:
        ValueError: the message is malformed.
    """
    dtype, elements, content, bits = 0, 1, b"", 0
    for number, wire_type, value in fields(tensor):
        if isinstance(value, int):
            if number == 1:
                dtype = value & 0xFFFFFFFF
            elif number in (_FLOAT_VAL, _DOUBLE_VAL, *_VARINT_VALS):
                bits = value
        elif (number, wire_type) == (2, BYTES):
            elements *= _elements(value)
        elif (number, wire_type) == (4, BYTES):
            content = bytes(value)
        elif number in (_FLOAT_VAL, _DOUBLE_VAL):
            width = 4 if number == _FLOAT_VAL else 8
            if wire_type != BYTES or len(value) >= width:
                bits = int.from_bytes(value[:width] if wire_type == BYTES else value, "little")
        elif number in _VARINT_VALS and len(value):
            bits = _first_varint(value) if wire_type == BYTES else int.from_bytes(value, "little")
    width = _WIDTHS.get(dtype, 0)
    if width == 0 or elements != 1 or (content and len(content) != width):
        return None
    return _number(dtype, content or (bits & ((1 << 8 * width) - 1)).to_bytes(width, "little"))


def _elements(shape: memoryview) -> int:
    product = 1
    for number, wire_type, value in fields(shape):
        if (number, wire_type) == (2, BYTES) and not isinstance(value, int):
            size = 0
            for n, w, content in fields(value):
                size = content if (n, w) == (1, VARINT) and isinstance(content, int) else size
            product *= size
    return product


def _first_varint(packed: memoryview) -> int:
    bits = 0
    for shift, byte in enumerate(packed[:10]):
        bits |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return bits & (1 << 64) - 1
    raise ValueError("a packed varint is truncated")


def _number(dtype: int, raw: bytes) -> float:
    if dtype == BFLOAT16:  # the upper half of a float32
        return float(unpack("<f", b"\0\0" + raw)[0])
    if dtype == FLOAT8_E5M2:  # the upper half of a float16
        return float(unpack("<e", b"\0" + raw)[0])
    if dtype == FLOAT8_E4M3FN:
        return _float8_e4m3fn(raw[0])
    return float(np.frombuffer(raw, DTYPES[dtype])[0])


def _float8_e4m3fn(bits: int) -> float:
    """Micikevicius et al., arXiv 2209.05433: bias 7, no infinities, all ones is NaN."""
    sign = -1.0 if bits >> 7 else 1.0
    exponent, mantissa = bits >> 3 & 15, bits & 7
    if exponent == 15 and mantissa == 7:
        return math.nan
    if exponent == 0:
        return sign * math.ldexp(mantissa, -9)
    return sign * math.ldexp(mantissa + 8, exponent - 10)

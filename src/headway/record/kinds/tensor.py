"""Whole tensors, and arrays as TensorProtos.

dtype=1 · tensor_shape=2 · tensor_content=4 raw little-endian · float_val=5 · double_val=6 · int_val=7
· scomplex_val=9 pairs of floats · int64_val=10 · bool_val=11 · dcomplex_val=12 pairs of doubles
· half_val=13 the 16 bits of each float16 or bfloat16; all packed
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.events.messages import summary_metadata, summary_value, tensor
from headway.events.wire import message

LARGEST = (1 << 31) - 1
"""Bytes that a protobuf message may have."""

_CHUNK = 1 << 16

# Of a dtype: its number, the field its elements go into, and as what they are packed: "v" for varints.
_FORMS = {
    "float16": (19, 13, "v"),
    "float32": (1, 5, "<f4"),
    "float64": (2, 6, "<f8"),
    "int8": (6, 7, "v"),
    "int16": (5, 7, "v"),
    "int32": (3, 7, "v"),
    "int64": (9, 10, "v"),
    "uint8": (4, 7, "v"),
    "uint16": (17, 7, "v"),
    "uint32": (22, 4, "<u4"),
    "uint64": (23, 4, "<u8"),
    "bool": (10, 11, "v"),
    "complex64": (8, 9, "<c8"),
    "complex128": (18, 12, "<c16"),
}
_BFLOAT16 = (14, 13, "v")


def check_tensor(tag: str, nbytes: int) -> None:
    """Raise unless a tensor of `nbytes` fits into a message.

    Raises:
        ValueError: it does not.
    """
    if nbytes > LARGEST:
        raise ValueError(f"{tag!r}: a tensor of {nbytes:,} bytes is too large for an event: {LARGEST:,} at most")


def tensor_value(tag: str, array: NDArray[Any], bfloat16: bool = False) -> bytes:
    """Return the Summary.Value of a tensor, as torch's `add_tensor` logs it. `bfloat16`: see `tensor_of`."""
    return summary_value(tag, message(8, tensor_of(array, bfloat16)), summary_metadata("tensor"))


def tensor_of(array: NDArray[Any], bfloat16: bool = False) -> bytes:
    """Return the TensorProto of `array`: any shape, real or complex numbers or bools.

    With `bfloat16`, `array` holds float32 numbers that were bfloat16, and the tensor has their 16 bits and says so:
    half as large and for TensorFlow, as TensorBoard alone reads no tensor of that type.

    Raises:
        TypeError: there is no such tensor.
    """
    form = _BFLOAT16 if bfloat16 else _FORMS.get(array.dtype.name)
    if form is None:
        raise TypeError(f"an array of {array.dtype} cannot be a tensor")
    dtype, field, packing = form
    flat = array.reshape(-1)
    if bfloat16:
        flat = (flat.astype("<f4").view("<u4") >> 16).astype(np.uint16)
    elif array.dtype.name == "float16":
        flat = flat.astype("<f2").view("<u2")
    elements = _varints(flat) if packing == "v" else flat.astype(packing, copy=False).tobytes()
    return tensor(dtype, array.shape, message(field, elements) if elements else b"")


def _varints(integers: NDArray[Any]) -> bytes:
    """Return integers, of any type within int64, as varints one after the other."""
    shifts = np.arange(0, 70, 7, dtype=np.uint64)
    chunks = []
    for start in range(0, len(integers), _CHUNK):
        bits = integers[start : start + _CHUNK].astype(np.int64).view(np.uint64)
        rest = bits[:, None] >> shifts
        used = rest != 0
        used[:, 0] = True
        groups = (rest & np.uint64(0x7F)).astype(np.uint8)
        groups[:, :-1] |= used[:, 1:].astype(np.uint8) << 7
        chunks.append(groups[used].tobytes())
    return b"".join(chunks)

"""Tensors: a TensorProto as a numpy array.

dtype=1 · tensor_shape=2 {dim=2 {size=1} · unknown_rank=3} · tensor_content=4 raw, little-endian
or, an element after the other, packed or not: float_val=5 · double_val=6 · int_val=7 · string_val=8 · scomplex_val=9
· int64_val=10 · bool_val=11 · dcomplex_val=12 · half_val=13 · uint32_val=16 · uint64_val=17 · float8_val=18 bytes

Where fewer elements stand there than the shape has, the last one is repeated, as TensorFlow does it; none is 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.events.kinds import BFLOAT16
from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, fields, varint
from headway.query.kinds import dtypes
from headway.query.kinds.message import Message, each
from headway.query.kinds.packed import unpacked

Array = NDArray[Any]

MOST_REPEATED = 1 << 20
"""Elements of a tensor that does not hold them all: its shape is a claim, and must not fill the memory."""

_STRING_SIZE = 64
"""For how many elements a string counts then, beside its bytes: who lists it, lists it as often."""

_STRINGS, _BYTES8 = 8, 18
_FIXED = {5: (FIXED32, "<f4"), 6: (FIXED64, "<f8"), 9: (FIXED32, "<c8"), 12: (FIXED64, "<c16")}
_FIELDS = {
    dtypes.FLOAT32: 5,
    dtypes.FLOAT64: 6,
    dtypes.STRING: _STRINGS,
    dtypes.COMPLEX64: 9,
    dtypes.INT64: 10,
    dtypes.BOOL: 11,
    dtypes.COMPLEX128: 12,
    dtypes.FLOAT16: 13,
    BFLOAT16: 13,
    dtypes.UINT32: 16,
    dtypes.UINT64: 17,
} | dict.fromkeys(dtypes.SMALL_FLOATS, _BYTES8)
_INT_VAL = 7  # of all other integers
_UINT64_VAL = 17


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """An array of any shape."""

    array: Array
    """May be read-only, and a view that repeats one element. Strings are bytes, in an array of objects."""
    dtype: str
    """TensorFlow's name of it: what numpy has no type for, bfloat16 and narrower floats, is float32 in `array`."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a TensorProto says it is."""

    dtype: int
    """The number of a DataType, without references."""
    shape: tuple[int, ...] | None
    """None when it does not say."""

    @property
    def elements(self) -> int:
        """How many it claims to have."""
        return math.prod(self.shape or ())


def tensor_of(proto: memoryview) -> Tensor:
    """Read a TensorProto.

    Raises:
        ValueError: malformed; of a type that is no array (resource, variant); its shape is not that of its bytes.

    """
    header = header_of(proto)
    return Tensor(array_of(proto, header), dtypes.name_of(header.dtype))


def strings_of(proto: memoryview) -> Array:
    """Read a TensorProto of strings: an array of bytes objects.

    Raises:
        ValueError: malformed, or of another type.

    """
    header = header_of(proto)
    if header.dtype != dtypes.STRING:
        raise ValueError(f"a tensor of strings is expected, not of {dtypes.name_of(header.dtype)}")
    return array_of(proto, header)


def as_doubles(array: Array) -> NDArray[np.float64]:
    """Return real numbers as float64; a hostile NaN among them is a NaN, and no warning."""
    with np.errstate(invalid="ignore"):
        return array.astype(np.float64)


def header_of(proto: memoryview) -> Header:
    """Read what a TensorProto says of itself.

    Raises:
        ValueError: malformed; a negative size; more elements than any computer has.

    """
    message = Message(proto)
    dtype = dtypes.value_type(message.integer(1))
    shape = message.data(2)
    if not message.has(2) or Message(shape).integer(3):
        return Header(dtype, None)
    sizes = shape_of(shape)
    if any(size < 0 for size in sizes):
        raise ValueError(f"a tensor cannot have the shape {list(sizes)}")
    if len(sizes) > 32 or math.prod(size or 1 for size in sizes) >= 1 << 56:
        raise ValueError("its shape is larger than a tensor can be")
    return Header(dtype, sizes)


def shape_of(shape: memoryview) -> tuple[int, ...]:
    """Read a TensorShapeProto of known rank; -1 is an unknown size."""
    return tuple(Message(dim).integer(1) for dim in each(shape, 2))


def array_of(proto: memoryview, header: Header) -> Array:
    """Return the elements of the TensorProto that `header` was read from."""
    if header.dtype == dtypes.STRING:
        strings = [bytes(value) for value in each(proto, _STRINGS)]
        flat = np.empty(len(strings), object)
        flat[:] = strings
        return _shaped(flat, header, b"")
    stored = dtypes.STORED.get(header.dtype)
    if stored is None:
        raise ValueError(f"a tensor of {dtypes.name_of(header.dtype)} holds no numbers or strings")
    content = Message(proto).data(4)
    if len(content):
        return dtypes.widened(header.dtype, _raw(content, np.dtype(stored), header))
    flat = _typed(proto, _FIELDS.get(header.dtype, _INT_VAL))
    flat = flat.astype("<u2").view(stored) if header.dtype == dtypes.FLOAT16 else flat.astype(stored, copy=False)
    return _shaped(dtypes.widened(header.dtype, flat), header, 0)


def _raw(content: memoryview, dtype: np.dtype[Any], header: Header) -> Array:
    found, rest = divmod(len(content), dtype.itemsize)
    if rest or (header.shape is not None and found != header.elements):
        raise ValueError(f"a tensor of shape {_shown(header)}, but its content has {len(content)} bytes")
    return _shaped(np.frombuffer(content, dtype), header, 0)


def _typed(proto: memoryview, field: int) -> Array:
    """Return the elements that stand in one of the typed fields. [n]."""
    packed = bytearray()
    wanted, dtype = _FIXED.get(field, (VARINT, "|u1"))
    for number, wire_type, value in fields(proto):
        if number != field:
            continue
        if isinstance(value, memoryview):
            if wire_type in (wanted, BYTES):
                packed += value
        elif wanted == VARINT:
            packed += varint(value)
    if wanted == VARINT and field != _BYTES8:
        found = unpacked(packed)
        return found if field == _UINT64_VAL else found.view(np.int64)
    if len(packed) % np.dtype(dtype).itemsize:
        raise ValueError(f"field {field} of the tensor ends within a number")
    return np.frombuffer(packed, dtype)


def _shaped(flat: Array, header: Header, nothing: Any) -> Array:
    """Return `flat` in its shape; the last element, or `nothing`, stands for what is missing."""
    found, wanted = len(flat), header.elements
    if header.shape is None:  # nobody said: a number, or a row of them
        return flat.reshape(()) if found == 1 else flat
    if found == wanted:
        return flat.reshape(header.shape)
    size = _STRING_SIZE + len(flat[-1]) if found and header.dtype == dtypes.STRING else 1
    if found > wanted or wanted * size > MOST_REPEATED:
        raise ValueError(f"a tensor of shape {_shown(header)} has {wanted} elements, not {found}")
    if found == 0:
        flat = np.empty(1, flat.dtype)
        flat[0] = nothing
    if len(flat) == 1:
        return np.broadcast_to(flat.reshape(()), header.shape)
    whole = np.empty(wanted, flat.dtype)
    whole[:found] = flat
    whole[found:] = flat[-1]
    return whole.reshape(header.shape)


def _shown(header: Header) -> str:
    return str(list(header.shape or ()))

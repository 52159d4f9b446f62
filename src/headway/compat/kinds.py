"""The kinds of values that a field of a message can hold: what is taken, and its bytes on the wire, both ways."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import index
from typing import Any

from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, signed, varint

_DOUBLE = struct.Struct("<d")
_FLOAT = struct.Struct("<f")


class Enum:
    """Names of numbers, as protobuf's generated enums give them: `Enum.Value("A")`, `Enum.Name(1)`, `Enum.A`."""

    def __init__(self, name: str, **numbers: int) -> None:
        self._name = name
        self._numbers = numbers
        self._names = {number: text for text, number in reversed(numbers.items())}

    def Value(self, name: str) -> int:  # noqa: N802 - these are protobuf's names
        """Return the number of `name`; ValueError if there is none."""
        if name not in self._numbers:
            raise ValueError(f"Enum {self._name} has no value defined for name {name!r}")
        return self._numbers[name]

    def Name(self, number: int) -> str:  # noqa: N802
        """Return the name of `number`; ValueError if there is none."""
        if number not in self._names:
            raise ValueError(f"Enum {self._name} has no name defined for value {number!r}")
        return self._names[number]

    def keys(self) -> list[str]:
        """Return all names."""
        return [*self._numbers]

    def values(self) -> list[int]:
        """Return all numbers."""
        return [*self._numbers.values()]

    def items(self) -> list[tuple[str, int]]:
        """Return all names with their numbers."""
        return [*self._numbers.items()]

    def __getattr__(self, name: str) -> int:
        try:
            return self.__dict__["_numbers"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value."""

    wire_type: int
    default: Any
    check: Callable[[Any], Any]
    """From what a program gives to what is kept; raises TypeError or ValueError."""
    pack: Callable[[Any], bytes]
    """From what is kept to the bytes after the key; a string's or message's without its length."""
    unpack: Callable[[Any], Any]
    """Back, from an unsigned int of a varint, or from the bytes."""

    def is_default(self, value: Any) -> bool:
        """Say whether `value` is what an unset field has; -0.0 is not."""
        return not value and not (isinstance(value, float) and math.copysign(1.0, value) < 0)

    def unpack_many(self, packed: memoryview) -> Iterator[Any]:
        """Yield the numbers of a packed field."""
        size = {FIXED64: 8, FIXED32: 4}.get(self.wire_type, 0)
        if size:
            yield from map(self.unpack, (packed[at : at + size] for at in range(0, len(packed), size)))
            return
        number = shift = 0
        for byte in packed:
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                yield self.unpack(number & (1 << 64) - 1)
                number = shift = 0


def number(value: Any) -> float:
    """Return `value` as a float; TypeError for texts, which `float` would read."""
    if isinstance(value, (str, bytes, bytearray)):
        raise TypeError(f"must be a real number, not {type(value).__name__}")
    return float(value)


def single(value: Any) -> float:
    """Return the float32 next to `value`; infinite where it is too large."""
    wide = number(value)
    try:
        return float(_FLOAT.unpack(_FLOAT.pack(wide))[0])
    except OverflowError:
        return math.copysign(math.inf, wide)


def text(value: Any) -> str:
    """Return a str, or bytes of UTF-8 as one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    raise TypeError(f"bad argument type: a str is expected, not {type(value).__name__}")


def raw(value: Any) -> bytes:
    """Return bytes; TypeError for a str."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(f"expected bytes, {type(value).__name__} found")


def _integer(low: int, high: int) -> Kind:
    def check(value: Any) -> int:
        whole = index(value)
        if not low <= whole < high:
            raise ValueError(f"Value out of range: {whole}")
        return whole

    bits = (high - low).bit_length() - 1

    def unpack(whole: int) -> int:
        whole &= (1 << bits) - 1
        return whole - (1 << bits) if low and whole >= high else whole

    return Kind(VARINT, 0, check, varint, unpack)


KINDS = {
    "double": Kind(FIXED64, 0.0, number, _DOUBLE.pack, lambda packed: _DOUBLE.unpack(packed)[0]),
    "float": Kind(FIXED32, 0.0, single, _FLOAT.pack, lambda packed: _FLOAT.unpack(packed)[0]),
    "int32": _integer(-(1 << 31), 1 << 31),
    "int64": _integer(-(1 << 63), 1 << 63),
    "uint32": _integer(0, 1 << 32),
    "uint64": _integer(0, 1 << 64),
    "bool": Kind(VARINT, False, lambda value: bool(index(value)), varint, bool),
    "string": Kind(
        BYTES,
        "",
        text,
        lambda value: value.encode("utf-8", "replace"),
        lambda packed: str(packed, "utf-8", "replace"),
    ),
    "bytes": Kind(BYTES, b"", raw, bytes, bytes),
}


def enum_kind(enum: Enum) -> Kind:
    """Return the kind of a field of `enum`: names and numbers are taken, numbers are kept."""

    def check(value: Any) -> int:
        return enum.Value(value) if isinstance(value, str) else int(KINDS["int32"].check(value))

    return Kind(VARINT, 0, check, varint, lambda whole: signed(whole))

"""Messages with the interface of protobuf's, and without protobuf.

A subclass declares its `Field`s; `headway.compat.tensorboardX.proto` has those of TensorBoard. They are read and
written by `headway.events.wire`. Fields that are not declared are kept, behind the others.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.text_format import message_text
from headway.events.wire import BYTES, VARINT, fields, key, message, varint


class Message:
    """A message of protobuf 3.

    Unset fields read as their defaults; a message, list or map that is read there enters when it is changed.
    Two messages are equal when their bytes are, also with protobuf's own of the same name.
    """

    _fields: ClassVar[dict[str, Field]] = {}
    _numbered: ClassVar[dict[int, Field]] = {}
    _oneofs: ClassVar[dict[str, list[str]]] = {}

    _values: dict[str, Any]  # of the fields that are set
    _empty: dict[str, Any]  # what was read of others and could still be changed
    _unknown: bytes
    _enter: Any  # makes this a part of the message that it was read from

    def __init_subclass__(cls) -> None:
        declared = [field for field in vars(cls).values() if isinstance(field, Field)]
        cls._fields = {field.name: field for field in declared}
        cls._numbered = {field.number: field for field in sorted(declared, key=lambda field: field.number)}
        cls._oneofs = {}
        for field in declared:
            setattr(cls, f"{field.name.upper()}_FIELD_NUMBER", field.number)
            if field.oneof:
                cls._oneofs.setdefault(field.oneof, []).append(field.name)
        for enum in [enum for enum in vars(cls).values() if isinstance(enum, Enum)]:
            for name, number in enum.items():
                setattr(cls, name, number)

    def __init__(self, **given: Any) -> None:
        """Take fields by name: values, messages or dicts of their fields, lists, dicts; None leaves one unset."""
        self._values = {}
        self._empty = {}
        self._unknown = b""
        self._enter = None
        for name, value in given.items():
            if name not in self._fields:
                raise ValueError(f'Protocol message {type(self).__name__} has no "{name}" field.')
            if value is not None:
                self._fields[name].fill(self, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._fields and name not in Message.__annotations__:
            raise AttributeError(f'Protocol message {type(self).__name__} has no "{name}" field.')
        object.__setattr__(self, name, value)

    # ---- what is there

    def HasField(self, name: str) -> bool:  # noqa: N802 - these are protobuf's names
        """Say whether a message, or a field or the whole of a oneof, is set; ValueError for others."""
        if name in self._oneofs:
            return self.WhichOneof(name) is not None
        field = self._named(name)
        if field.plural or not (field.oneof or field.message):
            raise ValueError(f"Field {type(self).__name__}.{name} does not have presence.")
        return name in self._values

    def WhichOneof(self, oneof: str) -> str | None:  # noqa: N802
        """Return which field of `oneof` is set, if one is."""
        if oneof not in self._oneofs:
            raise ValueError(f'Protocol message {type(self).__name__} has no oneof "{oneof}" field.')
        return next((name for name in self._oneofs[oneof] if name in self._values), None)

    def ListFields(self) -> list[tuple[Field, Any]]:  # noqa: N802
        """Return the fields that are set, by number, with their values."""
        return [(field, self._values[field.name]) for field in self._numbered.values() if field.name in self._values]

    def IsInitialized(self) -> bool:  # noqa: N802
        """Return True: nothing is required."""
        return True

    # ---- changes

    def SetInParent(self) -> None:  # noqa: N802
        """Make this a part of the message that it was read from, as setting a field of it does."""
        enter = self._enter
        if enter is not None:
            self._enter = None
            enter()

    def ClearField(self, name: str) -> None:  # noqa: N802
        """Unset a field, or what is set of a oneof."""
        which = self.WhichOneof(name) if name in self._oneofs else self._named(name).name
        if which is not None:
            self._values.pop(which, None)
            self._empty.pop(which, None)
        self.SetInParent()

    def Clear(self) -> None:  # noqa: N802
        """Unset everything."""
        self._values.clear()
        self._empty.clear()
        self._unknown = b""
        self.SetInParent()

    def MergeFrom(self, other: Any) -> None:  # noqa: N802
        """Take everything that is set in `other`; lists are joined, messages merged."""
        self.MergeFromString(type(self).taken_from(other).SerializeToString())
        self.SetInParent()

    def CopyFrom(self, other: Any) -> None:  # noqa: N802
        """Become a copy of `other`."""
        if other is not self:
            copy = type(self).taken_from(other)
            self.Clear()
            self.MergeFrom(copy)

    # ---- bytes

    def SerializeToString(self, deterministic: bool = True) -> bytes:  # noqa: N802, ARG002 - it always is
        """Return the encoded message."""
        return b"".join([field.encode(value) for field, value in self.ListFields()]) + self._unknown

    SerializePartialToString = SerializeToString

    def ByteSize(self) -> int:  # noqa: N802
        """Return how many bytes the encoded message has."""
        return len(self.SerializeToString())

    def MergeFromString(self, encoded: bytes | bytearray | memoryview) -> int:  # noqa: N802
        """Take what an encoded message holds; return its length.

        Raises:
            ValueError: it is no well-formed message.

        """
        for number, wire_type, value in fields(encoded):
            field = self._numbered.get(number)
            if field is None or not field.decode(self, wire_type, value):
                self._unknown += _raw(number, wire_type, value)
        return len(encoded)

    def ParseFromString(self, encoded: bytes | bytearray | memoryview) -> int:  # noqa: N802
        """Become what an encoded message holds; return its length."""
        self.Clear()
        return self.MergeFromString(encoded)

    @classmethod
    def FromString(cls, encoded: bytes | bytearray | memoryview) -> Self:  # noqa: N802
        """Return the message that is encoded."""
        read = cls()
        read.MergeFromString(encoded)
        return read

    @classmethod
    def taken_from(cls, value: Any) -> Self:
        """Return a copy of a message of this class, also protobuf's own, or one made from a dict of its fields."""
        if isinstance(value, dict):
            return cls(**value)
        if _name(value) != cls.__name__:
            raise TypeError(f"a {cls.__name__} is expected, not {type(value).__name__}")
        return cls.FromString(value.SerializeToString())

    # ---- as a Python object

    def __eq__(self, other: object) -> bool:
        if _name(other) != type(self).__name__:
            return NotImplemented
        return self.SerializeToString() == type(self).taken_from(other).SerializeToString()

    def __hash__(self) -> NoReturn:
        raise TypeError("unhashable object")

    def __str__(self) -> str:
        return message_text(self)

    __repr__ = __str__

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).FromString, (self.SerializeToString(),)

    def _named(self, name: str) -> Field:
        if name not in self._fields:
            raise ValueError(f'Protocol message {type(self).__name__} has no field "{name}".')
        return self._fields[name]


def _name(value: object) -> str:
    """Return the name of a message's class, ours or protobuf's; "" for something else."""
    return type(value).__name__ if hasattr(value, "SerializeToString") else ""


def _raw(number: int, wire_type: int, value: int | memoryview) -> bytes:
    """Return an undeclared field as it was."""
    if isinstance(value, int):
        return key(number, VARINT) + varint(value)
    return message(number, bytes(value)) if wire_type == BYTES else key(number, wire_type) + bytes(value)

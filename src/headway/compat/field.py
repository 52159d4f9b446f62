"""A field of a message: how it is declared, read, set, and written.

class Value(Message):
    tag = Field(1, "string")
    histo = Field(5, HistogramProto, oneof="value")
    numbers = Field(6, "double", repeated=True)
    attr = Field(7, lambda: AttrValue, map=True)  # from strings to messages; there are no other maps here
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from headway.compat.containers import Map, Repeated
from headway.compat.kinds import KINDS, Enum, Kind, enum_kind
from headway.events.wire import BYTES, key, message

if TYPE_CHECKING:
    from headway.compat.message import Message

_TEXT = KINDS["string"]


class Field:
    """A declared field; a data descriptor of its message class.

    Args:
        number: on the wire.
        type: a name in `KINDS`, an enum, a message class, or a function that returns one that comes later.
        repeated: it holds a list.
        map: it holds a dict from strings to messages.
        oneof: the group of fields of which one is set at most.

    """

    name: str

    def __init__(
        self,
        number: int,
        type: str | Enum | type[Message] | Callable[[], type[Message]],
        *,
        repeated: bool = False,
        map: bool = False,
        oneof: str = "",
    ) -> None:
        self.number = number
        self.repeated = repeated
        self.map = map
        self.oneof = oneof
        self._type = type

    def __set_name__(self, owner: type[Message], name: str) -> None:
        self.name = name

    @cached_property
    def enum(self) -> Enum | None:
        """The enum that the values are of, if they are of one."""
        return self._type if isinstance(self._type, Enum) else None

    @cached_property
    def message(self) -> type[Message] | None:
        """The class of the values, if they are messages."""
        if isinstance(self._type, (str, Enum)):
            return None
        return self._type if isinstance(self._type, type) else self._type()

    @cached_property
    def kind(self) -> Kind:
        """How one value is checked, written and read."""
        if self.message is not None:
            made = self.message
            return Kind(BYTES, None, made.taken_from, lambda value: value.SerializeToString(), made.FromString)
        return enum_kind(self.enum) if self.enum is not None else KINDS[str(self._type)]

    @property
    def plural(self) -> bool:
        """Whether it is repeated or a map."""
        return self.repeated or self.map

    # ---- as an attribute

    def __get__(self, owner: Message | None, _: type[Message]) -> Any:
        if owner is None:
            return self
        value = owner._values.get(self.name)
        return self._unset(owner) if value is None else value

    def _unset(self, owner: Message) -> Any:
        """Return what an unset field reads as; what can be changed in place enters the message once it is."""
        if self.message is None and not self.repeated:
            return self.kind.default
        if self.name not in owner._empty:
            owner._empty[self.name] = self._container(owner) if self.plural else self._part(owner)
        return owner._empty[self.name]

    def _container(self, owner: Message) -> Repeated | Map:
        def changed(filled: Repeated | Map) -> None:
            if filled:
                self.put(owner, filled)
            else:
                self.clear(owner)

        return Repeated(self.kind, self.message, changed) if self.repeated else Map(self.message, changed)

    def _part(self, owner: Message) -> Message:
        assert self.message is not None
        part = self.message()
        part._enter = lambda: self.put(owner, part)
        return part

    def __set__(self, owner: Message, value: Any) -> None:
        if self.plural or self.message is not None:
            word = "repeated" if self.plural else "message"
            raise AttributeError(f'Assignment not allowed to {word} field "{self.name}" in protocol message object.')
        self._store(owner, self.kind.check(value))

    def _store(self, owner: Message, value: Any) -> None:
        if not self.oneof and self.kind.is_default(value):
            owner._values.pop(self.name, None)
            owner.SetInParent()
        else:
            self.put(owner, value)

    def put(self, owner: Message, value: Any) -> None:
        """Make `value`, a checked one, the field's; the others of its oneof are unset."""
        for other in owner._oneofs.get(self.oneof, ()):
            if other != self.name:
                owner._values.pop(other, None)
        owner._values[self.name] = value
        owner._empty.pop(self.name, None)
        owner.SetInParent()

    def clear(self, owner: Message) -> None:
        """Unset the field. A list or map that has been handed out goes on belonging to it."""
        value = owner._values.pop(self.name, None)
        if self.plural and value is not None and not value:
            owner._empty[self.name] = value

    def fill(self, owner: Message, value: Any) -> None:
        """Give the field what the constructor got for it."""
        if self.plural:
            self.__get__(owner, type(owner)).MergeFrom(value)
        elif self.message is not None:
            self.put(owner, self.kind.check(value))
        else:
            self.__set__(owner, value)

    # ---- on the wire

    def encode(self, value: Any) -> bytes:
        """Return the field that holds `value`."""
        if self.map:
            entries = (message(1, _TEXT.pack(name)) + self._one(2, value[name]) for name in sorted(value))
            return b"".join(message(self.number, entry) for entry in entries)
        if not self.repeated:
            return self._one(self.number, value)
        if self.kind.wire_type == BYTES:
            return b"".join(self._one(self.number, item) for item in value)
        return message(self.number, b"".join(map(self.kind.pack, value)))

    def _one(self, number: int, value: Any) -> bytes:
        packed = self.kind.pack(value)
        if self.kind.wire_type == BYTES:
            return message(number, packed)
        return key(number, self.kind.wire_type) + packed

    def decode(self, owner: Message, wire_type: int, value: Any) -> bool:
        """Take a value from the wire into `owner`; False if it is of another wire type than the field's."""
        kind = self.kind
        if self.repeated and wire_type == BYTES != kind.wire_type:
            self.__get__(owner, type(owner)).take(kind.unpack_many(value))
        elif wire_type != kind.wire_type:
            return False
        elif self.map:
            self.__get__(owner, type(owner)).take(value)
        elif self.repeated:
            self.__get__(owner, type(owner)).take([kind.unpack(value)])
        elif self.message is not None:
            part = self.__get__(owner, type(owner))
            part.MergeFromString(value)
            part.SetInParent()
        else:
            self._store(owner, kind.unpack(value))
        return True

"""What repeated fields and maps hold: a list, and a dict of messages, that tell their message of changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, MutableSequence
from typing import TYPE_CHECKING, Any

from headway.compat.kinds import KINDS, Kind
from headway.events.wire import BYTES, fields

if TYPE_CHECKING:
    from headway.compat.message import Message


class Repeated(MutableSequence[Any]):
    """The values of a repeated field; `changed` is called with it after each change."""

    def __init__(self, kind: Kind, message: type[Message] | None, changed: Callable[[Repeated], None]) -> None:
        self._kind = kind
        self._message = message
        self._changed = changed
        self._items: list[Any] = []

    def __getitem__(self, at: Any) -> Any:
        return self._items[at]

    def __setitem__(self, at: Any, value: Any) -> None:
        check = self._kind.check
        self._items[at] = [check(item) for item in value] if isinstance(at, slice) else check(value)
        self._changed(self)

    def __delitem__(self, at: Any) -> None:
        del self._items[at]
        self._changed(self)

    def __len__(self) -> int:
        return len(self._items)

    def insert(self, at: int, value: Any) -> None:
        """Put `value` before the one at `at`."""
        self._items.insert(at, self._kind.check(value))
        self._changed(self)

    def extend(self, values: Iterable[Any]) -> None:
        """Append all of `values`, or none if one of them is refused."""
        self.take([self._kind.check(value) for value in values])

    MergeFrom = extend

    def take(self, values: Iterable[Any]) -> None:
        """Append values that need no check."""
        self._items.extend(values)
        self._changed(self)

    def add(self, **given: Any) -> Any:
        """Append a new message and return it."""
        if self._message is None:
            raise AttributeError("only a list of messages has add()")
        made = self._message(**given)
        self.take([made])
        return made

    def sort(self, **how: Any) -> None:
        """Sort in place, as a list does."""
        self._items.sort(**how)

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, Repeated) else other)

    def __repr__(self) -> str:
        return repr(self._items)


class Map(MutableMapping[str, Any]):
    """The entries of a map; `changed` is called with it after each change.

    A message appears when it is asked for; it cannot be assigned. That is how protobuf's maps of messages are.
    """

    def __init__(self, message: type[Message] | None, changed: Callable[[Map], None]) -> None:
        assert message is not None
        self._message = message
        self._changed = changed
        self._entries: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        name = KINDS["string"].check(name)
        if name not in self._entries:
            self._entries[name] = self._message()
            self._changed(self)
        return self._entries[name]

    get_or_create = __getitem__

    def __setitem__(self, name: str, value: Any) -> None:
        raise ValueError("Direct assignment of submessage not allowed")

    def __delitem__(self, name: str) -> None:
        del self._entries[name]
        self._changed(self)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def get(self, name: str, default: Any = None) -> Any:
        """Return the entry of `name`, or `default`; nothing appears."""
        return self._entries.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def MergeFrom(self, entries: Mapping[str, Any]) -> None:  # noqa: N802 - protobuf's name
        """Take copies of all `entries`."""
        self._entries |= {KINDS["string"].check(name): self._message.taken_from(entries[name]) for name in entries}
        self._changed(self)

    def take(self, entry: memoryview) -> None:
        """Take an entry from the wire."""
        name, value = "", self._message()
        for number, wire_type, content in fields(entry):
            if wire_type != BYTES or isinstance(content, int):
                continue
            if number == 1:
                name = KINDS["string"].unpack(content)
            elif number == 2:
                value.MergeFromString(content)
        self._entries[name] = value
        self._changed(self)

    def __repr__(self) -> str:
        return repr(self._entries)

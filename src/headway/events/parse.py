"""Events as they are read: see `messages` for their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct

from headway.events.wire import BYTES, FIXED64, VARINT, Field, fields, signed

_DOUBLE = Struct("<d")


@dataclass(slots=True)
class Event:
    """One Event as it was read."""

    wall_time: float = 0.0
    step: int = 0
    file_version: str | None = None
    session_status: int | None = None
    values: list[list[Field]] = field(default_factory=list)
    """The raw fields of each Summary.Value; their bytes point into the payload."""
    others: list[Field] = field(default_factory=list)
    """Every other field (graphs, log messages, ...), so that nothing is lost."""


def parse_event(payload: bytes | bytearray | memoryview) -> Event:
    """Read the Event in `payload`.

    Raises:
        ValueError: `payload` is no well-formed message.

    """
    read = Event()
    for number, wire_type, value in fields(payload):
        if isinstance(value, int):
            if number == 2:
                read.step = signed(value)
                continue
        elif (number, wire_type) == (1, FIXED64):
            (read.wall_time,) = _DOUBLE.unpack(value)
            continue
        elif (number, wire_type) == (3, BYTES):
            read.file_version = str(value, "utf-8", "replace")
            continue
        elif (number, wire_type) == (5, BYTES):
            read.values += [list(fields(item)) for item in _embedded(value, 1)]
            continue
        elif (number, wire_type) == (7, BYTES):
            read.session_status = _status(value)
            continue
        read.others.append((number, wire_type, value))
    return read


def _embedded(buffer: memoryview, number: int) -> list[memoryview]:
    """Return the embedded messages in field `number` of the message in `buffer`."""
    found = []
    for this, wire_type, value in fields(buffer):
        if (this, wire_type) == (number, BYTES) and isinstance(value, memoryview):
            found.append(value)
    return found


def _status(session_log: memoryview) -> int:
    status = 0
    for number, wire_type, value in fields(session_log):
        if (number, wire_type) == (1, VARINT) and isinstance(value, int):
            status = value
    return status

"""Messages as text, in the form of protobuf's text format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headway.compat.kinds import KINDS, single
from headway.record.kinds.pbtxt import quoted

if TYPE_CHECKING:
    from headway.compat.field import Field
    from headway.compat.message import Message


def message_text(message: Message) -> str:
    """Return the text of `message`: a line a value, in the order of the fields' numbers, as protobuf prints it."""
    return "".join(f"{line}\n" for line in _lines(message))


def _lines(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.map:
            for name in sorted(value):
                yield f"{field.name} {{"
                if name:
                    yield f"  key: {quoted(name)}"
                yield from _indented("value", value[name], "  ")
                yield "}"
            continue
        for item in value if field.repeated else [value]:
            if field.message is None:
                yield f"{field.name}: {_text(field, item)}"
            else:
                yield from _indented(field.name, item)


def _indented(name: str, message: Message, margin: str = "") -> Iterator[str]:
    yield f"{margin}{name} {{"
    for line in _lines(message):
        yield f"{margin}  {line}"
    yield f"{margin}}}"


def _text(field: Field, value: Any) -> str:
    if field.enum is not None:
        return field.enum.Name(value) if value in field.enum.values() else str(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, bytes)):
        return quoted(value)
    return str(_shortest(value)) if field.kind is KINDS["float"] else str(value)


def _shortest(value: float) -> float:
    """Return the float with the fewest decimal digits, six at least, that is `value` as a float32."""
    candidates = (float(f"{value:.{digits}g}") for digits in range(6, 9))
    return next((short for short in candidates if single(short) == value), float(f"{value:.9g}"))

"""Attributes of a graph's nodes, as values that people can read.

AttrValue     list=1 | s=2 bytes | i=3 | f=4 | b=5 | type=6 | shape=7 | tensor=8 | placeholder=9 | func=10
ListValue     s=2 · i=3 · f=4 · b=5 · type=6 · shape=7 · tensor=8 · func=9, each repeated
NameAttrList  name=1 · attr=2 map of AttrValue
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headway.events.wire import fields
from headway.query.kinds.dtypes import ARRAYS, name_of
from headway.query.kinds.message import DEEPEST, Message, each, entries, integers, singles
from headway.query.kinds.tensor import array_of, header_of, shape_of

SHOWN = 32
"""Elements of a tensor that are listed; of a larger one, the type and shape."""


def attributes_of(node: memoryview, number: int, depth: int = 0) -> dict[str, Any]:
    """Return the map of AttrValues in field `number`; see `attribute_of`."""
    return {name: attribute_of(value, depth) for name, value in entries(node, number)}


def attribute_of(encoded: memoryview, depth: int = 0) -> Any:
    """Return an AttrValue as plain data.

    A text (bytes that are no UTF-8 escaped as Python does it), a number, a bool, a list of these; a type as its name;
    a shape as a list, -1 an unknown size, None an unknown rank; a tensor as {"dtype", "shape", "values"}, these last
    only where they are few; a function as {"function", "attributes"}; a placeholder as {"placeholder"}.

    Raises:
        ValueError: malformed, or nested beyond reason.

    """
    if depth > DEEPEST:
        raise ValueError(f"an attribute is nested deeper than {DEEPEST} levels")
    message = Message(encoded)
    which = message.which(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    match which:
        case 1:
            return _list(message.data(1), depth)
        case 3:
            return message.integer(3)
        case 4:
            return message.number(4)
        case 5:
            return bool(message.integer(5))
        case 6:
            return name_of(message.integer(6))
        case 9:
            return {"placeholder": message.text(9)}
        case 10:
            return _function(message.data(10), depth)
        case 2 | 7 | 8:
            return _PARTS[which](message.data(which))
    return None


def _list(encoded: memoryview, depth: int) -> list[Any]:
    found: list[Any] = []
    for number in {number: None for number, _, _ in fields(encoded)}:  # nearly always one
        match number:
            case 2 | 7 | 8:
                found += map(_PARTS[number], each(encoded, number))
            case 3:
                found += integers(encoded, 3).tolist()
            case 4:
                found += singles(encoded, 4).tolist()
            case 5:
                found += map(bool, integers(encoded, 5).tolist())
            case 6:
                found += map(name_of, integers(encoded, 6).tolist())
            case 9:
                found += [_function(value, depth) for value in each(encoded, 9)]
    return found


def _function(encoded: memoryview, depth: int) -> dict[str, Any] | None:
    if not len(encoded):
        return None
    return {"function": Message(encoded).text(1), "attributes": attributes_of(encoded, 2, depth + 1)}


def _text(data: memoryview) -> str:
    return str(data, "utf-8", "backslashreplace")


def _shape(encoded: memoryview) -> list[int] | None:
    return None if Message(encoded).integer(3) else list(shape_of(encoded))


def _tensor(encoded: memoryview) -> dict[str, Any] | None:
    if not len(encoded):
        return None
    header = header_of(encoded)
    shape = None if header.shape is None else list(header.shape)
    told: dict[str, Any] = {"dtype": name_of(header.dtype), "shape": shape}
    if header.dtype in ARRAYS and header.elements <= SHOWN:
        values = array_of(encoded, header)
        if values.size <= SHOWN:
            told["values"] = [_readable(value) for value in values.ravel().tolist()]
    return told


def _readable(value: Any) -> Any:
    if isinstance(value, bytes):
        return str(value, "utf-8", "backslashreplace")
    return str(value) if isinstance(value, complex) else value


_PARTS: dict[int, Callable[[memoryview], Any]] = {2: _text, 7: _shape, 8: _tensor}
"""What is there as bytes, alone and in a list, by the number of its field in both."""

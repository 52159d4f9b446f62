"""What `Run.log` is given when it is more than numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from headway.record.values import Value

_MAX_DEPTH = 64


class Mixture(NamedTuple):
    """The contents of nested mappings, by their tags: the keys, joined with "/"."""

    numbers: dict[str, Any]
    """Whatever is no Value, so it should be a number."""
    values: dict[str, Value]


def sort_out(logged: Any) -> Mixture:
    """Return the numbers and the Values in `logged`.

    Raises:
        TypeError: it is no mapping, a key is no string or empty, a value is a text.

    """
    found = Mixture({}, {})
    _sort(logged, "", 0, found)
    return found


def _sort(logged: Any, prefix: str, depth: int, found: Mixture) -> None:
    if depth > _MAX_DEPTH:
        raise TypeError(f"values are nested deeper than {_MAX_DEPTH} levels at {prefix!r}")
    if not isinstance(logged, Mapping):
        raise TypeError(f"values must be a mapping of tags to numbers, not {type(logged).__name__}")
    for key, value in logged.items():
        if not isinstance(key, str) or not key:
            raise TypeError(f"a key must be a str that is not empty, not {key!r} (below {prefix!r})")
        tag = prefix + key
        if isinstance(value, Mapping):
            _sort(value, f"{tag}/", depth + 1, found)
        elif isinstance(value, Value):
            found.values[tag] = value.frozen()
        elif isinstance(value, str):
            raise TypeError(f"{tag!r} is a str; to log a text, make it one: headway.Text(...)")
        else:
            found.numbers[tag] = value

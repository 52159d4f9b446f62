"""What a person says of a run: its fields, and what may stand in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from headway.errors import HeadwayError

LONGEST_NAME = 200
"""Characters of a name, a tag, a group, or a view's name."""
LONGEST_NOTE = 64 << 10
MOST_TAGS = 100
LARGEST_STATE = 256 << 10
"""Characters of a view's state, as JSON."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(slots=True, frozen=True)
class Mark:
    """What was said of one run; by default, nothing."""

    name: str = ""
    """To be shown instead of the run's own."""
    note: str = ""
    """Markdown."""
    tags: tuple[str, ...] = ()
    archived: bool = False
    """Not to be shown unless somebody asks."""
    group: str = ""
    colour: str = ""
    """`#rrggbb`."""
    pinned: bool = False
    """To be shown first."""


FIELDS = tuple(field.name for field in fields(Mark))
NOTHING = Mark()


def checked(field: str, value: Any) -> Any:
    """Return `value` as the field of a mark holds it; None becomes the default.

    Raises:
        HeadwayError: there is no such field, or it cannot hold that.
    """
    if field not in FIELDS:
        raise HeadwayError(f"a mark has no field {field!r}; it has {', '.join(FIELDS)}")
    if value is None:
        return getattr(NOTHING, field)
    return _CHECKS[field](field, value)


def checked_view(name: Any, state: Any) -> tuple[str, Any]:
    """Return a view's name and state.

    Raises:
        HeadwayError: the name is empty or no line, or the state no JSON or too large.
    """
    if not _line("the name of a view", name):
        raise HeadwayError("a view needs a name")
    try:
        text = json.dumps(state, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise HeadwayError(f"the state of view {name!r} is no JSON: {error}") from error
    if len(text) > LARGEST_STATE:
        raise HeadwayError(f"the state of view {name!r} has {len(text):,} characters; {LARGEST_STATE:,} at most")
    return name, state


def _line(field: str, value: Any) -> str:
    text = _text(field, value, LONGEST_NAME).strip()
    if not text.isprintable():
        raise HeadwayError(f"{field} must be one line of printable text, not {text!r}")
    return text


def _note(field: str, value: Any) -> str:
    return _text(field, value, LONGEST_NOTE)


def _text(field: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise HeadwayError(f"{field} must be a text, not {value!r:.80}")
    if len(value) > longest:
        raise HeadwayError(f"{field} has {len(value):,} characters; {longest:,} at most")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise HeadwayError(f"{field} is no valid Unicode: {value!r:.80}") from error
    return value


def _flag(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise HeadwayError(f"{field} must be true or false, not {value!r:.80}")
    return value


def _tags(field: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise HeadwayError(f"{field} must be a list of texts, not {value!r:.80}")
    tags = tuple(dict.fromkeys(filter(None, (_line("a tag", tag) for tag in value))))
    if len(tags) > MOST_TAGS:
        raise HeadwayError(f"{len(tags)} tags; {MOST_TAGS} at most")
    return tags


def _colour(field: str, value: Any) -> str:
    text = _line(field, value)
    if text and not _COLOUR.fullmatch(text):
        raise HeadwayError(f"{field} must be like #1f77b4, not {text!r}")
    return text.lower()


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "name": _line,
    "note": _note,
    "tags": _tags,
    "archived": _flag,
    "group": _line,
    "colour": _colour,
    "pinned": _flag,
}

"""Regular expressions that a person gives, which must not take for ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

LONGEST = 200
"""Characters of a pattern."""
LONGEST_TEXT = 200
"""Characters of a text that are looked at."""
MOST_WAYS = LONGEST_TEXT**3
"""Ways to divide a text among the parts of a pattern: three `.*`, or the like."""

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def compiled(pattern: str) -> Callable[[str], bool]:
    """Return what says whether `pattern` is found in a text.

    Python's engine tries one way after the other, for ever with patterns like `(a+)+$`. So a choice within a repeat
    is refused, and so are patterns with too many ways; texts are looked at up to their 200th character.

    Raises:
        ValueError: it is no regular expression, or one of those.
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"a regular expression may have {LONGEST} characters, not {len(pattern)}")
    try:
        found = re.compile(pattern)
        ways = _ways(_parsed(pattern), repeated=False)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"no regular expression: {error}") from None
    if ways > MOST_WAYS:
        raise ValueError("this regular expression could take very long: more than three repeats, or too many choices")
    return lambda text: found.search(text[:LONGEST_TEXT]) is not None


def _parsed(pattern: str) -> Any:
    from re import _parser  # type: ignore[attr-defined]

    return _parser.parse(pattern)


def _ways(node: Any, repeated: bool) -> int:
    """In how many ways the parts of a parsed pattern may match some text, at most."""
    ways = 1
    for operation, content in node:
        own, inner, within = _choice(str(operation), content, repeated)
        if own > 1 and repeated:
            raise ValueError("a choice within a repeat can take for ever, as in (a+)+ or (a|ab)*")
        ways *= own
        for part in inner:
            ways = min(ways * _ways(part, within), MOST_WAYS + 1)
    return ways


def _choice(operation: str, content: Any, repeated: bool) -> tuple[int, list[Any], bool]:
    """Among how many ways an operation chooses, the patterns within it, and whether they are repeated."""
    if operation in _REPEATS:
        least, most, part = content
        return min(int(most) - int(least), LONGEST_TEXT - 1) + 1, [part], repeated or int(most) > 1
    if operation == "BRANCH":
        return len(content[1]), list(content[1]), repeated
    parts = content if isinstance(content, tuple) else (content,)
    return 1, [part for part in parts if type(part).__name__ == "SubPattern"], repeated

"""What a name that is not there may have been meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 10_000
"""Names that are compared: it takes a while for each."""


def near(name: str, names: Iterable[str]) -> str:
    """Return the end of an error's message: the names like `name`, if there are any."""
    few = [known for known, _ in zip(names, range(MOST), strict=False)]
    found = get_close_matches(name, few, n=3)
    return f"; did you mean {', '.join(map(repr, found))}?" if found else ""

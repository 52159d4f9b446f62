"""Event files that lie in pieces, as in an object store: the pieces of one file are one file again.

What a piece is called is the recorder's: `….<8 hexadecimal digits>.p<number><suffix>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Key = tuple[str, int]
"""(path, session)."""
Sessions = Mapping[Key, tuple[int | None, float, float]]
"""(path, session) → the step it said it starts at or None, its first and its last wall time."""

_NUMBER = re.compile(r"(?<=\.[0-9a-f]{8})\.p\d{6,}")


def rejoined(sessions: Sessions) -> tuple[dict[Key, Key], Sessions]:
    """Return which session of a whole file each session of a piece belongs to, and the sessions of whole files.

    A piece goes on with the session of the one before it; only a session that says where it starts is another.
    """
    whole: dict[Key, tuple[int | None, float, float]] = {}
    place: dict[Key, Key] = {}
    count: dict[str, int] = {}
    for key in sorted(sessions):
        path, session = key
        start, first, last = sessions[key]
        file = _NUMBER.sub("", path)
        if file != path:
            count[file] = count.get(file, 0) + (start is not None)
            session = count[file]
        place[key] = (file, session)
        start, *walls = whole.get(place[key], (start, first, last))
        whole[place[key]] = (start, min(first, walls[0]), max(last, walls[1]))
    return place, whole

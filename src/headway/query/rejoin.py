"""Event files that lie in pieces, as in an object store: the pieces of one file are one file again.

What a piece is called is the recorder's: `….<8 hexadecimal digits>.p<number><suffix>`.
"""

from __future__ import annotations

import re

from headway.store.rows import Session, Sessions

Key = tuple[str, int]
"""(path, session)."""

_NUMBER = re.compile(r"(?<=\.[0-9a-f]{8})\.p\d{6,}")


def rejoined(sessions: Sessions) -> tuple[dict[Key, Key], Sessions]:
    """Return which session of a whole file each session of a piece belongs to, and the sessions of whole files.

    A piece goes on with the session of the one before it; only a session that says where it starts is another.
    """
    whole: dict[Key, Session] = {}
    place: dict[Key, Key] = {}
    count: dict[str, int] = {}
    for key in sorted(sessions):
        path, session = key
        known = sessions[key]
        file = _NUMBER.sub("", path)
        if file != path:
            count[file] = count.get(file, 0) + (known.start is not None)
            session = count[file]
        place[key] = (file, session)
        whole[place[key]] = whole.get(place[key], known).joined(known)
    return place, whole

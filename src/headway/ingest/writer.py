"""Who wrote an event file: what its first record says, and its name."""

from __future__ import annotations

import re

from headway.events.framing import FOOTER, HEADER
from headway.events.wire import BYTES, fields

_SAID = re.compile(r"(?:^| )rank=(\d{1,9})(?: |$)")
_NAMED = re.compile(r"\.rank(\d{1,9})(?!\d)")
LONGEST = 1_000
"""Characters that are kept of what a file says."""


def said_writer(start: bytes | memoryview) -> str:
    """Return `source_metadata.writer` of the first record of the file that begins with `start`, "" if it has none."""
    view = memoryview(start)
    size = int.from_bytes(view[:8], "little")
    payload = view[HEADER : HEADER + size]
    if len(view) < HEADER + size + FOOTER:
        return ""
    try:
        for number, wire_type, content in fields(payload):
            if (number, wire_type) == (10, BYTES) and not isinstance(content, int):
                for inner, inner_type, text in fields(content):
                    if (inner, inner_type) == (1, BYTES) and not isinstance(text, int):
                        return str(text, "utf-8", "replace")[:LONGEST]
    except ValueError:  # no Event: the decoder says so
        pass
    return ""


def rank(writer: str, name: str) -> int | None:
    """Return which process of a distributed run writes the file `name`, when its `writer` or the name says so."""
    found = _SAID.search(writer) or next(reversed(list(_NAMED.finditer(name))), None)
    return int(found[1]) if found else None

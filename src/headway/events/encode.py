"""The encoder of scalars: a buffer that turns what is logged into ready-made records.

`EventBuffer` is the compiled one (`_encode.pyx`) where there is one, else its twin here; the twin says what
both do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from headway.events.framing import FOOTER, HEADER, frame
from headway.events.messages import scalar_value, summary_event
from headway.events.number import as_double, as_int64

_MAX_DEPTH = 64


class PythonEventBuffer:
    """Records waiting to be written, at most `limit` bytes of them; a single one may be larger.

    `clean` turns a tag given to `add_scalar` into the one that is written; it is asked once per tag.

    The methods that add return False when there is no room: nothing was added then. They raise what
    `headway.events.number` raises for values that are no numbers, before anything was added: an event is kept
    whole or not at all. `step=None` is 0, `wall_time=None` is now (seconds since 1970).
    """

    def __init__(self, limit: int, clean: Callable[[str], str] | None = None) -> None:
        self.limit = limit
        """Bytes that may wait; may be changed at any time, and 0 refuses everything."""
        self._clean = clean
        self._waiting = bytearray()
        self._records = 0

    @property
    def size(self) -> int:
        """Bytes waiting."""
        return len(self._waiting)

    @property
    def records(self) -> int:
        """Records waiting."""
        return self._records

    def add_scalar(self, tag: str, value: Any, step: Any = None, wall_time: Any = None) -> bool:
        """Add an event with one scalar."""
        if not isinstance(tag, str):
            raise TypeError(f"a tag must be a str, not {type(tag).__name__}")
        written_tag = tag if self._clean is None else self._clean(tag)
        written = scalar_value(written_tag, as_double(value, tag))
        return self._append_summary([written], step, wall_time)

    def add_scalars(self, values: Mapping[str, Any], step: Any = None, wall_time: Any = None) -> bool:
        """Add one event with all `values`; the keys of nested mappings are joined with "/".

        Raises TypeError for a key that is no string or empty. No values make no event.
        """
        return self._append_summary(_encoded(values, "", 0), step, wall_time)

    def append(self, payload: bytes) -> bool:
        """Add an event that is encoded already."""
        needed = len(self._waiting) + HEADER + len(payload) + FOOTER
        if needed > self.limit and (self._waiting or not self.limit):
            return False
        self._waiting += frame(payload)
        self._records += 1
        return True

    def take(self) -> tuple[bytes, int]:
        """Hand out everything that waits, and how many records it is, and be empty."""
        taken = bytes(self._waiting), self._records
        self._waiting.clear()
        self._records = 0
        return taken

    def _append_summary(self, values: list[bytes], step: Any, wall_time: Any) -> bool:
        at = 0 if step is None else as_int64(step, "step")
        when = time.time() if wall_time is None else as_double(wall_time, "wall_time")
        return not values or self.append(summary_event(values, when, at))


def _encoded(values: Mapping[str, Any], prefix: str, depth: int) -> list[bytes]:
    if depth > _MAX_DEPTH:
        raise TypeError(f"values are nested deeper than {_MAX_DEPTH} levels at {prefix!r}")
    if not isinstance(values, Mapping):
        raise TypeError(f"values must be a mapping of tags to numbers, not {type(values).__name__}")
    found: list[bytes] = []
    for key, value in values.items():
        if not isinstance(key, str) or not key:
            raise TypeError(f"a key must be a str that is not empty, not {key!r} (below {prefix!r})")
        if isinstance(value, Mapping):
            found += _encoded(value, f"{prefix}{key}/", depth + 1)
        else:
            found.append(scalar_value(prefix + key, as_double(value, prefix + key)))
    return found


if TYPE_CHECKING:
    EventBuffer = PythonEventBuffer
else:
    try:
        from headway.events._encode import EventBuffer
    except ImportError:  # not built, or no such binary for this machine
        EventBuffer = PythonEventBuffer

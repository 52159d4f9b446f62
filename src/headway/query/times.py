"""Moments and lengths of time as people write them."""

from __future__ import annotations

import re
from datetime import datetime

_LENGTH = re.compile(r"([0-9]+\.?[0-9]*)(s|min|m|h|d)")
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


def moment(text: str) -> float:
    """Return a date or a date and time (ISO 8601) as seconds since 1970; local time where no zone is given.

    Raises:
        ValueError: it is neither.
    """
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError):
        raise ValueError(f"{text!r} is no date: one is written 2026-11-24 or 2026-11-24T13:30") from None


def seconds(text: str) -> float:
    """Return a length of time, like 90s, 15m, 2.5h or 3d, in seconds.

    Raises:
        ValueError: it is none.
    """
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no length of time: one is written 90s, 15m, 2.5h or 3d")
    return float(found[1]) * _SECONDS[found[2]]

"""When to deliver: soon at first, once a minute in the long run, at once when much waits, later and later in vain."""

from __future__ import annotations

import random

from headway.record.remote.pieces import PIECE

TICK = 0.5
"""Seconds between two looks at what waits, when a run is young."""
SHORTEST, LONGEST = 1.0, 60.0
"""Seconds between two deliveries, when a run is young and in the long run; and between two tries."""
_SHARE = 30  # of a run's age: the time between two deliveries. An hour gives 160 of them, a week 10,000
_HURRY = 4  # how many times sooner a flush may bring a delivery


class Rhythm:
    """The times of one mirror's deliveries; all in seconds of a monotonic clock."""

    def __init__(self, now: float) -> None:
        self._born = now
        self._last = now - SHORTEST / 2  # a new run is to be seen within a second
        self._failures = 0
        self._retry = now

    def tick(self, now: float) -> float:
        """Return how long to rest before the next look."""
        return TICK if self._failures else max(TICK, self._interval(now) / 8)

    def is_due(self, now: float, waiting: int, *, flushed: bool, closing: bool) -> bool:
        """Say whether to deliver, when so many bytes wait."""
        if self._failures:
            return now >= (min(self._retry, self._last + SHORTEST) if closing else self._retry)
        if closing or waiting >= PIECE:
            return True
        return waiting > 0 and now - self._last >= self._interval(now) / (_HURRY if flushed else 1)

    def succeeded(self, now: float, delivered: bool) -> None:
        """All went well, and something was delivered or nothing was there."""
        self._failures = 0
        if delivered:
            self._last = now

    def failed(self, now: float) -> None:
        """It could not be delivered; the pauses double, and many processes do not come back in the same moment."""
        self._last = now
        self._retry = now + min(SHORTEST * 2**self._failures, LONGEST) * random.uniform(0.5, 1.0)
        self._failures = min(self._failures + 1, 10)

    def _interval(self, now: float) -> float:
        return min(max((now - self._born) / _SHARE, SHORTEST), LONGEST)

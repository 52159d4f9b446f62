"""How often to look at a file or a directory: often while it grows, rarely when it is quiet.

Polling, because notification misses network and FUSE file systems, where training logs live. All times are of a
monotonic clock, in seconds: what the calendar says may jump.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

FASTEST = 0.2
"""Seconds. A logged point is on the page within half a second, and following four runs takes 4 % of a core."""
SLOWEST = 5.0
QUIET_SHARE = 1 / 60
"""A file that last grew a minute ago is looked at every second."""
DAY = 86_400.0
FINISHED = 30.0
"""Seconds between looks at what has been quiet for a day: whoever resumes a run opens a new file."""
REST_SHARE = 4
LONGEST_REST = 1.0
"""Following takes about a fifth of a core at most, unless there is a lot to read: thousands of files may be young."""


def interval(quiet: float, slowest: float = SLOWEST) -> float:
    """Return how long not to look at something that has not changed for `quiet` seconds, within the last day."""
    return FINISHED if quiet >= DAY else min(max(FASTEST, quiet * QUIET_SHARE), slowest)


class Schedule:
    """What is due when. Work is by what is due, not by how much there is: times are rounded to slots of `FASTEST`.

    Rounding also lets all that grows be read in one go.
    """

    def __init__(self) -> None:
        self._slot: dict[str, int] = {}
        self._names: dict[int, list[str]] = {}
        self._slots: list[int] = []
        self._count = 0

    def __contains__(self, name: str) -> bool:
        return name in self._slot

    def put(self, name: str, at: float) -> None:
        """Make `name` due at a time, whatever it was before."""
        slot = round(at / FASTEST)
        if self._slot.get(name) == slot:
            return
        self._slot[name] = slot
        if slot not in self._names:
            self._names[slot] = []
            heapq.heappush(self._slots, slot)
        self._names[slot].append(name)

    def put_back(self, name: str, wait: float, now: float) -> None:
        """Make due again, after `wait` seconds, what was looked at."""
        if wait > 1.0:  # a little sooner, each a little different: thousands that began together drift apart
            self._count += 1
            wait *= 1 - (self._count % 64) / 512
        self.put(name, now + wait)

    def take(self, now: float) -> list[str]:
        """Return what is due, and forget it: it is to be put back."""
        due = []
        while self._slots and self._slots[0] * FASTEST <= now:
            slot = heapq.heappop(self._slots)
            for name in self._names.pop(slot):
                if self._slot.get(name) == slot:
                    del self._slot[name]
                    due.append(name)
        return due

    def keep(self, names: Iterable[str], now: float) -> None:
        """Forget all but `names`; what is new among them is due at once."""
        wanted = set(names)
        for name in self._slot.keys() - wanted:
            del self._slot[name]
        for name in wanted - self._slot.keys():
            self.put(name, now - FASTEST)  # it must not be rounded up

    def soonest(self) -> float:
        """Return when something may be due; infinity when there is nothing."""
        return self._slots[0] * FASTEST if self._slots else float("inf")


def rest(soonest: float, began: float, now: float) -> float:
    """How long to rest after a round of looks that `began` then: until something is due, or its work's share."""
    until_due = min(max(soonest - now, 0.01), LONGEST_REST)
    return max(until_due, min((now - began) * REST_SHARE, LONGEST_REST))

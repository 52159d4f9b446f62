"""How often to look at a file or a directory: often while it grows, rarely when it is quiet.

Polling, because notification misses network and FUSE file systems, where training logs live.
"""

from __future__ import annotations

FASTEST = 0.2
"""Seconds. A logged point is on the page within half a second, and following four runs takes 4 % of a core."""
SLOWEST = 5.0
QUIET_SHARE = 1 / 60
"""A file that last grew a minute ago is looked at every second."""
DISCOVERY_SHARE = 20
"""Looking through the directories may take a twentieth of the time."""
DISCOVERY_FASTEST = 0.5
REST_SHARE = 4
LONGEST_REST = 1.0
"""Following takes about a fifth of a core at most, unless there is a lot to read: thousands of files may be young."""
DISCOVERY_SLOWEST = 60.0


class Pace:
    """When to look again. All times on the caller's monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._discovery = float("-inf")

    def is_due(self, path: str, now: float) -> bool:
        """Whether to look at a file."""
        return self._due.get(path, float("-inf")) <= now

    def looked(self, path: str, changed_at: float, wall: float, now: float) -> None:
        """A file was looked at; it last changed at `changed_at`, and it is `wall` (both seconds since 1970)."""
        self._due[path] = now + min(max(FASTEST, (wall - changed_at) * QUIET_SHARE), SLOWEST)

    def discovery_is_due(self, now: float) -> bool:
        """Whether to look for new files."""
        return self._discovery <= now

    def discovered(self, began: float, ended: float) -> None:
        """The directories were looked through."""
        pause = min(max(DISCOVERY_FASTEST, (ended - began) * DISCOVERY_SHARE), DISCOVERY_SLOWEST)
        self._discovery = ended + pause

    def pause(self, began: float, now: float) -> float:
        """How long to rest after a round of looks that `began` then: until something is due, or its work's share."""
        soonest = min([self._discovery, *self._due.values()])
        until_due = min(max(soonest - now, 0.01), FASTEST)
        return max(until_due, min((now - began) * REST_SHARE, LONGEST_REST))

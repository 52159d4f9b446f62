"""The event file that is never written, for `write_to_disk=False`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headway.events.encode import EventBuffer


class Nowhere:
    """Stands where an `EventFile` would. What is no number is still an error; everything else is dropped."""

    lost = 0
    path: Path | None = None
    paths: tuple[Path, ...] = ()

    def __init__(self, directory: str) -> None:
        self.is_open = True
        self.buffer = EventBuffer(0)
        self._directory = directory

    def get_logdir(self) -> str:
        """Return the directory that nothing is written to."""
        return self._directory

    def append(self, *_: Any) -> None:
        """Drop it."""
        self.is_open = True

    add_again = defer = add_event = append

    def rewind(self, step: int) -> None:
        """There is nothing to be void."""

    def refuse(self, error: Exception) -> None:
        """Raise a TypeError, drop the rest."""
        if isinstance(error, TypeError):
            raise error

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing waits."""
        self.is_open = False

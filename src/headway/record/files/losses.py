"""What could not be written: counted, and said once of each cause."""

from __future__ import annotations

import threading

from headway.record.files.warning import warn


class Losses:
    """Counts the events for `directory` that are lost. Of many causes each is warned of once."""

    _lock: threading.RLock
    _count: int
    _told: int  # how many `tell` has told of
    _said: set[str]

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self.forget()

    @property
    def count(self) -> int:
        """How many events are lost."""
        return self._count

    def add(self, events: int = 1) -> None:
        """Count `events`."""
        with self._lock:
            self._count += events

    def say(self, cause: str, message: str) -> None:
        """Warn with `message`, unless something was said of this `cause` before."""
        with self._lock:
            if cause in self._said:
                return
            self._said.add(cause)
        warn(message)

    def refuse(self, error: Exception) -> None:
        """Count an event whose numbers could not be had; a TypeError, a mistake in the program, is raised."""
        if isinstance(error, TypeError):
            raise error
        self.add()
        why = ": ".join([*getattr(error, "__notes__", ()), f"{type(error).__name__}: {error}"])
        self.say("number", f"an event for {self._directory} was not written: {why}")

    def fail(self, error: BaseException, what: str) -> None:
        """Count an event that could not be encoded."""
        self.add()
        self.say("encode", f"{what} could not be written to {self._directory}: {type(error).__name__}: {error}")

    def tell(self) -> None:
        """Warn of what was lost since the last time."""
        with self._lock:
            news, self._told = self._count > self._told, self._count
        if news:
            warn(f"{self._count} of the events for {self._directory} were lost")

    def forget(self) -> None:
        """Be as new: in a forked process the losses are the parent's."""
        self._lock = threading.RLock()
        self._count = self._told = 0
        self._said = set()

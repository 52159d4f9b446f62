"""What a file says of its writer: who opened it, from which step on it counts, and that the writer is alive."""

from __future__ import annotations

import math
import time

from headway.events import messages
from headway.events.framing import frame


def session(step: int) -> list[bytes]:
    """Return the events that say: what was logged for `step` and later is void, it is done anew."""
    now = time.time()
    return [messages.file_version(now, step), messages.session_start(now, step)]


class Signature:
    """The records that no caller logs.

    Args:
        writer: who writes.
        purge_step: readers drop what earlier files say about this step and later ones; None for none.
        heartbeat: seconds without anything to write after which a sign of life is due; 0 for never.

    """

    def __init__(self, writer: str, purge_step: int | None, heartbeat: float) -> None:
        self.purge_step = purge_step
        self._writer = writer
        self._heartbeat = heartbeat or math.inf
        self.moved()

    def opening(self) -> bytes:
        """Return the records that open a file."""
        events = [messages.file_version(time.time(), writer=self._writer)]
        if self.purge_step is not None:
            events += session(self.purge_step)
        return b"".join(map(frame, events))

    def moved(self) -> None:
        """Note that something was written."""
        self._moved = time.monotonic()

    def due_in(self) -> float | None:
        """Return after how many seconds a sign of life is due; None for never."""
        left = self._moved + self._heartbeat - time.monotonic()
        return max(left, 0.0) if math.isfinite(left) else None

    def sign_of_life(self) -> bytes:
        """Return a record when it is due, else b"": a reader can tell a quiet run from a dead one."""
        if self.due_in() != 0.0:
            return b""
        self.moved()
        return frame(messages.heartbeat(time.time(), self._writer))

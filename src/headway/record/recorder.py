"""What every method of `SummaryWriter` stands on: a file, the moment, and the way there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from headway.events.messages import summary_event
from headway.events.number import as_double, as_int64
from headway.record.files.event_file import EventFile
from headway.record.files.nowhere import Nowhere


class Recorder:
    """Writes summaries to the event file of one run: small ones at once, expensive ones from the background.

    The methods that stand on it import the encoder of their kind themselves: who logs numbers loads no other.
    """

    _file: EventFile | Nowhere
    _clean: Callable[[str], str]
    _default_step: Any = None
    _default_wall_time: Any = None

    def _write(self, values: Iterable[bytes], step: Any, wall_time: Any) -> None:
        """Write encoded values as one event."""
        try:
            at, when = self._moment(step, wall_time)
            self._file.append(summary_event(values, when, at))
        except Exception as error:
            self._file.refuse(error)

    def _write_later(
        self, what: str, nbytes: int, encode: Callable[[], Iterable[bytes]], step: Any, wall_time: Any
    ) -> None:
        """Have the values that `encode` returns made in the background and written as one event of this moment."""
        try:
            at, when = self._moment(step, wall_time)
        except Exception as error:
            self._file.refuse(error)
            return
        self._file.defer(lambda: summary_event(encode(), when, at), nbytes, what)

    def _moment(self, step: Any, wall_time: Any) -> tuple[int, float]:
        step = self._default_step if step is None else step
        wall_time = self._default_wall_time if wall_time is None else wall_time
        return (
            0 if step is None else as_int64(step, "step"),
            time.time() if wall_time is None else as_double(wall_time, "walltime"),
        )

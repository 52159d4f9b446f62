"""An event file that takes Event messages."""

from __future__ import annotations

import os
from typing import Any

from headway.record.files.event_file import EventFile
from headway.record.files.place import Place


class EventFileWriter:
    """Writes Event messages, of any library, to an event file in `logdir`.

    Args:
        logdir: a directory or URL.
        max_queue_size: accepted for compatibility.
        flush_secs: accepted for compatibility.
        filename_suffix: ends the file's name.

    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        max_queue_size: int = 10,  # noqa: ARG002 - this and the next are there for the signature's sake
        flush_secs: float = 120,  # noqa: ARG002
        filename_suffix: str = "",
    ) -> None:
        self._place = Place(logdir)
        self._file = EventFile(self._place.path, filename_suffix, begun=self._place.begin)

    def get_logdir(self) -> str:
        """Return the directory of the file."""
        return self._place.name

    def add_event(self, event: Any) -> None:
        """Write an Event as it is."""
        self._file.append(event.SerializeToString())

    def flush(self) -> None:
        """Return when everything written before is in the file."""
        self._file.flush()
        self._place.flush()

    def close(self) -> None:
        """Write everything and close the file. Writing more begins a new one."""
        self._file.close()
        self._place.close()

    def reopen(self) -> None:
        """Do nothing: after `close`, the next event begins a new file by itself."""

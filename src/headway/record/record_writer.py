"""tensorboardX's RecordWriter: records of any content in a file of one's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from headway.events.framing import frame
from headway.record.remote.destination import factory_of, is_remote


class RecordWriter:
    """A file of framed records (see `headway.events.framing`), begun anew.

    Args:
        path: a local path; a path with a registered prefix, whose factory then writes; or a URL: the file arrives
            there in the background, whole, or in pieces if "tfevents" is in its name.

    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._mirror = None
        self._writer: Any
        factory = factory_of(self.path)
        if factory is not None:
            self._writer = factory.open(self.path)
        elif is_remote(self.path):
            from headway.record.remote.mirror import Mirror

            folder, _, name = self.path.rpartition("/")
            self._mirror = Mirror(folder)
            self._mirror.start()
            self._writer = (self._mirror.local / name).open("wb")
        else:
            self._writer = Path(self.path).open("wb")  # noqa: SIM115 - `close` closes it

    def write(self, data: bytes) -> None:
        """Add a record."""
        self._writer.write(frame(data))

    def flush(self) -> None:
        """Hand everything to the operating system, and have it delivered soon."""
        self._writer.flush()
        if self._mirror is not None:
            self._mirror.poke()

    def close(self) -> None:
        """Write everything and close the file; a remote one has arrived then, or a warning says that it has not."""
        self._writer.close()
        if self._mirror is not None:
            self._mirror.close()

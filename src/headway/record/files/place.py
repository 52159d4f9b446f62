"""Where a run's files are written: its directory or, when that is a URL, a local one that is copied there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.record.remote.mirror import Mirror

_PARENT = re.compile(r"(?<![^/\\])\.\.(?![^/\\])")


class Place:
    """A directory, by the `name` that it was given, with the local `path` where files are made.

    `is_written` says whether there will be any; what is at a URL costs something.

    Raises:
        HeadwayImportError: the name is a URL that needs a package; the message says which.
        HeadwayError: nothing is known of such URLs.

    """

    _mirror: Mirror | None = None

    def __init__(self, name: str | bytes | os.PathLike[str], *, is_written: bool = True) -> None:
        self.name = self.path = os.fsdecode(name)
        self._from = _working_directory()
        if is_written and _is_remote(self.name):
            from headway.record.remote.mirror import Mirror

            self._mirror = Mirror(self.name)
            self.path = str(self._mirror.local)

    def below(self, *parts: str) -> Place:
        """Return the place of a run below this one; never one that lies elsewhere."""
        inside = [_PARENT.sub("__", part).strip("/") for part in parts]
        found = Place.__new__(Place)
        found.name = "/".join([self.name, *inside]) if "://" in self.name else str(Path(self.name, *inside))
        found._from = self._from
        # Where the process has gone since then makes no difference.
        found.path = str(Path(self._from, self.path, *inside))
        found._mirror = self._mirror
        return found

    def begin(self) -> None:
        """Have what will be in the files copied; to be called when one is begun, also after `close`."""
        if self._mirror is not None:
            self._mirror.start()

    def flush(self) -> None:
        """Have what is in the files copied soon."""
        if self._mirror is not None:
            self._mirror.start()
            self._mirror.poke()

    def close(self) -> None:
        """Copy everything in the files, which must be closed."""
        if self._mirror is not None and self._mirror.has_work():
            self._mirror.start()
            self._mirror.close()

    def leave(self) -> None:
        """Have everything copied, without waiting for it."""
        if self._mirror is not None and self._mirror.has_work():
            self._mirror.start()
            self._mirror.close(0)


def _working_directory() -> str:
    """Return the current directory; "" where it was deleted."""
    try:
        return os.getcwd()  # noqa: PTH109 - pathlib's asks it, too
    except OSError:
        return ""


def _is_remote(name: str) -> bool:
    if ":" not in name:
        return False
    from headway.record.remote.destination import is_remote

    return is_remote(name)

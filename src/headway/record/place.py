"""Where a run's files are written: its directory or, when that is a URL, a local one that is copied there."""

from __future__ import annotations

import os
import re
from pathlib import Path

_PARENT = re.compile(r"(?<![^/\\])\.\.(?![^/\\])")


class Place:
    """A directory, by the `name` that it was given, with the local `path` where files are made."""

    def __init__(self, name: str | os.PathLike[str]) -> None:
        self.name = os.fspath(name)
        self.path = self.name

    def below(self, *parts: str) -> Place:
        """Return the place of a run below this one; never one that lies elsewhere."""
        inside = [_PARENT.sub("__", part).strip("/") for part in parts]
        found = Place.__new__(Place)
        found.name = "/".join([self.name, *inside]) if "://" in self.name else str(Path(self.name, *inside))
        found.path = str(Path(self.path, *inside))
        return found

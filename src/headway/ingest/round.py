"""One round of reading: what is new in some files, until all of it is read."""

from __future__ import annotations

from collections.abc import Sequence

from headway.ingest.answers import Progress
from headway.ingest.follow import FollowedFile, Reading

HELD_POINTS = 1_000_000
"""Points and entries of one file that are held back until it is read to its end."""


class Round:
    """How far a round is, and what it holds back: a file's points go together, for a chart wants few places."""

    def __init__(self, files: Sequence[FollowedFile]) -> None:
        self._sizes = {file.state.path: max(file.size - file.state.offset, 0) for file in files}
        self._done = dict.fromkeys(self._sizes, 0)
        self._held: dict[str, list[Reading]] = {}
        self.bytes = sum(self._sizes.values())
        """That there are to read, as far as the files' sizes tell."""

    def take(self, reading: Reading) -> list[Reading]:
        """Take in what was read; return what need not wait any longer, in the order it was read."""
        path = reading.state.path
        held = self._held.setdefault(path, [])
        held.append(reading)
        self._done[path] += reading.scan.consumed
        if self._done[path] < self._sizes[path] and sum(map(rows, held)) < HELD_POINTS:
            return []
        return self._held.pop(path)

    def rest(self) -> list[Reading]:
        """Return what is still held back."""
        held = [reading for readings in self._held.values() for reading in readings]
        self._held.clear()
        return held

    def progress(self) -> Progress:
        """How far it is."""
        finished = sum(self._done[path] >= size for path, size in self._sizes.items())
        return Progress(finished, len(self._sizes), sum(self._done.values()), self.bytes)


def rows(reading: Reading) -> int:
    """How many points and entries were read."""
    return len(reading.points.steps) + len(reading.scan.blobs)

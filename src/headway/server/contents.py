"""The entries of a series, read out of their files and decoded when somebody asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException

from headway.errors import HeadwayError
from headway.events.kinds import EVENT_FIELDS, TENSOR
from headway.query.kinds import decode
from headway.store.rows import Entries

if TYPE_CHECKING:
    from headway.query.kinds import Value
    from headway.query.source import Source
    from headway.server.served import Served


def series_of(served: Served, run: int, tag: str, kind: str) -> Contents:
    """The entries of a series, by its run's id.

    Raises:
        HTTPException: (404) there is no such run, or it has no such entries.
    """
    contents = Contents(served, name_of(served.index, run), tag, kind)
    if not contents:
        raise HTTPException(404, f"The run {contents.run!r} has no entry of kind {kind!r} under the tag {tag!r}.\n")
    return contents


def name_of(source: Source, run: int) -> str:
    """The name of the run with this id; an HTTPException (404) when there is none."""
    name = source.run_name(run)
    if name is None:
        raise HTTPException(404, f"There is no run {run}.\n")
    return name


def entry_of(contents: Contents, i: int, key: str = "") -> int:
    """Where the i-th entry is now: the one with this key, where one is given; a negative `i` counts from the end.

    Raises:
        HTTPException: (404) there is no such entry.
    """
    if key:
        found = contents.find(key)
        if found is None:
            raise HTTPException(404, f"The tag {contents.tag!r} has no entry {key[:100]!r} any more.\n")
        return found
    if not -len(contents) <= i < len(contents):
        raise HTTPException(404, f"The tag {contents.tag!r} has {len(contents)} entries, and none is number {i}.\n")
    return i % len(contents)


_WHOLE = {"images", "histograms", "text", "pr_curves", TENSOR, *EVENT_FIELDS.values()}
"""Kinds whose entries need nothing of what the tag's first one in the file said."""
_KEY = re.compile(r"[0-9a-f]{16}-([0-9a-f]{1,15})-[0-9a-f]{1,16}-[0-9a-f]{1,16}")


class Contents:
    """The entries of one series: of `tag` and `kind` in `run`; with `current`, not those that were superseded.

    Its length is 0 when there is no such run, tag or kind.
    """

    def __init__(self, served: Served, run: str, tag: str, kind: str, *, current: bool = False) -> None:
        entries = served.shelf.entries(run, tag, kind)
        self.run, self.tag, self.kind = run, tag, kind
        self._source = served.index
        self._firsts = _firsts(entries)
        self._heads: dict[int, bytes] = {}
        self.entries = _without_superseded(entries) if current else entries

    def __len__(self) -> int:
        return len(self.entries.steps)

    def rows(self) -> Iterator[tuple[int, float, int]]:
        """Yield (i, wall time, step) of each entry."""
        yield from zip(range(len(self)), self.entries.wall_times.tolist(), self.entries.steps.tolist(), strict=True)

    def keys(self) -> list[str]:
        """A short name for the bytes of each entry, which those of no other entry ever have.

        It holds beyond the life of the server, of the index and of the file's name: a file that took the place of
        another one has other entries, written at other times.
        """
        return self._keys(np.arange(len(self)))

    def key(self, i: int) -> str:
        """The i-th one's."""
        return self._keys(np.array([i]))[0]

    def find(self, key: str) -> int | None:
        """Which entry has this key; None when there is none."""
        match = _KEY.fullmatch(key)
        if match is None:
            return None
        rows = np.flatnonzero(self.entries.offsets == int(match[1], 16))
        return next((i for i, one in zip(rows.tolist(), self._keys(rows), strict=True) if one == key), None)

    def _keys(self, rows: NDArray[np.intp]) -> list[str]:
        entries = self.entries
        names = [_short(path) for path in entries.paths]
        walls = np.ascontiguousarray(entries.wall_times[rows], dtype="<f8").view(np.uint64)
        columns = (entries.files[rows], entries.offsets[rows], entries.lengths[rows], walls)
        found = zip(*(column.tolist() for column in columns), strict=True)
        return [f"{names[file]}-{offset:x}-{length:x}-{wall:x}" for file, offset, length, wall in found]

    def place(self, i: int) -> tuple[str, int, int]:
        """Return (path, offset, length) of the i-th entry's content."""
        entries = self.entries
        return entries.paths[entries.files[i]], int(entries.offsets[i]), int(entries.lengths[i])

    def value(self, i: int) -> Value:
        """Read and decode the i-th entry.

        Raises:
            HTTPException: (404) its file is gone or another one; (422) what lies there is malformed.
        """
        content = self.content(i)
        try:
            return decode(self.kind, content, None if self.kind in _WHOLE else self.first(i))
        except ValueError as error:
            step = int(self.entries.steps[i])
            what = f"run {self.run!r}, tag {self.tag!r}, kind {self.kind!r}, step {step}"
            raise HTTPException(422, f"The entry of {what} is malformed: {error}\n") from None

    def content(self, i: int) -> bytes:
        """Read the i-th entry as it is encoded; an HTTPException (404) when its file is gone, or another one."""
        return self._read(*self.place(i))

    def readable(self, i: int) -> Value | None:
        """Likewise, or None when it cannot be."""
        try:
            return self.value(i)
        except HTTPException:
            return None

    def first(self, i: int) -> bytes:
        """The content of the series' first entry in the file of the i-th: it alone names the plugin."""
        file = int(self.entries.files[i])
        if file not in self._heads:
            self._heads[file] = self._read(self.entries.paths[file], *self._firsts[file])
        return self._heads[file]

    def _read(self, path: str, offset: int, length: int) -> bytes:
        try:
            return self._source.content(path, offset, length)
        except HeadwayError as error:
            raise HTTPException(404, f"{error}\n") from None


def _short(path: str) -> str:
    return blake2b(path.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _firsts(entries: Entries) -> dict[int, tuple[int, int]]:
    """File → offset and length of its first entry."""
    order = np.lexsort((entries.offsets, entries.files))
    files, first = np.unique(entries.files[order], return_index=True)
    rows = order[first]
    places = zip(entries.offsets[rows].tolist(), entries.lengths[rows].tolist(), strict=True)
    return dict(zip(files.tolist(), places, strict=True))


def _without_superseded(entries: Entries) -> Entries:
    kept = ~entries.superseded
    return entries._replace(
        steps=entries.steps[kept],
        wall_times=entries.wall_times[kept],
        files=entries.files[kept],
        offsets=entries.offsets[kept],
        lengths=entries.lengths[kept],
        superseded=entries.superseded[kept],
    )

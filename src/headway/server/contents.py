"""The entries of a series, read out of their files and decoded when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from starlette.exceptions import HTTPException

from headway.errors import HeadwayError
from headway.events.kinds import EVENT_FIELDS, TENSOR
from headway.query.entries import entries as read_entries
from headway.query.kinds import decode
from headway.store.rows import Entries

if TYPE_CHECKING:
    from headway.query.kinds import Value
    from headway.query.source import Source

NONE = Entries(
    np.empty(0, np.int64),
    np.empty(0, np.float64),
    [],
    np.empty(0, np.int32),
    np.empty(0, np.int64),
    np.empty(0, np.int64),
    np.empty(0, np.bool_),
)

_WHOLE = {"images", "histograms", "text", "pr_curves", TENSOR, *EVENT_FIELDS.values()}
"""Kinds whose entries need nothing of what the tag's first one in the file said."""


def series_of(source: Source, run: int, tag: str, kind: str) -> Contents:
    """The entries of a series, by its run's id.

    Raises:
        HTTPException: (404) there is no such run, or it has no such entries.
    """
    contents = Contents(source, name_of(source, run), tag, kind)
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
        try:
            return contents.keys().index(key)
        except ValueError:
            raise HTTPException(404, f"The tag {contents.tag!r} has no entry {key!r} any more.\n") from None
    if not -len(contents) <= i < len(contents):
        raise HTTPException(404, f"The tag {contents.tag!r} has {len(contents)} entries, and none is number {i}.\n")
    return i % len(contents)


class Contents:
    """The entries of one series: of `tag` and `kind` in `run`; with `current`, not those that were superseded.

    Its length is 0 when there is no such run, tag or kind.
    """

    def __init__(self, source: Source, run: str, tag: str, kind: str, *, current: bool = False) -> None:
        try:
            entries = read_entries(source, run, tag, kind)
        except KeyError:
            entries = NONE
        self.run, self.tag, self.kind = run, tag, kind
        self._source = source
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
        names = [_short(path) for path in self.entries.paths]
        walls = np.ascontiguousarray(self.entries.wall_times, dtype="<f8").view(np.uint64)
        columns = (self.entries.files, self.entries.offsets, self.entries.lengths, walls)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [f"{names[file]}-{offset:x}-{length:x}-{wall:x}" for file, offset, length, wall in rows]

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

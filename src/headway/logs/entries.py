"""The entries of one tag: pictures, texts, histograms, whatever is no scalar; read when they are asked for."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError
from headway.events.kinds import EVENT_FIELDS
from headway.query.kinds import Value, decode
from headway.query.source import Source
from headway.store.rows import Entries

Place = int | np.integer[Any]

if TYPE_CHECKING:
    Rows = slice | Sequence[bool] | Sequence[int] | NDArray[Any]


class LoggedEntries(Sequence[Value]):
    """All entries of one tag, session after session.

    `entries[i]` reads the i-th one out of its event file and decodes it: see `headway.query.kinds` for what it may
    be. A slice, a mask or a list of places makes a shorter sequence, and reads nothing.
    """

    def __init__(
        self, source: Source, tag: str, kind: str, found: Entries, rows: NDArray[np.int64] | None = None
    ) -> None:
        self._source = source
        self._found = found
        self._rows = np.arange(len(found.steps)) if rows is None else rows
        self.tag = tag
        self.kind = kind
        """As its plugin is called: "images", "text", …"""

    @property
    def steps(self) -> NDArray[np.int64]:
        """[n] int64."""
        return self._found.steps[self._rows]

    @property
    def wall_times(self) -> NDArray[np.float64]:
        """[n] float64, seconds since 1970."""
        return self._found.wall_times[self._rows]

    @property
    def superseded(self) -> NDArray[np.bool_]:
        """[n] bool: which were replaced by a later session. `entries[~entries.superseded]` are those that count."""
        return self._found.superseded[self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<LoggedEntries {self.tag!r}: {len(self)} of kind {self.kind!r}>"

    @overload
    def __getitem__(self, place: Place) -> Value: ...

    @overload
    def __getitem__(self, place: Rows) -> LoggedEntries: ...

    def __getitem__(self, place: Place | Rows) -> Value | LoggedEntries:
        if not isinstance(place, int | np.integer):
            chosen = place if isinstance(place, slice) or len(place) else slice(0)
            rows = self._rows[chosen if isinstance(chosen, slice) else np.asarray(chosen)]
            return LoggedEntries(self._source, self.tag, self.kind, self._found, rows)
        row = self._row(place)
        first = None if self.kind in EVENT_FIELDS.values() else self._read(self._first(row))
        content = self._read(row)
        try:
            return decode(self.kind, content, first)
        except ValueError as error:
            where = f"{self._path(row)}, offset {self._found.offsets[row]}"
            raise HeadwayError(f"an entry cannot be decoded ({where}): {error}") from error

    def content(self, i: Place) -> bytes:
        """Return the bytes of one entry: an encoded Summary.Value, or of a graph and the like its message.

        Raises:
            HeadwayError: its file is gone, or no longer the one that was read.
        """
        return self._read(self._row(i))

    def _row(self, place: Place) -> int:
        at = operator.index(place)
        if not -len(self) <= at < len(self):
            raise IndexError(f"no entry {at}: {self.tag!r} has {len(self)}")
        return int(self._rows[at])

    def _first(self, row: int) -> int:
        """The tag's first entry in the same file: a writer names the metadata only there."""
        same = np.flatnonzero(self._found.files == self._found.files[row])
        return int(same[np.argmin(self._found.offsets[same])])

    def _path(self, row: int) -> str:
        return self._found.paths[int(self._found.files[row])]

    def _read(self, row: int) -> bytes:
        return self._source.content(self._path(row), int(self._found.offsets[row]), int(self._found.lengths[row]))

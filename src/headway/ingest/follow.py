"""Read one event file as it grows: exactly once, across damage, restarts and replacement."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from headway.errors import HeadwayError
from headway.events.decode import Decoder
from headway.events.scan import Scan, Tail
from headway.ingest.directory import CHUNK, LogDirectory, NotListedError, OpenFile, Status
from headway.ingest.told import told
from headway.ingest.writer import rank, said_writer
from headway.store.rows import FileState
from headway.store.stretch import Stretch, stretch

HEAD = 64
"""Bytes that tell one event file from another: the first record holds its time of birth."""

POINTER = b"version https://git-lfs"

Kind = Literal["damaged", "incomplete", "unreadable", "foreign", "replaced"]


@dataclass(slots=True, frozen=True)
class Problem:
    """What could not be read of one event file. See `headway.server.api.FileProblem`."""

    run: str
    file: str
    kind: Kind
    records: int
    bytes: int
    message: str


class Reading(NamedTuple):
    """What was new in a stretch of a file."""

    scan: Scan
    state: FileState
    """After it."""
    told: list[tuple[int, bytes]]
    """See `headway.ingest.told`."""
    points: Stretch
    """Its scalars, by tag where segments are meant."""


class FollowedFile:
    """One event file: its state, and the decoder that goes on where the last reading ended.

    `place`: where `directory` has it; `plugins`: what was learned of its tags before (tag → plugin name).
    """

    def __init__(self, directory: LogDirectory, place: str, state: FileState, plugins: Mapping[str, str]) -> None:
        self.state = state
        self.place = place
        self.size = 0
        self.changed_at = 0.0
        """When it was last seen to change, seconds since 1970, by this machine's clock: a server's may differ."""
        self.changed = float("-inf")
        """The same by the monotonic clock, which does not jump."""
        self.tail: Tail | None = None
        self.error: str | None = None
        self.replacements = 0
        self.decoder = Decoder(plugins)
        self._directory = directory
        self._seen: tuple[int, Hashable] | None = None
        """Of its status when it was read to its end."""
        self._checked: tuple[int, Hashable] | None = None
        """Of its status when it was found to begin with what was read of it."""

    def has_changed(self) -> bool:
        """Whether there may be something new to read. Cheap; notes an error instead of raising it."""
        try:
            status = self._directory.status(self.place)
        except NotListedError:
            return False
        except OSError as error:
            self._fail(error)
            return False
        self._note(status)
        return self._seen != status[:2]

    def is_replaced(self) -> bool:
        """Whether the file is no longer the one that was read: it shrank, or begins with other bytes."""
        if not self.state.offset:
            return False
        try:
            with self._directory.open(self.place) as file:
                return self._is_another(file)
        except OSError:
            return False  # reading it will say why

    def read_at(self, offset: int, length: int) -> bytes:
        """Return bytes of what was read before.

        Raises:
            HeadwayError: the file is gone, or no longer the one that was read.

        """
        known = self._known_head()
        try:
            with self._directory.open(self.place) as file:
                head, content = file.pieces((0, len(known)), (offset, length))
        except OSError as error:
            raise HeadwayError(f"{self.state.path} cannot be read: {_reason(error)}") from error
        if head != known:
            raise HeadwayError(f"{self.state.path} was replaced: what was read of it is gone")
        if len(content) < length:
            raise HeadwayError(f"{self.state.path} was shortened: it ends before byte {offset + length:,}")
        return content

    def forget(self) -> None:
        """Begin again at the start: what the file held before is gone."""
        self.state = FileState(self.state.path, self.state.run)
        self.decoder = Decoder()
        self.tail = None
        self.replacements += 1

    def rewind(self, state: FileState) -> None:
        """Go back to an earlier state of the same file."""
        self.state = replace(state)
        self.tail = None
        self._seen = None

    def read(self) -> Iterator[Reading]:
        """Yield what is new, each scan with the file's state after it (the same object: copy it to keep it)."""
        try:
            with self._directory.open(self.place) as file:
                self.error = None
                self._note(file.status)
                if self._is_another(file):  # since a moment ago: the next look begins it anew
                    self._seen = None
                    return
                yield from self._read(file)
                self._seen = file.status[:2]
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.error = _reason(error)
        self._seen = None  # when it is back, reading it clears the error

    def _note(self, status: Status) -> None:
        self.size = status.size
        if self._seen is None:
            now = time.time()
            self.changed_at = max(self.changed_at, min(status.changed_at, now))
            self.changed = max(self.changed, time.monotonic() - max(now - status.changed_at, 0.0))
        elif self._seen != status[:2]:
            self.changed_at = time.time()
            self.changed = time.monotonic()

    def _known_head(self) -> bytes:
        state = self.state
        return state.head[: state.offset]

    def _is_another(self, file: OpenFile) -> bool:
        known = self._known_head()
        if not known or file.status[:2] == self._checked:
            return False
        if file.status.size < self.state.offset or file.pieces((0, len(known)))[0] != known:
            return True
        self._checked = file.status[:2]
        return False

    def _read(self, file: OpenFile) -> Iterator[Reading]:
        state, size = self.state, file.status.size
        wanted = CHUNK
        while state.offset < size:
            data = memoryview(file.read(state.offset, min(wanted, size - state.offset)))
            if not data:
                return  # it shrank this moment: the next look finds out
            if not state.offset:
                self._learn(data)
            at_end = state.offset + len(data) >= size
            scan = self.decoder.decode(data, state.offset, at_end)
            said = told(scan, self.decoder.tag_names, self.decoder.kind_names, data, state.offset)
            self.tail = scan.tail
            self._count(scan)
            points = stretch(scan.tags.astype(np.int64), scan.bounds, scan.steps, scan.wall_times, scan.values)
            yield Reading(scan, state, said, points)
            if scan.session is not None:
                state.session += 1
                state.start = scan.session
            if scan.consumed:
                wanted = CHUNK
            elif at_end:
                return
            else:  # one record larger than the chunk, or damage of unknown length
                wanted = max(2 * wanted, scan.tail.needed if scan.tail else 0)

    def _learn(self, start: memoryview) -> None:
        """Take in what the beginning of the file says of it."""
        state = self.state
        state.head = bytes(start[:HEAD])
        state.writer = said_writer(start)
        state.rank = rank(state.writer, state.path.rpartition("/")[2])

    def _count(self, scan: Scan) -> None:
        state = self.state
        state.records += scan.records
        state.offset += scan.consumed
        for begin, length in scan.skipped:
            state.skipped_records += begin != state.skipped_end or begin == 0
            state.skipped_bytes += length
            state.skipped_end = begin + length

    @property
    def is_troubled(self) -> bool:
        """Whether `problems` may have something to say, now or later."""
        return bool(self.error or self.tail or self.replacements or self.state.skipped_records)

    def problems(self, now: float) -> Iterator[Problem]:
        """Yield what is wrong with the file, as known at `now` (seconds since 1970)."""
        state = self.state
        if self.error:
            yield self._problem("unreadable", 0, 0, f"cannot be read: {self.error}")
            return
        damaged_tail = self.tail is not None and self.tail.kind == "damaged"
        if not state.records and (damaged_tail or state.skipped_records):
            yield self._problem("foreign", 0, self.size, self._what_it_is())
            return
        if self.replacements:
            yield self._problem("replaced", 0, 0, "it was replaced or shortened, and was read again from its start")
        records, length = state.skipped_records, state.skipped_bytes
        if damaged_tail and self.tail:
            continued = state.skipped_end == state.offset and records
            records, length = records + (not continued), length + self.tail.bytes
        if records:
            plural = "record" if records == 1 else "records"
            yield self._problem("damaged", records, length, f"{records} damaged {plural} skipped ({length} bytes)")
        # A frame that is being written looks the same: wait until nobody has written for a while.
        if self.tail is not None and self.tail.kind == "incomplete" and now - self.changed_at > 5:
            message = f"ends inside a record: {self.tail.bytes} bytes wait for the rest"
            yield self._problem("incomplete", 1, self.tail.bytes, message)

    def _problem(self, kind: Kind, records: int, length: int, message: str) -> Problem:
        return Problem(self.state.run, self.state.path, kind, records, length, message)

    def _what_it_is(self) -> str:
        if self.state.head.startswith(POINTER):
            return "a Git LFS pointer, not an event file: fetch the file itself with `git lfs pull`"
        return "not an event file, or damaged from its first byte"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)

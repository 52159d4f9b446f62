"""Read one event file as it grows: exactly once, across damage, restarts and replacement."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple

from headway.errors import HeadwayError
from headway.events.decode import Decoder
from headway.events.scan import Scan, Tail
from headway.ingest.told import told
from headway.store.rows import FileState

CHUNK = 8 << 20
"""Bytes read at a time; more only for a record that is larger."""
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


class FollowedFile:
    """One event file: its state, and the decoder that goes on where the last reading ended.

    `plugins`: what was learned of its tags before (tag → plugin name).
    """

    def __init__(self, path: Path, state: FileState, plugins: Mapping[str, str]) -> None:
        self.state = state
        self.path = path
        self.size = 0
        self.changed_at = 0.0
        """When it was last seen to change, seconds since 1970, by this machine's clock: a server's may differ."""
        self.tail: Tail | None = None
        self.error: str | None = None
        self.replacements = 0
        self.decoder = Decoder(plugins)
        self._seen: tuple[int, int] | None = None

    def has_changed(self) -> bool:
        """Whether there may be something new to read. Cheap; notes an error instead of raising it."""
        try:
            status = self.path.stat()
        except OSError as error:
            self.error = error.strerror or str(error)
            self._seen = None  # when it is back, reading it clears the error
            return False
        self._note(status)
        return self._seen != _signature(status)

    def is_replaced(self) -> bool:
        """Whether the file is no longer the one that was read: it shrank, or begins with other bytes."""
        if not self.state.offset:
            return False
        known = self.state.head[: self.state.offset]
        try:
            with self.path.open("rb") as file:
                head = file.read(len(known))
                size = os.fstat(file.fileno()).st_size
        except OSError:
            return False  # reading it will say why
        return size < self.state.offset or head != known

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
            with self.path.open("rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                self.error = None
                self._note(status)
                yield from self._read(file, status.st_size)
                self._seen = _signature(status)
        except OSError as error:
            self.error = error.strerror or str(error)

    def read_at(self, offset: int, length: int) -> bytes:
        """Read what lies at `offset` of the file that was indexed.

        Raises:
            HeadwayError: it is gone, or another one by now.
        """
        state = self.state
        try:
            with self.path.open("rb") as file:
                if file.read(len(state.head)) != state.head:
                    raise HeadwayError(f"{state.path} was replaced by another file")
                file.seek(offset)
                content = file.read(length)
        except OSError as error:
            raise HeadwayError(f"{state.path} cannot be read: {error.strerror or error}") from None
        if len(content) < length:
            raise HeadwayError(f"{state.path} became shorter: {length} bytes at {offset} are not there any more")
        return content

    def _note(self, status: os.stat_result) -> None:
        self.size = status.st_size
        if self._seen is None:
            self.changed_at = max(self.changed_at, min(status.st_mtime, time.time()))
        elif self._seen != _signature(status):
            self.changed_at = time.time()

    def _read(self, file: FileIO, size: int) -> Iterator[Reading]:
        state = self.state
        if not state.offset:
            state.head = file.read(HEAD)
        wanted = CHUNK
        room = memoryview(b"")
        while state.offset < size:
            length = min(wanted, size - state.offset)
            if length > len(room):  # one buffer for all of the file: fresh memory costs as much as the copy
                room = memoryview(bytearray(length))
            file.seek(state.offset)
            data = room[: file.readinto(room[:length])]
            if not data:
                return  # it shrank this moment: the next look finds out
            at_end = state.offset + len(data) >= size
            scan = self.decoder.decode(data, state.offset, at_end)
            said = told(scan, self.decoder.tag_names, self.decoder.kind_names, data, state.offset)
            self.tail = scan.tail
            self._count(scan)
            yield Reading(scan, state, said)
            if scan.session is not None:
                state.session += 1
                state.start = scan.session
            if scan.consumed:
                wanted = CHUNK
            elif at_end:
                return
            else:  # one record larger than the chunk, or damage of unknown length
                wanted = max(2 * wanted, scan.tail.needed if scan.tail else 0)

    def _count(self, scan: Scan) -> None:
        state = self.state
        state.records += scan.records
        state.offset += scan.consumed
        for begin, length in scan.skipped:
            state.skipped_records += begin != state.skipped_end or begin == 0
            state.skipped_bytes += length
            state.skipped_end = begin + length

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


def _signature(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns

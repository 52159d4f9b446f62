"""An event file that grows, cut into objects that do not: each is an event file, and together they are the whole.

Object stores cannot append. So what is new in a file becomes a new object, a *piece*: whole records only, behind the
file's own first record (its version), so that any reader takes a piece for an event file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from headway.events import wire
from headway.events.framing import FOOTER, HEADER

PIECE = 8 << 20
"""Bytes in a piece, unless one record alone has more."""

_MARK = "tfevents"
_VERSION = b"brain.Event:"
_OPENING = {3, 7}  # Event's file_version and session_log
_NOTHING = {1, 2, 10}  # its times and its source, without more
_HEAD = re.compile(r".*?tfevents\.\d+\..+?\.\d+\.\d{4,}")  # everything before the suffix


def is_event_file(name: str) -> bool:
    """Say whether `name` (with forward slashes) is an event file's, by TensorBoard's rule."""
    return _MARK in name.rpartition("/")[2]


def piece_name(name: str, spool: str, number: int) -> str:
    """Return what piece `number` (from 0) of the event file `name` is called.

    The pieces of a file sort in their order, and its suffix stays last. `spool` is there because an object store has
    no exclusive creation: two containers may share host name, process id and second.
    """
    folder, slash, file = name.rpartition("/")
    head = _HEAD.match(file)
    end = head.end() if head else len(file)
    return f"{folder}{slash}{file[:end]}.{spool}.p{number:06d}{file[end:]}"


def new_records(path: Path, start: int, *, everything: bool) -> tuple[bytes, bytes]:
    """Read what has come to `path` since `start`: (what to put before it, whole records); both empty if nothing has.

    Unless `everything` is wanted, the records do not end with a session's start: what a start means for the points
    behind it must not have to be looked for in another object.

    Raises:
        OSError: the file cannot be read.

    """
    with path.open("rb") as file:
        records = _records(file, start)
        if not everything:
            records = records[: _settled(records)]
        return (_version(file) if records and start else b""), records


def _records(file: BinaryIO, start: int) -> bytes:
    """Return whole records from `start` on, `PIECE` bytes at most, but one record at least if one is whole."""
    file.seek(start)
    data = file.read(PIECE)
    end = _whole(data)
    if end or len(data) < HEADER:
        return data[:end]
    size = _size(data, 0)
    if size > os.fstat(file.fileno()).st_size - start:
        return b""
    return data + file.read(size - len(data))


def _settled(records: bytes) -> int:
    """Return where the openings end the `records` that nothing has followed yet but signs of life."""
    settled = len(records)
    for at, size in reversed(list(_each(records))):
        numbers = _fields(memoryview(records)[at + HEADER : at + size - FOOTER])
        if not numbers or numbers - _OPENING - _NOTHING:
            break
        if numbers & _OPENING:
            settled = at
    return settled


def _fields(payload: memoryview) -> set[int]:
    try:
        return {number for number, _, _ in wire.fields(payload)}
    except ValueError:  # not written by us
        return set()


def _version(file: BinaryIO) -> bytes:
    file.seek(0)
    first = file.read(4096)
    size = _size(first, 0) if len(first) >= HEADER else 0
    return first[:size] if size <= len(first) and _VERSION in first[:size] else b""


def _whole(data: bytes) -> int:
    """Return how many bytes of `data`, which begins with a record, are whole records."""
    end = 0
    for at, size in _each(data):
        end = at + size
    return end


def _each(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each whole record of `data` begins, and its size."""
    at = 0
    while at + HEADER <= len(data) and (size := _size(data, at)) <= len(data) - at:
        yield at, size
        at += size


def _size(data: bytes, at: int) -> int:
    return HEADER + int.from_bytes(data[at : at + 8], "little") + FOOTER

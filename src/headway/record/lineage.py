"""Where a run comes from: its own earlier lives, or another run. Read from event files, as they are."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from headway.errors import HeadwayError
from headway.events.crc import masked
from headway.events.decode import Decoder
from headway.events.framing import FOOTER, HEADER
from headway.events.messages import parse_event
from headway.events.scan import Scan
from headway.events.wire import BYTES, fields

MARK = "tfevents"
_OWN_TAGS = ("headway/", "_hparams_/")
_CHUNK = 8 << 20
_MAX_HEAD = 4096  # bytes of a first record
_RUN_ID = re.compile(r"\brun=(\w+)")
_AT_STEP = re.compile(r"(?P<run>.+)@(?P<step>\d+)", re.DOTALL)


class Past(NamedTuple):
    """What a run's event files say of its lives so far."""

    id: str | None
    """The run's, as the newest file tells it."""
    next_step: int
    """One more than the last step of the newest life; 0 when it has none."""


class Fork(NamedTuple):
    """The run that another one was forked from."""

    run: str
    """Its directory, as it was given."""
    id: str | None
    step: int
    """The last step that the two have in common."""


class Stretch(NamedTuple):
    """What one writer logged in one session."""

    start: int | None
    """The step at which the session said that it begins."""
    last: int | None
    """The largest step, or None."""
    begin: float
    """First and last wall time."""
    end: float


def read_past(directory: str | os.PathLike[str], begun_before: float | None = None) -> Past | None:
    """Return the past of the run in `directory`; None when it holds no event files.

    Damage is skipped. `begun_before` leaves out files that other processes began later: other ranks of this life.
    """
    stretches: list[Stretch] = []
    newest: str | None = None
    anything = False
    for path in _event_files(Path(directory)):
        begin, writer = _head(path)
        if begun_before is not None and begin >= begun_before and not _is_mine(path):
            continue
        anything = True
        stretches += _stretches(path, begin)
        found = _RUN_ID.search(writer)
        newest = found[1] if found else newest
    return Past(newest, _next_step(stretches)) if anything else None


def read_fork(told: str | os.PathLike[str], directory: str | os.PathLike[str]) -> Fork:
    """Return what the run in `directory` is forked from: `told` is a run's directory, or that with `@step`.

    Raises:
        HeadwayError: there is no such run, or it is the run itself.

    """
    run, step = os.fspath(told), None
    named = _AT_STEP.fullmatch(run)
    if named and not os.path.isdir(run):  # noqa: PTH112 - a name may hold an @
        run, step = named["run"], int(named["step"])
    if os.path.realpath(run) == os.path.realpath(directory):
        raise HeadwayError(f"a run cannot be forked from itself: {run}; to go on with it, use resume=True")
    past = read_past(run)
    if past is None:
        raise HeadwayError(f"cannot fork from {run!r}: no event files are there")
    return Fork(run, past.id, max(past.next_step - 1, 0) if step is None else step)


def process_start() -> float | None:
    """Return when this process began, seconds since 1970; None where the system does not tell."""
    try:
        told = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
        ticks = int(told.rpartition(")")[2].split()[19])
        return time.time() - (time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"))
    except (OSError, AttributeError, ValueError, IndexError):
        return None


def _next_step(stretches: Sequence[Stretch]) -> int:
    """Return the step after the newest life: the newest stretch, and those that were written at its time."""
    ordered = sorted((s for s in stretches if s.last is not None or s.start is not None), key=lambda s: s.begin)
    if not ordered:
        return 0
    newest = ordered.pop()
    following = newest.start or 0 if newest.last is None else newest.last + 1
    begin = newest.begin
    for other in reversed(ordered):
        if other.last is not None and other.end > begin and newest.last is not None:
            following = max(following, other.last + 1)
            begin = min(begin, other.begin)
    return following


def _event_files(directory: Path) -> list[Path]:
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry in entries if MARK in entry.name and entry.is_file()]
    except OSError:
        return []
    return [directory / name for name in sorted(names)]


def _is_mine(path: Path) -> bool:
    return f".{socket.gethostname()}.{os.getpid()}." in path.name


def _head(path: Path) -> tuple[float, str]:
    """Return when a file was begun, and what its first record says of the writer."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER)
            size = int.from_bytes(header[:8], "little")
            payload = file.read(min(size, _MAX_HEAD))
            if len(payload) != size or masked(payload) != int.from_bytes(file.read(FOOTER), "little"):
                return 0.0, ""
        event = parse_event(payload)
    except (OSError, ValueError):
        return 0.0, ""
    for number, wire_type, content in event.others:
        if (number, wire_type) == (10, BYTES) and not isinstance(content, int):
            for n, w, writer in fields(content):
                if (n, w) == (1, BYTES) and not isinstance(writer, int):
                    return event.wall_time, str(writer, "utf-8", "replace")
    return event.wall_time, ""


def _stretches(path: Path, begin: float) -> list[Stretch]:
    found: list[Stretch] = []
    now = Stretch(None, None, begin, begin)
    decoder = Decoder()
    for scan in _scans(path, decoder):
        own = {number for number, tag in enumerate(decoder.tag_names) if tag.startswith(_OWN_TAGS)}
        blobs = [blob for blob in scan.blobs if blob.tag not in own]
        steps = [*([int(scan.steps.max())] if len(scan.steps) else []), *(blob.step for blob in blobs)]
        times = [*([float(scan.wall_times.max())] if len(scan.steps) else []), *(blob.wall_time for blob in blobs)]
        if steps:
            now = now._replace(
                last=max(steps if now.last is None else [now.last, *steps]), end=max([now.end, *times])
            )
        if scan.session is not None:
            found.append(now)
            now = Stretch(scan.session, None, now.end, now.end)
    return [*found, now]


def _scans(path: Path, decoder: Decoder) -> Iterator[Scan]:
    """Decode a file piece by piece."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            offset, wanted = 0, _CHUNK
            while offset < size:
                file.seek(offset)
                data = file.read(wanted)
                at_end = offset + len(data) >= size
                scan = decoder.decode(data, offset, at_end)
                yield scan
                offset += scan.consumed
                if scan.consumed:
                    wanted = _CHUNK
                elif at_end:
                    return
                else:  # a record longer than the piece, or damage
                    wanted = max(2 * wanted, scan.tail.needed if scan.tail else 0)
    except OSError:
        return

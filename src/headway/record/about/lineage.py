"""Where a run comes from: its own earlier lives, or another run. Read from event files, as they are."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from headway.errors import HeadwayError
from headway.events.crc import masked
from headway.events.decode import Decoder
from headway.events.framing import FOOTER, HEADER
from headway.events.parse import parse_event
from headway.events.scan import Scan
from headway.events.stretches import scans
from headway.events.wire import BYTES, fields
from headway.record.files.appender import host_name
from headway.record.remote.destination import Objects, find, is_remote

Reader = Callable[[], BinaryIO]

MARK = "tfevents"
_OWN_TAGS = ("headway/", "_hparams_/")
_MAX_HEAD = 4096  # bytes of a first record
_PIECE = re.compile(r"\.p\d{6,}(?=\.|$)")  # of a file in an object store, which goes on where the one before it ends
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

    Raises:
        HeadwayError: the directory is a URL that cannot be read.

    """
    stretches: list[Stretch] = []
    newest: str | None = None
    whole = ""
    for name, reader in _event_files(directory):
        begin, writer = _head(reader)
        if begun_before is not None and begin >= begun_before and not _is_mine(name):
            continue
        before, whole = whole, _PIECE.sub("", name)
        stretches += _stretches(reader, stretches[-1].end if whole == before else begin)
        found = _RUN_ID.search(writer)
        newest = found[1] if found else newest
    return Past(newest, _next_step(stretches)) if whole else None


def read_fork(told: str | os.PathLike[str], directory: str | os.PathLike[str]) -> Fork:
    """Return what the run in `directory` is forked from: `told` is a run's directory, or that with `@step`.

    Raises:
        HeadwayError: there is no such run, or it is the run itself.

    """
    run, step = os.fspath(told), None
    named = _AT_STEP.fullmatch(run)
    if named and not os.path.isdir(run):  # noqa: PTH112 - a name may hold an @
        run, step = named["run"], int(named["step"])
    if _identity(run) == _identity(directory):
        raise HeadwayError(f"a run cannot be forked from itself: {run}; to go on with it, use resume=True")
    past = read_past(run)
    if past is None:
        raise HeadwayError(f"cannot fork from {run!r}: no event files are there")
    return Fork(run, past.id, max(past.next_step - 1, 0) if step is None else step)


def _identity(directory: str | os.PathLike[str]) -> str:
    return os.fspath(directory).rstrip("/") if is_remote(directory) else os.path.realpath(directory)


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


def _event_files(directory: str | os.PathLike[str]) -> list[tuple[str, Reader]]:
    """Return the names of the event files, in their order, and what opens them."""
    if is_remote(directory):
        return _remote_event_files(os.fspath(directory))
    try:
        with os.scandir(directory) as entries:
            paths = sorted((entry.name, entry.path) for entry in entries if MARK in entry.name and entry.is_file())
    except OSError:
        return []
    return [(name, _reader(path)) for name, path in paths]


def _reader(path: str) -> Reader:
    return lambda: Path(path).open("rb")


def _remote_event_files(url: str) -> list[tuple[str, Reader]]:
    try:
        place = find(url)()
        if isinstance(place, Objects):
            return [(name, partial(place.open, name)) for name in sorted(place.names()) if MARK in name]
    except HeadwayError:
        raise
    except Exception as error:  # of any client of any service
        raise HeadwayError(f"the run at {url} cannot be read ({type(error).__name__}: {error})") from error
    raise HeadwayError(f"the run at {url} cannot be read: its writer factory only writes")


def _is_mine(name: str) -> bool:
    return f".{host_name()}.{os.getpid()}." in name


def _head(reader: Reader) -> tuple[float, str]:
    """Return when a file was begun, and what its first record says of the writer."""
    try:
        with reader() as file:
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


def _stretches(reader: Reader, begin: float) -> list[Stretch]:
    found: list[Stretch] = []
    now = Stretch(None, None, begin, begin)
    decoder = Decoder()
    for scan in _scans(reader, decoder):
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


def _scans(reader: Reader, decoder: Decoder) -> Iterator[Scan]:
    """Decode a file as far as it can be read."""
    with contextlib.suppress(OSError), reader() as file:
        yield from scans(file, decoder)

"""Examining one event file: all of it is decoded, stretch by stretch."""

from __future__ import annotations

import contextlib
import os

import numpy as np
from numpy.typing import NDArray

from headway.events.decode import Decoder
from headway.events.framing import HEADER
from headway.events.parse import parse_event
from headway.events.scan import Scan
from headway.events.stretches import stretches
from headway.events.wire import BYTES, fields
from headway.examine.records import VERSION, Records, records
from headway.examine.report import MOST, Backward, Damage, Jump, NotFinite, Report
from headway.examine.tensorboard import Unread
from headway.ingest.directory import LogDirectory, OpenFile
from headway.ingest.follow import POINTER

AHEAD = 3600.0
"""Seconds between two records, from which on the clock is said to have jumped."""
BACK = 1.0
"""Seconds: threads that log at once may stand in a file in another order, by less."""
QUIET = 30.0
"""Seconds without a write, after which a last record that is not whole is lost."""


def examine(directory: LogDirectory, place: str, name: str, now: float) -> Report:
    """Decode the event file at `place` of `directory`; return all that is to be said of it, under `name`, at `now`.

    Memory is bounded by a stretch of 8 MiB, or the file's largest record, and the number of tags.

    Args:
        directory: what opens it.
        place: as `directory.find` gives it.
        name: for people.
        now: seconds since 1970.

    """
    report = Report(name)
    try:
        with directory.open(place) as file:
            report.bytes = file.status.size
            report.quiet = now - file.status.changed_at > QUIET
            head = bytes(file.read(0, len(POINTER)))
            examination = _Examination(report)
            for data, origin, scan in stretches(_Whole(file), examination.decoder):
                examination.take(data, origin, scan)
    except OSError as error:
        return Report(name, report.bytes, f"cannot be read: {error.strerror or error}")
    if not report.records and (report.damaged_regions or report.tail == "damaged"):
        return Report(name, report.bytes, _what_it_is(head))
    examination.end()
    return report


class _Whole:
    """A file of a log directory, as what is read in stretches."""

    def __init__(self, file: OpenFile) -> None:
        self._file = file
        self._at = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = self._file.status.size if whence == os.SEEK_END else offset
        return self._at

    def read(self, size: int, /) -> bytes:
        return bytes(self._file.read(self._at, size))


def _what_it_is(head: bytes) -> str:
    if head == POINTER:
        return "a Git LFS pointer, not an event file: fetch the file itself with `git lfs pull`"
    return "not an event file, or damaged from its first byte"


class _Examination:
    """What must be remembered of one file from one stretch to the next."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.decoder = Decoder()
        self._unread = Unread()
        self._damage_end = -1
        self._wall = float("nan")  # of the last record
        self._last = np.zeros(0, dtype=np.int64)  # step of each tag's last point
        self._seen = np.zeros(0, dtype=bool)  # tags that have points
        self._had_back: set[int] = set()

    def take(self, data: bytes, origin: int, scan: Scan) -> None:
        """Take in one stretch."""
        self._count(scan)
        self._note_damage(data, origin, scan)
        found = records(data, origin, scan)
        if len(found.offsets) and not self.report.version:
            self._read_opening(data, origin, found)
        self.report.versions += int((found.holds == VERSION).sum())
        self._check_clock(found, scan)
        self._check_steps(scan)
        self._check_values(scan)
        self._unread.take(data, origin, scan, found, self.decoder.tag_names)
        if scan.session is not None:
            self.report.sessions.append(scan.session)
            self.report.versions -= 1  # the one that stands before a session's start
            self._seen[:] = False

    def end(self) -> None:
        """Draw the conclusions."""
        report = self.report
        report.tags = len(self._unread.known)
        report.versions = max(report.versions, min(report.records, 1))
        report.unread = self._unread.conclusions()

    def _count(self, scan: Scan) -> None:
        report = self.report
        report.records += scan.records
        report.points += len(scan.steps)
        report.entries.update(self.decoder.kind_names[blob.kind] for blob in scan.blobs)
        report.tail = scan.tail.kind if scan.tail else ""
        report.tail_bytes = scan.tail.bytes if scan.tail else 0
        if len(scan.steps):
            low, high = int(scan.steps.min()), int(scan.steps.max())
            report.first_step = low if report.first_step is None else min(report.first_step, low)
            report.last_step = high if report.last_step is None else max(report.last_step, high)

    def _note_damage(self, data: bytes, origin: int, scan: Scan) -> None:
        report = self.report
        for offset, length in scan.skipped:
            report.damaged_bytes += length
            if offset == self._damage_end and report.damage:  # a region that began in the stretch before
                last = report.damage.pop()
                report.damage.append(Damage(last.offset, last.bytes + length))
            else:
                report.damaged_regions += 1
                if len(report.damage) < MOST:
                    report.damage.append(Damage(offset, length))
                self._unread.damaged(data[offset - origin : offset - origin + HEADER], offset)
            self._damage_end = offset + length

    def _read_opening(self, data: bytes, origin: int, found: Records) -> None:
        """Read what the first record says of the file and of its writer."""
        at = int(found.offsets[0]) - origin
        event = parse_event(data[at + HEADER : at + HEADER + int.from_bytes(data[at : at + 8], "little")])
        self.report.version = event.file_version or "none"
        for number, wire_type, value in event.others:
            if (number, wire_type) == (10, BYTES) and not isinstance(value, int):
                self.report.writer = _writer(value)

    def _check_clock(self, found: Records, scan: Scan) -> None:
        """Look for jumps between records that follow each other.

        What is encoded in the background is written late. So records with anything but scalars do not count.
        """
        blobs = np.array([blob.offset for blob in scan.blobs], dtype=np.int64)
        late = np.zeros(len(found.offsets), dtype=bool)
        late[np.searchsorted(found.offsets, blobs, side="right") - 1] = True
        timed = found.at(~late & (found.wall_times > 0))
        if not len(timed.offsets):
            return
        walls = timed.wall_times
        before = np.concatenate(([self._wall], walls[:-1]))
        self._wall = float(walls[-1])
        report = self.report
        low, high = float(walls.min()), float(walls.max())
        report.first_wall = low if report.first_wall is None else min(report.first_wall, low)
        report.last_wall = high if report.last_wall is None else max(report.last_wall, high)
        change = walls - before
        back, ahead = change < -BACK, change > AHEAD
        report.clock_back += int(back.sum())
        report.clock_ahead += int(ahead.sum())
        for row in np.flatnonzero(back | ahead)[: MOST - len(report.jumps)].tolist():
            steps = int(timed.steps[row])
            report.jumps.append(Jump(int(timed.offsets[row]), steps, float(before[row]), float(walls[row])))

    def _check_steps(self, scan: Scan) -> None:
        """Look for steps that go back within a series, in one session."""
        if not len(scan.tags):
            return
        room = len(self.decoder.tag_names) - len(self._last)
        self._last = np.append(self._last, np.zeros(room, dtype=np.int64))
        self._seen = np.append(self._seen, np.zeros(room, dtype=bool))
        begins, ends = scan.bounds[:-1], scan.bounds[1:]
        before = np.concatenate((scan.steps[:1], scan.steps[:-1]))
        before[begins] = np.where(self._seen[scan.tags], self._last[scan.tags], scan.steps[begins])
        self._last[scan.tags] = scan.steps[ends - 1]
        self._seen[scan.tags] = True
        rows = np.flatnonzero(scan.steps < before)
        self.report.steps_back += len(rows)
        for tag, row in _first_of_each(scan, rows):
            if tag not in self._had_back and len(self._had_back) < MOST:
                self._had_back.add(tag)
                name = self.decoder.tag_names[tag]
                self.report.backward.append(Backward(name, int(before[row]), int(scan.steps[row])))

    def _check_values(self, scan: Scan) -> None:
        rows = np.flatnonzero(~np.isfinite(scan.values))
        if not len(rows):
            return
        tags = scan.tags[np.searchsorted(scan.bounds, rows, side="right") - 1]
        values = scan.values[rows]
        for tag in np.unique(tags).tolist():
            mine = values[tags == tag]
            count = self.report.not_finite.setdefault(self.decoder.tag_names[tag], NotFinite())
            count.nan += int(np.isnan(mine).sum())
            count.plus += int((mine == np.inf).sum())
            count.minus += int((mine == -np.inf).sum())


def _writer(source_metadata: memoryview) -> str:
    with contextlib.suppress(ValueError):  # the decoder does not look into it
        for number, wire_type, writer in fields(source_metadata):
            if (number, wire_type) == (1, BYTES) and not isinstance(writer, int):
                return str(writer, "utf-8", "replace")
    return ""


def _first_of_each(scan: Scan, rows: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return (tag, row) of the first of `rows` in each tag."""
    tags, first = np.unique(np.searchsorted(scan.bounds, rows, side="right") - 1, return_index=True)
    return list(zip(scan.tags[tags].tolist(), rows[first].tolist(), strict=True))

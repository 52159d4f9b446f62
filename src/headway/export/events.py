"""Clean event files: one for each run, without damage, without what was superseded, as any reader takes them."""

from __future__ import annotations

import math
import os
import socket
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import BinaryIO

import numpy as np

from headway.errors import HeadwayError
from headway.events.encode import EventBuffer
from headway.events.framing import frame
from headway.events.kinds import EVENT_FIELDS, SCALARS
from headway.events.messages import event, file_version, scalar_value, summary_event
from headway.events.wire import BYTES, fields, message
from headway.export.new_file import new_file
from headway.export.selection import Exported, Selection
from headway.query.entries import entries
from headway.query.scalars import scalars
from headway.query.series import Series
from headway.query.source import Source
from headway.store.rows import Entries

_WAITING = 1 << 20  # bytes that are encoded before they are written
_METADATA = 9  # the field of Summary.Value
_FIELDS = {kind: number for number, kind in EVENT_FIELDS.items()}
_counter = count()

_Some = tuple[str, Entries, list[int]]
"""A kind, all entries of a tag of it, and which of them."""


def export_events(source: Source, directory: Path, selection: Selection) -> Exported:
    """Write one new event file for each run, in the directory of its name below `directory`.

    Scalars are written as float32 where that is all they are, else as doubles in tensors. Everything else is copied
    byte for byte; a tag's first entry is given its metadata where it has none, because another one had it. What a run
    says of itself (its config, its state) goes with it, whatever tags and steps are wanted. Files beside event files
    (a projector's) are not copied.

    Raises:
        HeadwayError: a run or tag is not there; a run's directory has event files already; a file that is read or
            written fails. Runs that were written before it stay.
    """
    targets = {run: _target(directory, run) for run in selection.runs_of(source)}
    for run, target in targets.items():
        _refuse_existing(target, run)
    total = Exported(0, 0, 0)
    last_walls = {run.name: run.last_wall for run in source.runs()}
    for run, target in targets.items():
        written = _export_run(source, run, target, selection, last_walls.get(run))
        total = Exported(*(a + b for a, b in zip(total, written, strict=True)))
    return total


def _target(directory: Path, run: str) -> Path:
    """Where a run is written: below `directory`, whatever its name is."""
    parts = run.split("/")
    if run != "." and any(part in ("", ".", "..") or "\0" in part or os.sep in part for part in parts):
        raise HeadwayError(f"a run cannot be written under the name {run!r}")
    return directory if run == "." else directory.joinpath(*parts)


def _refuse_existing(target: Path, run: str) -> None:
    try:
        there = os.listdir(target)  # noqa: PTH208
    except FileNotFoundError:
        return
    except OSError as error:
        raise HeadwayError(f"{target} cannot be written: {error.strerror or error}") from error
    if any("tfevents" in name for name in there):
        raise HeadwayError(f"{target} has event files already: the run {run!r} is not written among them")


def _export_run(source: Source, run: str, target: Path, selection: Selection, last_wall: float | None) -> Exported:
    tags = [tag for tag in selection.tags_of(source, run, SCALARS) if selection.reaches(source.series(run, tag))]
    account, others = _accounts(source, run), _selected(source, run, selection)
    if not tags and not others and (selection.is_some or not account):
        return Exported(0, 0, 0)
    others = [*account, *others]
    opened = _first_wall(source, run, others)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HeadwayError(f"{target} cannot be made: {error.strerror or error}") from error
    host = socket.gethostname().replace(os.sep, "_") or "localhost"
    name = f"events.out.tfevents.{max(int(opened), 0):010d}.{host}.{os.getpid()}.{next(_counter)}"
    with new_file(target / name) as unfinished, unfinished.open("xb") as file:
        file.write(frame(file_version(opened, writer="headway export")))
        points = 0
        for tag in tags:
            series = scalars(source, run, tag)
            points += _write_series(file, tag, series.taken(selection.rows(series.steps)))
        copied = sum(_copy(source, file, *one) for one in others)
        file.flush()
        _age(unfinished, last_wall)
    return Exported(1, points, copied)


def _age(path: Path, last_wall: float | None) -> None:
    """Let the file be as old as what it holds: a copy of a run does not run."""
    now = time.time()
    if last_wall is not None and 0 < last_wall < now:
        os.utime(path, (now, last_wall))


def _first_wall(source: Source, run: str, others: Sequence[_Some]) -> float:
    """When what is written began: readers take the first event's time for the run's."""
    walls = [source.first_wall(run), *(float(found.wall_times.min()) for _, found, _ in others)]
    return min((wall for wall in walls if math.isfinite(wall)), default=0.0)


def _write_series(file: BinaryIO, tag: str, series: Series) -> int:
    rows = zip(series.steps.tolist(), series.wall_times.tolist(), series.values.tolist(), strict=True)
    buffer = EventBuffer(1 << 40)
    double = not _is_float32(series.values)
    for step, wall_time, value in rows:
        if double:
            buffer.append(summary_event([scalar_value(tag, value, double=True)], wall_time, step))
        else:
            buffer.add_scalar(tag, value, step, wall_time)
        if buffer.size > _WAITING:
            file.write(buffer.take()[0])
    file.write(buffer.take()[0])
    return len(series.steps)


def _is_float32(values: np.ndarray) -> bool:
    with np.errstate(over="ignore"):
        return np.array_equal(values.astype(np.float32).astype(np.float64), values, equal_nan=True)


def _accounts(source: Source, run: str) -> list[_Some]:
    """What the run says of itself, all that counts."""
    found = {(one.tag, one.kind): entries(source, run, one.tag, one.kind) for one in source.told(run)}
    some = [(kind, all_, np.flatnonzero(~all_.superseded).tolist()) for (_, kind), all_ in found.items()]
    return [one for one in some if one[2]]


def _selected(source: Source, run: str, selection: Selection) -> list[_Some]:
    """The other entries that are wanted and count."""
    told = {(one.tag, one.kind) for one in source.told(run)}
    found: list[_Some] = []
    for kind in source.run_kinds(run):
        for tag in selection.tags_of(source, run, kind) if kind != SCALARS else ():
            if (tag, kind) not in told:
                all_ = entries(source, run, tag, kind)
                rows = np.flatnonzero(~all_.superseded & selection.rows(all_.steps)).tolist()
                found += [(kind, all_, rows)] if rows else []
    return found


def _copy(source: Source, file: BinaryIO, kind: str, found: Entries, rows: Sequence[int]) -> int:
    for row in rows:
        content = _read(source, found, row)
        step, wall_time = int(found.steps[row]), float(found.wall_times[row])
        if kind in _FIELDS:
            copied = event(message(_FIELDS[kind], content), wall_time, step)
        else:
            if row == rows[0]:
                content = _with_metadata(source, found, row, content)
            copied = summary_event([content], wall_time, step)
        file.write(frame(copied))
    return len(rows)


def _with_metadata(source: Source, found: Entries, row: int, content: bytes) -> bytes:
    """The tag's first value in a file names its plugin: here that may be another one than there."""
    if _metadata(content) is not None:
        return content
    same = np.flatnonzero(found.files == found.files[row])
    metadata = _metadata(_read(source, found, int(same[np.argmin(found.offsets[same])])))
    return content if metadata is None else content + message(_METADATA, metadata)


def _metadata(content: bytes) -> bytes | None:
    try:
        for number, wire_type, value in fields(content):
            if (number, wire_type) == (_METADATA, BYTES) and not isinstance(value, int):
                return bytes(value)
    except ValueError:  # malformed: it is copied as it is
        pass
    return None


def _read(source: Source, found: Entries, row: int) -> bytes:
    path = found.paths[found.files[row]]
    return source.content(path, int(found.offsets[row]), int(found.lengths[row]))

"""An imported run into an event file: all of it or nothing, and never over one that is there."""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import headway
from headway.errors import HeadwayError
from headway.events.encode import EventBuffer
from headway.events.messages import file_version, summary_event, text_value
from headway.importers.encode import ScalarEncoder, as_wall_time, is_exact
from headway.importers.run import ImportedRun, Row
from headway.record.about.account import CONFIG_TAG
from headway.record.about.config import flat, plain
from headway.record.about.description import RUN_TAG, run_text
from headway.record.about.ending import STATE_TAG
from headway.record.about.markdown import fenced
from headway.record.about.secrets import masked_config, masked_text
from headway.record.kinds import hparams

TEXT_SUFFIX = "/text_summary"
"""What a text's tag ends with, as with `add_text`: so a tag can have numbers and texts."""
WAITING = 1 << 20
"""Bytes that are encoded before they are written."""
LOOK = 4096
"""Rows between two looks at the progress."""
_UNFINISHED = ".headway-import-"
_STATUSES: dict[str, hparams.Status] = {"finished": "success", "failed": "failure"}


@dataclass(slots=True)
class Written:
    """What was written of one run."""

    points: int = 0
    series: set[str] = field(default_factory=set)
    texts: int = 0
    others: int = 0
    first_step: int | None = None
    first_wall: float = 0.0
    last_wall: float = 0.0


def write(run: ImportedRun, logdir: Path, name: str, progress: Callable[[int], None] = lambda _: None) -> Written:
    """Write `run` to a new event file in the directory `name` below `logdir`.

    `progress` is called now and then with the bytes of the source that were read.

    Raises:
        HeadwayError: there is a run of that name; the source is damaged; the disk refuses. Nothing was written then.
    """
    target = logdir / name
    refuse_existing(target, name)
    try:
        logdir.mkdir(parents=True, exist_ok=True)
        with _unfinished(logdir) as (path, file):
            written = _write(run, file, progress)
            file.flush()
            os.fsync(file.fileno())
            _age(path, written.last_wall)
            _publish(path, target, name)
    except OSError as error:
        raise HeadwayError(f"{error.filename or target}: cannot be written: {error.strerror or error}") from error
    return written


def refuse_existing(target: Path, name: str) -> None:
    """Raise HeadwayError if there are event files in `target`, or it is no directory."""
    try:
        there = os.listdir(target)  # noqa: PTH208
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise HeadwayError(f"{target}: {getattr(error, 'strerror', None) or error}") from error
    if any("tfevents" in file for file in there):
        raise HeadwayError(f"the run {name!r} exists already in {target.parent}; it is not overwritten")


@contextmanager
def _unfinished(logdir: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file whose name readers pass over; it is gone in the end, unless it was moved."""
    path = logdir / f"{_UNFINISHED}{secrets.token_hex(8)}"
    with path.open("xb") as file:
        try:
            yield path, file
        finally:
            path.unlink(missing_ok=True)


def _age(path: Path, last_wall: float) -> None:
    """Let the file be as old as what it holds: a run that was imported just now does not run just now."""
    now = time.time()
    if 0 < last_wall < now:
        os.utime(path, (now, last_wall))


def _publish(path: Path, target: Path, name: str) -> None:
    """Move the finished file to where it is seen; of two that do so at once, the second is refused."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):  # a directory without event files: that of runs below it
        target.mkdir()
    refuse_existing(target, name)
    host = socket.gethostname().replace(os.sep, "_") or "localhost"
    path.rename(target / f"events.out.tfevents.{int(time.time())}.{host}.{os.getpid()}.0")


def _write(run: ImportedRun, file: BinaryIO, progress: Callable[[int], None]) -> Written:
    written = Written()
    buffer = EventBuffer(1 << 40)
    run_id = secrets.token_hex(8)
    rows = iter(run.rows)
    first = next(rows, None)
    # A reader takes the first record's time for the run's beginning.
    began = as_wall_time(None if first is None else first.wall_time, as_wall_time(run.started, time.time()))
    buffer.append(file_version(began, writer=f"headway {headway.__version__} run={run_id}"))
    scalars = ScalarEncoder()
    for number, row in enumerate(rows if first is None else chain((first,), rows)):
        _append(buffer, scalars, row, run, written)
        if buffer.size >= WAITING:
            file.write(buffer.take()[0])
        if number % LOOK == 0:
            progress(run.position())
    for event in _account(run, run_id, written):
        buffer.append(event)
    file.write(buffer.take()[0])
    return written


def _append(buffer: EventBuffer, scalars: ScalarEncoder, row: Row, run: ImportedRun, written: Written) -> None:
    values, step, wall_time = row.values, row.step, row.wall_time
    if values:
        try:
            event = scalars.event(step, wall_time, values)
        except OverflowError:
            values = {tag: value for tag, value in values.items() if tag and is_exact(value)}
            run.left_out["numbers without a name or beyond 64 bits"] += len(row.values) - len(values)
            event = scalars.event(step, wall_time, values) if values else b""
        if event:
            buffer.append(event)
        written.points += len(values)
        written.series.update(values)
    if row.texts or row.others:
        encoded = [text_value(tag.removesuffix(TEXT_SUFFIX) + TEXT_SUFFIX, text) for tag, text in row.texts.items()]
        for tag, other in row.others.items():
            encoded += other.encode(tag)
        buffer.append(summary_event(encoded, wall_time, step))
        written.texts += len(row.texts)
        written.others += len(row.others)
    if written.first_step is None:
        written.first_wall = wall_time
    written.first_step = step if written.first_step is None else min(written.first_step, step)
    written.last_wall = max(written.last_wall, wall_time)


def _account(run: ImportedRun, run_id: str, written: Written) -> list[bytes]:
    """Return what the run says of itself, at its first step, as `headway.record.about.account` tells it."""
    step = written.first_step or 0
    started = as_wall_time(run.started, max(written.first_wall, 0.0))
    ended = as_wall_time(run.ended, max(written.last_wall, started))
    config = masked_config(plain(run.config))
    values = []
    if config:
        text = json.dumps(config, indent=2, ensure_ascii=False, allow_nan=False)
        values.append(text_value(CONFIG_TAG, fenced(text, "json")))
        values.append(hparams.session_start_value(flat(config), start_time=started, group=run.group))
    values.append(text_value(RUN_TAG, run_text(_described(run, run_id, started, step))))
    events = [summary_event(values, started, step)]
    if run.state is not None:
        last = [text_value(STATE_TAG, run.state.text())]
        if config:
            last.append(hparams.session_end_value(_STATUSES.get(run.state.status, "unknown"), ended))
        events.append(summary_event(last, ended, step))
    return events


def _described(run: ImportedRun, run_id: str, started: float, step: int) -> dict[str, object]:
    origin = {"format": run.format, "source": run.source, "name": run.name, "id": run.id}
    told = {
        "id": run_id,
        "started": started,
        "step": step,
        "resumed": False,
        "lineage": None,
        "notes": run.notes,
        "tags": run.tags,
        "imported": {key: value for key, value in origin.items() if value},
        **({"group": run.group} if run.group else {}),
        **run.about,
    }
    return {key: masked_text(value) if isinstance(value, str) else value for key, value in plain(told).items()}

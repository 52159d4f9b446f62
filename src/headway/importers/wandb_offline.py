"""Runs of wandb that were recorded offline: a directory with a `.wandb` file, and its media in `files/`.

`wandb_log.py` is the framing of that file, `wandb_record.py` its messages, `wandb_media.py` the files beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from headway.errors import HeadwayError
from headway.importers import wandb_record as record
from headway.importers.columns import sort_in
from headway.importers.encode import as_wall_time
from headway.importers.importer import Importer
from headway.importers.number import whole
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options, Row
from headway.importers.wandb_log import MARK, Log
from headway.importers.wandb_media import media_of
from headway.record.about.ending import FINISHED, RUNNING, State
from headway.record.about.markdown import fenced
from headway.record.values import Text, Value

SUFFIX = ".wandb"
CONSOLE_TAG = "headway/console"
_CONSOLE_BLOCK = 64 << 10
"""Characters of what was printed that become one text."""
_OWN = ("_step", "_timestamp", "_runtime", "_wandb")


def is_wandb(place: Place) -> bool:
    """Say whether a file is one of wandb's, or a directory holds one."""
    if place.is_directory:
        return _file_in(place) is not None
    return place.path.suffix == SUFFIX or place.head.startswith(MARK[:4])


def wandb_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run."""
    found = _file_in(place) if place.is_directory else place
    assert found is not None
    if not found.head.startswith(MARK):
        raise HeadwayError(f"{found}: byte 0: not the beginning of a file of wandb")
    run = ImportedRun(found.path.stem.removeprefix("run-"), str(found), "wandb", iter(()), size=found.size)
    reader = _Reader(found, run)
    reader.begin()
    run.rows = reader.rows()
    yield run


def _file_in(place: Place) -> Place | None:
    return next((entry for entry in place.entries() if entry.path.suffix == SUFFIX and entry.exists()), None)


class _Reader:
    """Reads one file; what is no row is gathered in `run`."""

    def __init__(self, place: Place, run: ImportedRun) -> None:
        self._place = place
        self._run = run
        self._config: dict[record.Path, Any] = {}
        self._summary: dict[record.Path, Any] = {}
        self._step = 0
        self._last: dict[str, Any] = {}
        self._wall_time = 0.0
        self._console: list[str] = []
        self._said_at: float | None = None
        self._ended = False
        files = place.beside("files")
        self._files = Place(files.path, files.path) if files.path.is_dir() and files.is_inside() else None

    def begin(self) -> None:
        """Find the run's name, which is in one of the first records."""
        with self._place.open() as file:
            for data in Log(file).records():
                try:
                    kind, message = record.kind_of(data)
                    if kind == record.RUN:
                        self._described(message)
                        return
                    if kind == record.HISTORY:
                        return
                except ValueError:
                    return  # said when it is read in earnest

    def rows(self) -> Iterator[Row]:
        """Yield the rows; the last ones are of what is no history."""
        with self._place.open() as file:
            self._run.position = lambda: 0 if file.closed else file.tell()
            log = Log(file)
            number = 0
            for number, data in enumerate(log.records(), 1):
                try:
                    kind, message = record.kind_of(data)
                    yield from self._rows_of(kind, message)
                except ValueError as error:
                    where = f"before byte {file.tell()}"
                    raise HeadwayError(f"{self._place}: record {number}, {where}: {error}") from error
            if number == 0:
                raise HeadwayError(f"{self._place}: byte {len(MARK)}: no undamaged record")
        if log.damaged:
            self._run.left_out[f"damaged stretches from byte {log.damage_at}"] = log.damaged
        yield from self._end()

    def _rows_of(self, kind: int, message: memoryview) -> Iterator[Row]:
        match kind:
            case record.HISTORY:
                yield self._history(message)
            case record.SUMMARY:
                record.update(message, self._summary)
            case record.CONFIG:
                record.update(message, self._config)
            case record.STATS:
                yield from self._stats(message)
            case record.OUTPUT | record.OUTPUT_RAW:
                yield from self._printed(message)
            case record.RUN:
                self._described(message)
            case record.ENVIRONMENT:
                self._run.about |= _described(record.environment(message))
            case record.EXIT:
                code = record.exit_code(message)
                self._run.state = State("failed", f"exit status {code}") if code else FINISHED
                self._ended = True

    def _history(self, message: memoryview) -> Row:
        found, step = record.history(message)
        said = whole(found.get(("_step",)))
        step = said if said is not None else step
        self._step = self._step if step is None else step
        self._wall_time = self._moment(found)
        values: dict[str, float] = {}
        texts: dict[str, str] = {}
        others: dict[str, Value] = {}
        for tag, value in record.nested(found).items():
            if tag not in _OWN:
                self._sort(tag, value, values, texts, others)
        self._last.update(values)
        self._last.update(texts)
        return Row(self._step, self._wall_time, values, texts, others)

    def _moment(self, found: dict[record.Path, Any]) -> float:
        timestamp, runtime = found.get(("_timestamp",)), found.get(("_runtime",))
        if isinstance(timestamp, int | float):
            return as_wall_time(float(timestamp), self._wall_time or self._place.modified)
        if isinstance(runtime, int | float) and self._run.started is not None:
            return as_wall_time(self._run.started + runtime, self._place.modified)
        return self._wall_time or self._run.started or self._place.modified

    def _sort(
        self, tag: str, value: Any, values: dict[str, float], texts: dict[str, str], others: dict[str, Value]
    ) -> None:
        """Put a value of the history where it belongs; parts are under "tag/part", as `run.log` has them."""
        if not isinstance(value, dict):
            sort_in(tag, value, values, texts, self._run.left_out)
            return
        if "_type" not in value:
            for key, part in value.items():
                self._sort(f"{tag}/{key}", part, values, texts, others)
            return
        kind = f"{str(value['_type'])[:40]} entries"
        try:
            media = media_of(value, self._files)
        except (HeadwayError, ValueError, TypeError, KeyError, OverflowError):
            media, kind = None, f"{kind} whose file is missing, damaged or elsewhere"
        if media is None:
            self._run.left_out[kind] += 1
        else:
            others[tag] = media

    def _stats(self, message: memoryview) -> Iterator[Row]:
        moment, found = record.stats(message)
        values: dict[str, float] = {}
        for path, value in found.items():
            sort_in("/".join(("system", *path)), value, values, {}, self._run.left_out)
        if values:
            yield Row(self._step, as_wall_time(moment, self._wall_time or self._place.modified), values)

    def _printed(self, message: memoryview) -> Iterator[Row]:
        moment, text = record.output(message)
        self._said_at = moment or self._said_at
        self._console.append(text)
        if text.endswith("\n") and sum(map(len, self._console)) >= _CONSOLE_BLOCK:
            yield from self._console_row()

    def _console_row(self) -> Iterator[Row]:
        said = "".join(self._console).strip("\n")
        self._console.clear()
        if said:
            moment = as_wall_time(self._said_at, self._wall_time or self._place.modified)
            yield Row(self._step, moment, {}, {}, {CONSOLE_TAG: Text(fenced(said, "text"))})

    def _described(self, message: memoryview) -> None:
        about, config = record.run(message)
        run = self._run
        self._config |= config
        run.id = about.pop("id", "") or run.id
        run.name = about.pop("name", "") or run.id or run.name
        run.notes = about.pop("notes", "") or run.notes
        run.tags = about.pop("tags", []) or run.tags
        run.group = about.pop("group", "") or run.group
        run.started = about.pop("started", None) or run.started
        run.about |= _described(about)

    def _end(self) -> Iterator[Row]:
        yield from self._console_row()
        run = self._run
        run.config = record.nested(self._config)
        if not self._ended:  # it was killed, or goes on: its silence says so
            run.state = RUNNING
        values: dict[str, float] = {}
        texts: dict[str, str] = {}
        for tag, value in record.nested(self._summary).items():
            if tag not in _OWN:
                _numbers(tag, value, values, texts)
        # What is only the last of the history says nothing new.
        values = {f"summary/{tag}": v for tag, v in values.items() if not _same(self._last.get(tag), v)}
        texts = {f"summary/{tag}": text for tag, text in texts.items() if self._last.get(tag) != text}
        if values or texts:
            yield Row(self._step, self._wall_time or run.started or self._place.modified, values, texts)


def _numbers(tag: str, value: Any, values: dict[str, float], texts: dict[str, str]) -> None:
    """Sort in what is in a summary; of lists and media it holds the last, which the history has."""
    if not isinstance(value, dict):
        sort_in(tag, value, values, texts, Counter())
    elif "_type" not in value:
        for key, part in value.items():
            _numbers(f"{tag}/{key}", part, values, texts)


def _same(one: Any, other: float) -> bool:
    return one == other or (one != one and other != other)


def _described(about: dict[str, Any]) -> dict[str, Any]:
    """Return what wandb says of a run under the names that headway has for it."""
    found = {key: value for key, value in about.items() if value}
    args = found.pop("args", None)
    program = found.pop("program", None)
    if program:
        found["command"] = " ".join([program, *(args or [])])
    git = found.get("git")
    if git:
        found["git"] = {"commit": git.get("commit", ""), "branch": "", "dirty": False, **git}
    return found


IMPORTER = Importer("a directory of wandb's, or its .wandb file", is_wandb, wandb_runs)

"""LLaMA-Factory's trainer_log.jsonl: a line for each time that its trainer logs.

Wall times come from `elapsed_time`, to the second: the last line was logged when the file was last written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from headway.importers.columns import sort_in, step_of
from headway.importers.importer import Importer
from headway.importers.jsonl import first_object, objects_in
from headway.importers.place import Lines, Place
from headway.importers.run import ImportedRun, Options, Row
from headway.record.about.ending import FINISHED

FILE = "trainer_log.jsonl"
_STEP, _TOTAL, _ELAPSED, _REMAINING = "current_steps", "total_steps", "elapsed_time", "remaining_time"
_DURATION = re.compile(r"(?:(\d{1,6}) days?, )?(\d{1,6}):(\d\d):(\d\d(?:\.\d{1,9})?)", re.ASCII)
_TAIL = 64 << 10


def is_llama_factory(place: Place) -> bool:
    """Say whether a file's first line is one of LLaMA-Factory's."""
    if place.is_directory or not place.exists():
        return False
    first = first_object(place)
    return place.name == FILE or (first is not None and {_STEP, _TOTAL, "percentage"} <= first.keys())


def llama_factory_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run."""
    lines = Lines(place)
    name = place.run_name()
    run = ImportedRun(name, str(place), "LLaMA-Factory's trainer_log.jsonl", iter(()), size=place.size)
    run.position = lines.position
    run.rows = _rows(lines, place.modified, _last_elapsed(place), run)
    yield run


def _rows(lines: Lines, modified: float, last_elapsed: float | None, run: ImportedRun) -> Iterator[Row]:
    began = None if last_elapsed is None else modified - last_elapsed
    for cells, where in objects_in(lines):
        step = step_of(cells.get(_STEP), where)
        if step is None:
            run.left_out["rows without a step"] += 1
            continue
        values: dict[str, float] = {}
        for name, cell in cells.items():
            if name not in (_STEP, _ELAPSED, _REMAINING):
                sort_in(name, cell, values, {}, run.left_out)
        for name in (_ELAPSED, _REMAINING):
            if (seconds := seconds_of(cells.get(name))) is not None:
                values[f"{name}_seconds"] = seconds
        elapsed = seconds_of(cells.get(_ELAPSED))
        yield Row(step, modified if began is None or elapsed is None else began + elapsed, values)
        if values.get("percentage") == 100.0:
            run.state = FINISHED
    run.started = began


def seconds_of(text: object) -> float | None:
    """Return the seconds in a duration such as 5:58:33 or 1 day, 0:04:10; None when it is none."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    days, hours, minutes, seconds = found.groups()
    return int(days or 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _last_elapsed(place: Place) -> float | None:
    """Return `elapsed_time` of the last whole line that has one."""
    with place.open() as file:
        file.seek(max(0, place.size - _TAIL))
        tail = file.read(_TAIL)
    for line in reversed(tail.splitlines()):
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and (seconds := seconds_of(found.get(_ELAPSED))) is not None:
            return seconds
    return None


IMPORTER = Importer("LLaMA-Factory's trainer_log.jsonl", is_llama_factory, llama_factory_runs)

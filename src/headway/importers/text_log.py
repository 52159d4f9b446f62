"""Logs as programs print them: lines with a step and numbers that have names.

nanoGPT, llm.c, modded-nanogpt, Megatron-LM, verl, the console of transformers' Trainer, JSON objects among other
lines, and whatever prints `step=10 loss: 2.5`. Every other line is passed over. `log_line.py` says what a line holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from headway.errors import HeadwayError
from headway.importers.importer import Importer
from headway.importers.log_line import read_line
from headway.importers.place import Lines, Place
from headway.importers.run import ImportedRun, Options, Row

_LOOKED_AT = 4 << 20
"""Characters in which a log must show a first number: some begin with their source code."""


def is_text_log(place: Place) -> bool:
    """Say whether a text file has a line with a step and a number, not too far from its beginning."""
    if place.is_directory or not place.exists() or b"\0" in place.head.removeprefix(b"\xff\xfe")[:1024:2]:
        return False
    left = _LOOKED_AT
    lines = Lines(place)
    try:
        for line in lines:
            if read_line(line) is not None:
                return True
            left -= len(line) + 1
            if left < 0:
                return False
    except HeadwayError:
        pass
    return False


def text_log_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run."""
    lines = Lines(place)
    run = ImportedRun(place.run_name(), str(place), "text log", iter(()), size=place.size, position=lines.position)
    run.rows = _rows(lines, place.modified)
    yield run


def _rows(lines: Lines, modified: float) -> Iterator[Row]:
    counted = 0
    for text in lines:
        line = read_line(text)
        if line is None:
            continue
        if line.step is None:  # it has none: it is counted, what is evaluated comes after what was trained
            counted += not line.is_evaluation
        step = counted if line.step is None else line.step
        yield Row(step, modified if line.wall_time is None else line.wall_time, line.values)


IMPORTER = Importer("a log with steps and numbers", is_text_log, text_log_runs)

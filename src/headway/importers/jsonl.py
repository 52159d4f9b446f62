"""JSON Lines: an object a line, one of whose keys is the step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import msgspec

from headway.errors import HeadwayError
from headway.importers.columns import columns_of, has_steps
from headway.importers.importer import Importer
from headway.importers.place import Lines, Place
from headway.importers.run import ImportedRun, Options
from headway.importers.table import Cells, runs_of

SUFFIXES = (".jsonl", ".ndjson")
_TRIED = 100
"""Objects at the beginning that may lack a step: some tools write their configuration first."""


def is_jsonl(place: Place) -> bool:
    """Say whether a file is called JSON Lines, or its first line is an object with a step."""
    if place.is_directory or not place.exists():
        return False
    if place.path.suffix.lower() in SUFFIXES:
        return True
    first = first_object(place)
    return first is not None and has_steps(first)


def first_object(place: Place) -> dict[str, Any] | None:
    """Return the object in a file's first line; None when it is none, or longer than one looks."""
    line = place.head.lstrip(b"\xef\xbb\xbf \r\n").partition(b"\n")[0]
    if not line.startswith(b"{"):
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def jsonl_runs(place: Place, options: Options) -> Iterator[ImportedRun]:
    """Yield the runs of a JSON Lines file."""
    lines = Lines(place)
    objects = objects_in(lines)
    tried: list[Cells] = []
    for cells in objects:
        tried.append(cells)
        if has_steps(cells[0]) or (options.step or "") in cells[0] or len(tried) == _TRIED:
            break
    if not tried:
        raise HeadwayError(f"{place}: empty")
    columns = columns_of(tried[-1][0], options, lines.where)
    yield from runs_of(place, "JSON Lines", columns, chain(tried, objects), lines.position)


def objects_in(lines: Lines) -> Iterator[Cells]:
    """Yield the objects, each with where it stands.

    Raises:
        HeadwayError: a line is no JSON object. The last one may be cut off: its writer was killed, or writes yet.
    """
    for line in lines:
        if not line or line.isspace():
            continue
        try:
            found = _loaded(line)
        except json.JSONDecodeError as error:
            if not lines.is_whole:  # then it is the last one
                return
            raise HeadwayError(f"{lines.where}: not JSON: {error.msg} (column {error.colno})") from error
        except (ValueError, RecursionError) as error:
            raise HeadwayError(f"{lines.where}: not JSON that can be read: {error}") from error
        if not isinstance(found, dict):
            raise HeadwayError(f"{lines.where}: a {type(found).__name__}, not an object")
        yield found, lines.where


def _loaded(line: str) -> Any:
    """Return the JSON value in a line: quickly, or as Python reads it, with NaN and infinities and its own errors."""
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return json.loads(line)


IMPORTER = Importer("JSON Lines with a step", is_jsonl, jsonl_runs)

"""Scalars as one long table: run, tag, step, wall_time, value. Every number is exact."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple, TextIO
from uuid import uuid4

import duckdb
import numpy as np

from headway.events.kinds import SCALARS
from headway.export.new_file import new_file
from headway.export.selection import Exported, Selection
from headway.query.scalars import scalars
from headway.query.series import Series
from headway.query.source import Source
from headway.store.columns import insert

PointFormat = Literal["csv", "jsonl", "parquet"]
COLUMNS = ("run", "tag", "step", "wall_time", "value")
_ROWS = 65_536  # that are made into text at a time


class _Part(NamedTuple):
    run: str
    tag: str
    series: Series


def export_points(source: Source, path: Path, format: PointFormat, selection: Selection) -> Exported:
    """Write the points that count to the new file `path`, in UTF-8, series after series.

    - `csv`: a header and a line for each point. Numbers are the shortest text that reads as the same number; `NaN`,
      `inf` and `-inf`.
    - `jsonl`: an object a line; NaN and infinities are the strings "NaN", "Infinity" and "-Infinity".
    - `parquet`: by DuckDB, compressed with zstd; texts, int64 and doubles.

    Raises:
        HeadwayError: a run or tag is not there, `path` is there already or cannot be written.
    """
    parts = _parts(source, selection, selection.runs_of(source))
    with new_file(path) as unfinished:
        return Exported(1, _WRITERS[format](unfinished, parts), 0)


def _parts(source: Source, selection: Selection, runs: list[str]) -> Iterator[_Part]:
    for run in runs:
        for tag in selection.tags_of(source, run, SCALARS):
            series = scalars(source, run, tag)
            rows = selection.rows(series.steps)
            yield _Part(run, tag, series if rows.all() else series.taken(rows))


def _csv(path: Path, parts: Iterator[_Part]) -> int:
    with path.open("x", encoding="utf-8", newline="", errors="surrogatepass") as file:
        file.write(",".join(COLUMNS) + "\n")
        return sum(_csv_lines(file, part) for part in parts)


def _csv_lines(file: TextIO, part: _Part) -> int:
    head = f"{_csv_text(part.run)},{_csv_text(part.tag)},"
    for steps, walls, values in _lists(part.series):
        rows = zip(steps, map(_csv_number, walls), map(_csv_number, values), strict=True)
        file.write("".join([f"{head}{step},{wall},{value}\n" for step, wall, value in rows]))
    return len(part.series.steps)


def _csv_text(text: str) -> str:
    """RFC 4180, with quotes also where readers differ: around nothing, and spaces at the ends."""
    if text and text == text.strip() and not any(c in text for c in ',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def _csv_number(number: float) -> str:
    return repr(number) if number == number else "NaN"  # as readers that guess types know it


def _jsonl(path: Path, parts: Iterator[_Part]) -> int:
    with path.open("x", encoding="utf-8", newline="\n", errors="surrogatepass") as file:
        return sum(_jsonl_lines(file, part) for part in parts)


def _jsonl_lines(file: TextIO, part: _Part) -> int:
    names = json.dumps({"run": part.run, "tag": part.tag}, ensure_ascii=False)
    head = names[:-1] + ', "step": '
    for steps, walls, values in _lists(part.series):
        rows = zip(steps, map(_json_number, walls), map(_json_number, values), strict=True)
        file.write(
            "".join([f'{head}{step}, "wall_time": {wall}, "value": {value}}}\n' for step, wall, value in rows])
        )
    return len(part.series.steps)


def _json_number(number: float) -> str:
    if number - number == 0:
        return repr(number)
    return '"NaN"' if number != number else '"Infinity"' if number > 0 else '"-Infinity"'


def _lists(series: Series) -> Iterator[tuple[list[int], list[float], list[float]]]:
    for at in range(0, len(series.steps), _ROWS):
        rows = slice(at, at + _ROWS)
        yield series.steps[rows].tolist(), series.wall_times[rows].tolist(), series.values[rows].tolist()


def _parquet(path: Path, parts: Iterator[_Part]) -> int:
    spill = str(Path(tempfile.gettempdir()) / f"headway-{uuid4().hex}")  # made only if it is needed
    connection = duckdb.connect(config={"memory_limit": "256MB", "temp_directory": spill, "threads": 1})
    with connection:
        connection.execute(
            "create table points(run varchar, tag varchar, step bigint, wall_time double, value double)"
        )
        connection.execute("create table part(step bigint, wall_time double, value double)")
        count = sum(_insert(connection, part) for part in parts)
        target = str(path).replace("'", "''")
        connection.execute(f"copy points to '{target}' (format parquet, compression zstd)")
        return count


def _insert(connection: duckdb.DuckDBPyConnection, part: _Part) -> int:
    columns = dict(zip(COLUMNS[2:], map(np.ascontiguousarray, part.series), strict=True))
    insert(connection, "part", columns)
    connection.execute("insert into points select $1, $2, * from part", [part.run, part.tag])
    connection.execute("truncate part")
    return len(part.series.steps)


_WRITERS: dict[PointFormat, Callable[[Path, Iterator[_Part]], int]] = {
    "csv": _csv,
    "jsonl": _jsonl,
    "parquet": _parquet,
}

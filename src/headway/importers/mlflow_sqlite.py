"""MLflow's SQLite store: the tables experiments, runs, metrics, params and tags of one file, which is only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any
from urllib.parse import quote

from headway.errors import HeadwayError
from headway.importers.encode import as_wall_time
from headway.importers.importer import Importer
from headway.importers.mlflow_run import describe, seconds
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options, Row

MAGIC = b"SQLite format 3\0"
_TABLES = ("experiments", "runs", "metrics", "params", "tags")
_LARGEST = 64 << 20
"""Bytes of one value."""
_FAILURES = (sqlite3.Error, OverflowError, UnicodeError)
"""UnicodeError: what SQLite says of a damaged file may quote its bytes."""
_MOST_DOUBLE = 1.7976931348623157e308
"""What MLflow writes for an infinity, which its SQL has not."""

_RUNS = """
    SELECT r.run_uuid AS run_id, r.name AS run_name, r.status, r.start_time, r.end_time, r.user_id, r.source_name,
           e.name AS experiment
    FROM runs r LEFT JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE r.lifecycle_stage IS NOT 'deleted' AND e.lifecycle_stage IS NOT 'deleted'
    ORDER BY r.experiment_id, r.start_time, r.run_uuid
"""
_METRICS = "SELECT step, timestamp, key, value, is_nan FROM metrics WHERE run_uuid = ? ORDER BY rowid"


def is_mlflow_sqlite(place: Place) -> bool:
    """Say whether a file is an SQLite database; which one, reading it will show."""
    return not place.is_directory and place.head.startswith(MAGIC)


def sqlite_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the runs, but not those that were deleted."""
    place.open().close()  # refuses what must not be read
    try:
        with closing(_opened(place)) as connection:
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if missing := [table for table in _TABLES if table not in there]:
                raise HeadwayError(f"{place}: an SQLite database, but not MLflow's: no table {missing[0]!r}")
            cursor = connection.execute(_RUNS)
            names = [column[0] for column in cursor.description]
            for cells in cursor:
                yield _run(place, connection, dict(zip(names, cells, strict=True)))
    except _FAILURES as error:
        raise HeadwayError(f"{place}: {error}") from error


def _opened(place: Place) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(place.path.absolute()))}?mode=ro", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
    for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _run(place: Place, connection: sqlite3.Connection, meta: dict[str, Any]) -> ImportedRun:
    run = ImportedRun("", str(place), "MLflow's SQLite store", iter(()))
    run_id = meta["run_id"]
    params, tags = (_texts(connection, table, run_id) for table in ("params", "tags"))
    describe(run, meta, params, tags, str(meta["experiment"] or ""))
    run.rows = _rows(place, connection, run, run_id)
    return run


def _texts(connection: sqlite3.Connection, table: str, run_id: Any) -> dict[str, str]:
    found = connection.execute(f"SELECT key, value FROM {table} WHERE run_uuid = ?", (run_id,))
    return {str(key): "" if value is None else str(value) for key, value in found}


def _rows(place: Place, connection: sqlite3.Connection, run: ImportedRun, run_id: Any) -> Iterator[Row]:
    try:
        points = connection.execute(_METRICS, (run_id,))
        for (step, timestamp), together in groupby(points, key=itemgetter(0, 1)):
            if not isinstance(step, int):
                raise HeadwayError(f"{place}: run {run.id}: the step {str(step)[:40]!r} is no integer")
            wall_time = as_wall_time(seconds(timestamp), run.started or place.modified)
            values: dict[str, float] = {}
            for _, _, key, value, is_nan in together:
                if not isinstance(value, int | float):
                    raise HeadwayError(f"{place}: run {run.id}: a value of {str(key)[:80]!r} is no number")
                key = str(key)
                if key in values:  # logged twice in this moment
                    yield Row(step, wall_time, values)
                    values = {}
                values[key] = float("nan") if is_nan else _whole_range(value)
            yield Row(step, wall_time, values)
    except _FAILURES as error:
        raise HeadwayError(f"{place}: run {run.id}: {error}") from error


def _whole_range(value: float) -> float:
    return value if abs(value) < _MOST_DOUBLE else float("inf") if value > 0 else float("-inf")


IMPORTER = Importer("MLflow's SQLite store", is_mlflow_sqlite, sqlite_runs)

"""Parquet files with a column of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from headway.errors import HeadwayError
from headway.importers.columns import columns_of
from headway.importers.importer import Importer
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options
from headway.importers.table import Cells, runs_of

MAGIC = b"PAR1"
_BATCH = 8192
_MEMORY = "1GB"


def is_parquet(place: Place) -> bool:
    """Say whether a file begins as Parquet files do."""
    return not place.is_directory and place.head.startswith(MAGIC)


def parquet_runs(place: Place, options: Options) -> Iterator[ImportedRun]:
    """Yield the runs of a Parquet file."""
    place.open().close()  # refuses what must not be read
    try:
        with duckdb.connect(":memory:", config={"memory_limit": _MEMORY, "threads": 2}) as connection:
            connection.execute("SET autoinstall_known_extensions=false; SET autoload_known_extensions=false")
            # The name is no pattern: it goes in with its wildcards made plain.
            found = connection.execute("SELECT * FROM read_parquet(?)", [[_plain(str(place))]])
            names = [column[0] for column in found.description or []]
            columns = columns_of(names, options, str(place))
            yield from runs_of(place, "Parquet", columns, _cells(found, names, str(place)))
    except duckdb.Error as error:
        raise HeadwayError(f"{place}: {str(error).splitlines()[0]}") from error


def _cells(found: duckdb.DuckDBPyConnection, names: Sequence[str], path: str) -> Iterator[Cells]:
    number = 0
    while rows := _fetched(found, path, number):
        for cells in rows:
            number += 1
            yield dict(zip(names, cells, strict=True)), f"{path}, row {number}"


def _fetched(found: duckdb.DuckDBPyConnection, path: str, number: int) -> list[tuple[Any, ...]]:
    try:
        return found.fetchmany(_BATCH)
    except (duckdb.Error, ValueError, OverflowError) as error:  # OverflowError: a date beyond Python's
        raise HeadwayError(f"{path}, after row {number}: {str(error).splitlines()[0]}") from error


def _plain(path: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)


IMPORTER = Importer("a Parquet file with a column of steps", is_parquet, parquet_runs)

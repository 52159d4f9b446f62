"""Runs out of a table's rows, in the wide form (a column for each tag) or the long one (a row for each point)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from headway.errors import HeadwayError
from headway.importers.columns import Columns, points_of, row_of
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Row

Cells = tuple[Mapping[str, Any], str]
"""A row's cells by column, and where it stands."""
_DOWNLOADED = re.compile(r"run-(?P<run>.+)-tag-(?P<tag>.+)")
"""How TensorBoard calls the CSV file of one series."""


def runs_of(
    place: Place, kind: str, columns: Columns, rows: Iterator[Cells], position: Callable[[], int] = int
) -> Iterator[ImportedRun]:
    """Yield the runs of a table: those that its column `run` names, or the one that the file is.

    Raises:
        HeadwayError: the rows of one run are not together, or what reading a row raises.
    """
    name = place.run_name()
    downloaded = _DOWNLOADED.fullmatch(place.path.stem) if columns.value and not columns.tag else None
    tag = downloaded["tag"] if downloaded else place.path.stem
    if downloaded:
        name = downloaded["run"]

    def made(name: str, cells: Iterator[Cells]) -> ImportedRun:
        run = ImportedRun(name, str(place), kind, iter(()), size=place.size, position=position)
        run.rows = _rows(cells, columns, tag, place.modified, run.left_out)
        return run

    if columns.run is None:
        yield made(name, rows)
        return
    seen: set[str] = set()
    for named, together in groupby(_named(rows, columns.run, name), key=itemgetter(0)):
        if named in seen:
            raise HeadwayError(f"{place}: the rows of run {named!r} are not together: sort the table by run")
        seen.add(named)
        yield made(named, (cells for _, cells in together))


def _named(rows: Iterator[Cells], column: str, otherwise: str) -> Iterator[tuple[str, Cells]]:
    for cells in rows:
        yield str(cells[0].get(column) or otherwise), cells


def _rows(
    cells: Iterator[Cells], columns: Columns, tag: str, modified: float, left_out: Counter[str]
) -> Iterator[Row]:
    for mapping, where in cells:
        row = (
            points_of(mapping, columns, tag, modified, where)
            if columns.value
            else row_of(mapping, columns, modified, where, left_out)
        )
        if row is not None:
            yield row

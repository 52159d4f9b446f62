"""CSV and TSV files with a column of steps: headway's own export, TensorBoard's downloads, anybody's."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain

from headway.errors import HeadwayError
from headway.importers.columns import columns_of, has_steps
from headway.importers.importer import Importer
from headway.importers.place import Lines, Place
from headway.importers.run import ImportedRun, Options
from headway.importers.table import Cells, runs_of

SUFFIXES = (".csv", ".tsv")
_DELIMITERS = ",;\t"


def is_csv(place: Place) -> bool:
    """Say whether a file is called CSV, or its first line names columns of which one is of steps."""
    if place.is_directory or not place.exists():
        return False
    return place.path.suffix.lower() in SUFFIXES or (
        has_steps(header := header_of(place)) and len(header) > 1 and all(name.isprintable() for name in header)
    )


def header_of(place: Place) -> list[str]:
    """Return the names of the columns in a file's first line; none when that has no end."""
    line, end, _ = place.head.decode("utf-8-sig", "replace").partition("\n")
    try:
        return next(csv.reader([line], delimiter=delimiter_of(line)), []) if end else []
    except csv.Error:
        return []


def delimiter_of(header: str) -> str:
    """Return which of comma, semicolon and tab separates the columns of a first line."""
    return max(_DELIMITERS, key=header.count)


def csv_runs(place: Place, options: Options, kind: str = "CSV") -> Iterator[ImportedRun]:
    """Yield the runs of a CSV file."""
    lines = Lines(place, ends=True)
    iterator = iter(lines)
    first = next((line for line in iterator if line.strip()), None)
    if first is None:
        raise HeadwayError(f"{place}: empty")
    reader = _checked(csv.reader(chain([first], iterator), delimiter=delimiter_of(first)), lines)
    names = next(reader)
    if len({*names}) < len(names):
        raise HeadwayError(f"{lines.where}: two columns of one name")
    columns = columns_of(names, options, lines.where)
    yield from runs_of(place, kind, columns, _cells(reader, names, lines), lines.position)


def _cells(reader: Iterator[list[str]], names: Sequence[str], lines: Lines) -> Iterator[Cells]:
    width = len(names)
    for cells in reader:
        if not cells:
            continue
        if len(cells) != width:
            raise HeadwayError(f"{lines.where}: {len(cells)} cells, but the first line names {width} columns")
        yield dict(zip(names, cells, strict=True)), lines.where


def _checked(reader: Iterator[list[str]], lines: Lines) -> Iterator[list[str]]:
    """Give what `reader` gives; csv's own errors do not say where."""
    try:
        yield from reader
    except csv.Error as error:
        raise HeadwayError(f"{lines.where}: {error}") from error


IMPORTER = Importer("a CSV file with a column of steps", is_csv, csv_runs)

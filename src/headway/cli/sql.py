"""`headway sql`: questions in SQL."""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Iterator
from typing import Any

import click
import duckdb

from headway.cli.output import cell, console, number, plain, say, say_json, say_table
from headway.cli.source import json_option, opened, reads_logdir
from headway.query.sql import failure, select

ROWS = 2_000
"""Fetched at a time."""
BUFFER = 1 << 16
"""Characters written at a time."""
MOST = 1_000
"""Rows that a terminal is shown."""


@click.command()
@reads_logdir
@click.argument("query")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated values, numbers exact, a line of names first.")
def sql(logdir: str, place: str | None, query: str, as_json: bool, as_csv: bool) -> None:
    r"""Answer QUERY, a SELECT over the runs of LOGDIR.

    There are five views; steps are integers, wall times seconds since 1970.

    \b
    runs    run, state, live, points, series, entries, first_step, last_step,
            first_wall, last_wall
    config  run, key (dotted), value (text), number (null where it is none)
    series  run, tag, kind, points, first_step, last_step, first_wall,
            last_wall, last, low, low_step, high, high_step
    points  run, tag, step, wall_time, value, session, rank, superseded
    events  what is no scalar: run, tag, kind, step, wall_time, session, rank,
            superseded, file, offset, length

    headway sql runs "SELECT run, min(value) FROM points WHERE tag = 'val/loss' AND NOT superseded GROUP BY run"
    """
    if as_json and as_csv:
        raise click.UsageError("--json or --csv, not both")
    with opened(logdir, place) as source:
        cursor = select(source, query)
        try:
            names = [name for name, *_ in cursor.description or ()]
            if as_json:
                say_json([dict(zip(_distinct(names), map(plain, row), strict=True)) for row in _rows(cursor)])
            elif as_csv:
                _write_csv(names, _rows(cursor))
            else:
                _show(names, _rows(cursor))
        finally:
            cursor.close()


def _rows(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    try:
        while rows := cursor.fetchmany(ROWS):
            yield from rows
    except duckdb.Error as error:
        raise failure(error) from None


def _distinct(names: list[str]) -> list[str]:
    """Return keys for the columns: of those of one name, the second is called name_2."""
    seen: dict[str, int] = {}
    keys = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return keys


def _write_csv(names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    """Write them in UTF-8, whatever the terminal's encoding is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(["" if value is None else plain(value) for value in row])
        if text.tell() > BUFFER:
            click.echo(text.getvalue().encode(), nl=False)
            text.seek(0)
            text.truncate()
    click.echo(text.getvalue().encode(), nl=False)


def _show(names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    out = console()
    shown: list[tuple[Any, ...]] = []
    more = False
    for row in rows:
        if out.is_terminal and len(shown) == MOST:
            more = True
            break
        shown.append(row)
    right = [name for i, name in enumerate(names) if any(isinstance(row[i], int | float) for row in shown)]
    say_table(out, names, [[cell(_text(value)) for value in row] for row in shown], right=right)
    if more:
        say(out, f"… the first {MOST:,} rows; --csv and --json give all", "dim")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and sys.stdout.isatty() and math.isfinite(value) and abs(value) < 1e6:
        return number(value)
    return str(plain(value)) if isinstance(value, float) else str(value)

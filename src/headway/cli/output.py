"""How verbs say things: text for people, that cannot steer their terminal, and JSON for programs."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal

import click
import numpy as np
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

NOTHING = "–"
_NOT_ASCII = re.compile(r"[^\n -~]")
_WIDE = 1_000_000  # columns of what is no terminal: nothing is cut there


def console(*, stderr: bool = False) -> Console:
    """Return where text goes. Only on a terminal is it coloured, and cut to fit."""
    out = Console(highlight=False, markup=False, emoji=False, stderr=stderr)
    if not out.is_terminal:
        out = Console(highlight=False, markup=False, emoji=False, stderr=stderr, width=_WIDE, no_color=True)
    return out


def printable(text: str) -> str:
    """Return `text`, a name of somebody else's, without what could steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def printable_lines(text: str) -> str:
    """Return a text of several lines; tabs and ends of lines stay."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.splitlines())


def say_table(
    out: Console, headings: Sequence[str], rows: Sequence[Sequence[str | Text]], right: Sequence[str] = ()
) -> None:
    """Print a table without lines; the columns `right` are of numbers.

    On a terminal the first column folds where room is short, and the last ones are left out.
    """
    if not out.is_terminal:  # nothing to fit in: a hundred times as fast as rich
        click.echo("\n".join(_lines(headings, rows, right)))
        return
    fitting = _fitting(list(_columns(headings, rows)), out.width)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for i, heading in enumerate(headings[:fitting]):
        justify: Literal["left", "right"] = "right" if heading in right else "left"
        table.add_column(printable(heading), justify=justify, no_wrap=i > 0 and fitting > 2, overflow="fold")
    for row in rows:
        table.add_row(*row[:fitting])
    out.print(table)
    if fitting < len(headings):
        missing = dict.fromkeys(printable(heading) for heading in headings[fitting:] if heading)
        say(out, f"no room for: {', '.join(missing)}", "dim")


def _fitting(columns: list[list[str]], width: int) -> int:
    """Return how many columns have room on a terminal, the first of them folded if need be; two at least."""
    widths = [max(map(cell_len, column)) for column in columns]
    first = min(widths[0], max(width // 3, 16))
    fitting = len(columns)
    while fitting > 2 and first + sum(2 + column for column in widths[1:fitting]) > width:
        fitting -= 1
    return fitting


def _columns(headings: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> Iterator[list[str]]:
    """Yield the texts of each column."""
    for i, heading in enumerate(headings):
        cells = (row[i] for row in rows)
        yield [printable(heading), *(cell.plain if isinstance(cell, Text) else cell for cell in cells)]


def _lines(headings: Sequence[str], rows: Sequence[Sequence[str | Text]], right: Sequence[str]) -> Iterator[str]:
    columns = list(_columns(headings, rows))
    widths = [max(map(cell_len, column)) for column in columns]
    is_right = [heading in right for heading in headings]
    for row in zip(*columns, strict=True):
        gaps = [" " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)]
        padded = [gap + text if of else text + gap for text, gap, of in zip(row, gaps, is_right, strict=True)]
        yield "  ".join(padded).rstrip()


def cell(text: str, style: str = "") -> Text:
    """Return a table's cell with a text of somebody else's."""
    return Text(printable(text), style=style)


def say(out: Console, text: str | Text = "", style: str = "") -> None:
    """Print a line, whole, also where it is longer than the terminal is wide."""
    out.print(text if isinstance(text, Text) else Text(text), style=style, soft_wrap=True)


def say_json(value: Any) -> None:
    """Print `value` as one JSON document, in UTF-8 whatever the terminal's encoding is."""
    click.echo(json_text(value, indent=2).encode())


def json_text(value: Any, indent: int | None = None) -> str:
    """Return `value` as JSON; NaN and infinities are the strings "NaN", "Infinity" and "-Infinity"."""
    text = json.dumps(plain(value), ensure_ascii=False, allow_nan=False, indent=indent)
    return _NOT_ASCII.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    """Escape what could steer a terminal, or end a line for some readers."""
    return found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1]


def plain(value: Any) -> Any:
    """Return `value` as what JSON can hold; numbers stay exact."""
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    match value:
        case float():
            return value if math.isfinite(value) else _not_finite(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value if value is None or isinstance(value, str | int) else str(value)


def _not_finite(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def number(value: float | None) -> str:
    """Return a value for people, with six digits; programs get all of them."""
    return NOTHING if value is None else f"{value:.6g}"


def count(value: int | None) -> str:
    """Return a whole number for people."""
    return NOTHING if value is None else f"{value:,}"


def many(value: int, one: str, more: str = "") -> str:
    """Return a number of things: 1 run, 2 runs."""
    return f"{value:,} {one if value == 1 else more or one + 's'}"


def moment(seconds: float | None) -> str:
    """Return a wall time in local time."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
    except (OverflowError, ValueError, OSError):
        return number(seconds)


def duration(seconds: float | None) -> str:
    """Return a length of time: 4.2 s, 3 min 20 s, 2 h 5 min, 3 d 4 h."""
    if seconds is None or not math.isfinite(seconds):
        return NOTHING
    if seconds < 0:
        return f"-{duration(-seconds)}"
    if seconds < 60:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"


def size(length: int) -> str:
    """Return a number of bytes for people."""
    for unit, power in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if length >= power:
            return f"{length / power:.1f} {unit}"
    return many(length, "byte")

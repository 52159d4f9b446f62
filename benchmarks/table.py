"""The figures as a table: on the terminal, in Markdown, in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.figure import Figure
from rich.box import SIMPLE
from rich.table import Table

HEAD = ("what", "headway", "peer", "ratio", "target", "reached", "")
RIGHT = (1, 2, 3)
"""Columns of numbers."""


def terminal(figures: Sequence[Figure]) -> Table:
    """Return the table for rich to print."""
    table = Table(*HEAD, header_style="bold", box=SIMPLE, pad_edge=False)
    for place, column in enumerate(table.columns):
        column.justify = "right" if place in RIGHT else "left"
        column.no_wrap = place < len(HEAD) - 1
    for figure in figures:
        table.add_row(*_row(figure), style=None if figure.reached else "bold red")
    return table


def markdown(figures: Sequence[Figure], about: Mapping[str, str]) -> str:
    """Return the table for a README, with a line on where it comes from."""
    rule = ["--:" if column in RIGHT else "---" for column in range(len(HEAD))]
    rows = [HEAD, rule, *map(_row, figures)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    origin = [f"{name}: {text}" for name, text in about.items()]
    return "\n".join([*lines, "", "; ".join(origin), ""])


def as_json(figures: Sequence[Figure], about: Mapping[str, str]) -> str:
    """Return every repeat of every figure."""
    rows = [
        {**asdict(f), "value": f.value, "peer_value": f.peer_value, "ratio": f.ratio, "reached": f.reached}
        for f in figures
    ]
    return json.dumps({**about, "figures": rows}, indent=2)


def _row(figure: Figure) -> list[str]:
    peer = "" if figure.peer_value is None else f"{figure.peer} {_number(figure.peer_value)} {figure.unit}"
    return [
        figure.what,
        f"{_number(figure.value)} {figure.unit}",
        peer,
        "" if figure.ratio is None else f"{_number(figure.ratio)} ×",
        figure.target,
        "yes" if figure.reached else "no",
        figure.note,
    ]


def _number(value: float) -> str:
    """Three digits that mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"

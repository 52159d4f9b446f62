"""Tables: a text of rank 2 whose first row has the columns' names, and what tells the type of each cell.

    {"kind": "table", "columns": [{"name": ..., "type": ..., "cells": ...}, ...]}

`type` is "text", "number", "bool", "image" or "mixed"; `cells` has a letter for each row, t n b i, or - for nothing.
Without it every cell is of the column's type, and an empty one holds nothing if that is not "text". A picture's cell
says which one is meant of those at the tag `<tag>/<column>` and the same step: "image 0".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

_TYPES = {"text": "t", "number": "n", "bool": "b", "image": "i", "mixed": "t"}
_PICTURE = "image "


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: str
    """That of all its cells but those that hold nothing: "text", "number", "bool", "image", or "mixed"."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A cell that shows a picture."""

    number: int
    """Among the pictures at the tag `<tag>/<column>` and the same step."""


Cell = str | int | float | bool | Picture | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(strings: NDArray[Any], told: dict[str, Any]) -> Table | None:
    """Return the table that `strings` [rows + 1, columns] are, or None when what is `told` is not of this one.

    A cell that is not of the type it should be stays a text.
    """
    described = told.get("columns")
    if strings.ndim != 2 or not isinstance(described, list) or len(described) != strings.shape[1] or not len(strings):
        return None
    rows = len(strings) - 1
    columns, cells = [], []
    for column, name, texts in zip(described, strings[0].tolist(), strings[1:].T.tolist(), strict=True):
        kind = column.get("type") if isinstance(column, dict) else None
        if kind not in _TYPES:
            return None
        letters = column.get("cells", _TYPES[kind] * rows)
        if not isinstance(letters, str) or len(letters) != rows:
            return None
        columns.append(Column(name, kind))
        cells.append([_cell(letter, text) for letter, text in zip(letters, texts, strict=True)])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)))


def _cell(letter: str, text: str) -> Cell:
    if letter == "-" or (not text and letter != "t"):
        return None
    read = _READERS.get(letter)
    try:
        return text if read is None else read(text)
    except ValueError:
        return text


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _bool(text: str) -> bool:
    return ("False", "True").index(text) == 1


def _picture(text: str) -> Picture:
    return Picture(int(text.removeprefix(_PICTURE)))


_READERS: dict[str, Callable[[str], Cell]] = {"n": _number, "b": _bool, "i": _picture}

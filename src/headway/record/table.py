"""Tables: rows of texts, numbers and pictures that grow over the steps of a run.

A table is a string tensor of rank 2, which TensorBoard draws as a table; its first row has the columns' names. The
pictures of a column are a value of their own, `<tag>/<column>`, whose cells say which one is meant: "image 0". Beside
them stands what is needed to get every cell back:

    {"kind": "table", "columns": [{"name": ..., "type": ..., "cells": ...}, ...]}

`type` is that of all the column's cells but those that hold nothing: "text", "number", "bool", "image", or "mixed".
`cells` has a letter for each row, t n b i, or - for nothing. Where it is left out, every cell is of the column's
type, but empty ones hold nothing if that is not "text".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from headway.events.messages import (
    DATA_CLASS_TENSOR,
    DT_STRING,
    headway_field,
    summary_metadata,
    summary_value,
    tensor,
)
from headway.events.wire import message
from headway.record.values import Image, Value

_DATA_CLASS_BLOB_SEQUENCE = 3
_TYPES = {"t": "text", "n": "number", "b": "bool", "i": "image"}
_NOTHING = "-"
_CELL_SIZE = 150
"""Bytes of memory, about, beside its text or pixels."""


class Cell(NamedTuple):
    """One cell: the letter of its type, and what it shows."""

    letter: str
    text: str
    image: Image | None = None


class Table(Value):
    """Rows of texts, numbers, bools and pictures, for looking at samples side by side.

    Each time that it is logged, all the rows it has then are appended to what its tag shows, at that step. So make a
    new table for each step:

        table = headway.Table(["prompt", "answer", "score"])
        for prompt, answer, score in samples:
            table.add_row(prompt, answer, score)
        run.log({"samples": table}, step)

    Args:
        columns: their names, each another one.
        rows: cells for each column.

    Raises:
        TypeError: a name is no str, or a cell is none of what `add_row` takes.
        ValueError: no columns, or two of one name; a row with more or fewer cells than there are columns.

    """

    def __init__(self, columns: Iterable[str], rows: Iterable[Sequence[Any]] = ()) -> None:
        self._columns = _checked_columns(columns)
        self._rows: list[list[Cell]] = []
        self.nbytes = sum(map(len, self._columns))
        for row in rows:
            if isinstance(row, (str, bytes, Mapping)) or not isinstance(row, Iterable):
                raise TypeError(f"row {len(self._rows)} must be a sequence of cells, not {type(row).__name__}")
            self.add_row(*row)

    def add_row(self, *cells: Any) -> None:
        """Append a row; after an error the table is as it was.

        Args:
            *cells: for each column a str, a number (of Python, numpy, or an array or tensor without dimensions),
                a bool, a `headway.Image`, or None for nothing.

        """
        number = len(self._rows)
        if len(cells) != len(self._columns):
            raise ValueError(f"row {number} has {len(cells)} cells, but the table has {len(self._columns)} columns")
        row = [_cell(cell, number, column) for cell, column in zip(cells, self._columns, strict=True)]
        self._rows.append(row)
        self.nbytes += sum(_CELL_SIZE + (cell.image.nbytes if cell.image else len(cell.text)) for cell in row)

    def frozen(self) -> Table:
        """Return a table of the rows that are there now."""
        copy = Table(self._columns)
        copy._rows = self._rows.copy()
        copy.nbytes = self.nbytes
        return copy

    def encode(self, tag: str) -> list[bytes]:
        """Return a value for the table, and one for each column with pictures."""
        columns = list(zip(*self._rows, strict=True)) if self._rows else [()] * len(self._columns)
        named = list(zip(self._columns, columns, strict=True))
        texts = [self._columns, *zip(*map(_texts, columns), strict=True)]
        strings = [text.encode("utf-8", "replace") for row in texts for text in row]
        told = {"kind": "table", "columns": [_described(name, cells) for name, cells in named]}
        table = _string_tensor((len(texts), len(self._columns)), strings)
        values = [summary_value(tag, table, summary_metadata("text", DATA_CLASS_TENSOR)) + headway_field(told)]
        pictures = {name: [cell.image for cell in cells if cell.image] for name, cells in named}
        return values + [_pictures(f"{tag}/{name}", images) for name, images in pictures.items() if images]


def _checked_columns(columns: Iterable[str]) -> list[str]:
    names = list(columns) if isinstance(columns, Iterable) else [columns]
    if isinstance(columns, str) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"columns must be a list of names, not {columns!r}")
    if not names or len(set(names)) < len(names):
        raise ValueError(f"a table has at least one column, each with another name, not {names!r}")
    return names


def _cell(cell: Any, row: int, column: str) -> Cell:
    if cell is None:
        return Cell(_NOTHING, "")
    if isinstance(cell, str):
        return Cell("t", str.__str__(cell))
    if isinstance(cell, Image):
        return Cell("i", "", cell)
    value = cell.item() if getattr(cell, "shape", None) == () and callable(getattr(cell, "item", None)) else cell
    if isinstance(value, bool):
        return Cell("b", repr(value))
    if isinstance(value, int):
        return Cell("n", int.__repr__(value))
    if isinstance(value, float):
        return Cell("n", float.__repr__(value))
    raise TypeError(
        f"row {row}, column {column!r}: a cell is a str, a number, a bool, a headway.Image or None, "
        f"not {type(cell).__name__}"
    )


def _texts(cells: Sequence[Cell]) -> list[str]:
    """Return what the cells of one column show; its pictures are numbered."""
    images = (f"image {number}" for number in range(len(cells)))
    return [next(images) if cell.image else cell.text for cell in cells]


def _described(name: str, cells: Sequence[Cell]) -> dict[str, str]:
    letters = "".join(cell.letter for cell in cells)
    types = {_TYPES[letter] for letter in {*letters} - {_NOTHING}}
    kind = "mixed" if len(types) > 1 else types.pop() if types else "text"
    told = {"name": name, "type": kind}
    return told | {"cells": letters} if kind == "mixed" or (kind == "text" and _NOTHING in letters) else told


def _pictures(tag: str, images: Sequence[Image]) -> bytes:
    """Return one value with several pictures; its size, which TensorBoard wants, is that of the largest."""
    files = [image.file() for image in images]
    size = [max(file.width for file in files), max(file.height for file in files)]
    strings = [*(str(side).encode() for side in size), *(file.data for file in files)]
    value = summary_value(
        tag, _string_tensor((len(strings),), strings), summary_metadata("images", _DATA_CLASS_BLOB_SEQUENCE)
    )
    captions = [image.caption for image in images]
    return value + (headway_field({"kind": "image", "captions": captions}) if any(captions) else b"")


def _string_tensor(shape: Sequence[int], strings: Iterable[bytes]) -> bytes:
    return message(8, tensor(DT_STRING, shape, b"".join(message(8, string) for string in strings)))

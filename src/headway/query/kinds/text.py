"""Texts: a tensor of strings of any rank, each Markdown; and what headway adds to them, HTML, tables and
confusion matrices.

headway's own: {"kind": "html"}, {"kind": "table", ...}: see `table`, {"kind": "confusion_matrix"}: see there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.query.kinds.confusion_matrix import TOLD, ConfusionMatrix, confusion_matrix_of
from headway.query.kinds.message import text_of
from headway.query.kinds.summary import Summary
from headway.query.kinds.table import Table, table_of
from headway.query.kinds.tensor import strings_of


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Texts in the shape of the tensor they came in: one, a row of them, or a table."""

    strings: NDArray[Any]
    """Of str objects; bytes that are no UTF-8 are U+FFFD in them."""
    html: bool
    """Whether it is HTML; else Markdown."""

    @property
    def text(self) -> str:
        """All of them, with an empty line between."""
        return "\n\n".join(self.strings.ravel().tolist())


def text(summary: Summary) -> Text | Table | ConfusionMatrix:
    """Read texts.

    Raises:
        ValueError: malformed; a tensor that holds no strings.

    """
    found = strings_of(summary.tensor())
    strings: NDArray[Any] = np.empty(found.shape, object)
    strings.reshape(-1)[:] = [text_of(string) for string in found.ravel().tolist()]
    if summary.told.get("kind") == "table":
        table = table_of(strings, summary.told)
        if table is not None:
            return table
    if summary.told.get("kind") == TOLD:
        matrix = confusion_matrix_of(strings)
        if matrix is not None:
            return matrix
    return Text(strings, summary.told.get("kind") == "html")

"""Text as HTML that can be put into a page: escaped, in paragraphs or a table, laid out as TensorBoard does it.

TensorBoard renders Markdown; here it stays as it was written.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

_WARNING = (
    "<p><strong>Warning:</strong> This text summary contained data of dimensionality {}, but only   2d tables are "
    "supported. Showing a 2d slice of the data instead.</p>"
)


def html(text: str, *, paragraphs: bool = True) -> str:
    """One text; a blank line ends a paragraph."""
    if not paragraphs:
        return escape(text, quote=False)
    blocks = re.split(r"\n[ \t]*\n\s*", text.strip())
    return "\n".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)


def html_of(texts: NDArray[Any], *, paragraphs: bool = True) -> str:
    """An array of strings, of any rank: one is a text, more are a table; of more than two axes the first slice."""
    if not texts.ndim:
        return html(str(texts.item()), paragraphs=paragraphs)
    warning = ""
    if texts.ndim > 2:
        warning = _WARNING.format(texts.ndim)
        texts = texts[(0,) * (texts.ndim - 2)]
    rows = texts if texts.ndim == 2 else texts[:, np.newaxis]
    return f"{warning}<table>\n<tbody>\n{''.join(_row(row, paragraphs) for row in rows)}</tbody>\n</table>"


def _row(cells: NDArray[Any], paragraphs: bool) -> str:
    inner = "".join(f"<td>{html(str(cell), paragraphs=paragraphs)}</td>\n" for cell in cells)
    return f"<tr>\n{inner}</tr>\n"

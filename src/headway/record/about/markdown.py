"""The little Markdown that texts about a run are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BACKTICKS = re.compile("`{3,}")


def fenced(text: str, language: str = "") -> str:
    """Return `text` as a block of code; its fence is longer than any that the text has."""
    fence = max(_BACKTICKS.findall(text), key=len, default="``") + "`"
    return f"{fence}{language}\n{text}\n{fence}"


def table(rows: Mapping[str, str]) -> str:
    """Return a table of two columns, name and value."""
    lines = [f"| {_cell(name)} | {_cell(value)} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|---|---|", *lines])


def _cell(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")

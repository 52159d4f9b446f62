"""Everything that was logged, or some of it, out of the index: as tables, or as clean event files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, get_args

from headway.errors import HeadwayError
from headway.export.events import export_events
from headway.export.points import PointFormat, export_points
from headway.export.selection import Exported, Selection
from headway.query.source import Source

__all__ = ["Exported", "Format", "PointFormat", "Selection", "export", "export_events", "export_points"]

Format = Literal["csv", "jsonl", "parquet", "events"]
_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    "": "events",
}


def export(
    source: Source,
    destination: str | os.PathLike[str],
    format: Format | None = None,
    runs: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    first_step: int | None = None,
    last_step: int | None = None,
) -> Exported:
    """Write points to a table, `destination`, or everything to event files below it; superseded ones are left out.

    Args:
        source: where from.
        destination: a file that is not there yet; for "events" a directory.
        format: by the name of `destination` if not given; "events" when that has no suffix.
        runs: one or several, by name; all if not given.
        tags: one or several; all if not given.
        first_step: earlier steps are left out.
        last_step: later steps are left out.

    Raises:
        HeadwayError: the format or a run or tag is unknown, something is there already, or it cannot be written.
    """
    path, chosen = Path(destination), Selection(_listed(runs), _listed(tags), first_step, last_step)
    wanted = _SUFFIXES.get(path.suffix.lower()) if format is None else format
    if wanted == "events":
        return export_events(source, path, chosen)
    if wanted is None or wanted not in get_args(Format):
        said = f"{str(path)!r} does not say as what" if format is None else f"there is no format {format!r}"
        raise HeadwayError(f"{said}: one of {', '.join(get_args(Format))} is wanted")
    return export_points(source, path, wanted, chosen)


def _listed(names: str | Sequence[str] | None) -> Sequence[str] | None:
    return [names] if isinstance(names, str) else names

"""The scalars of event files, as tensorboardX exports them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

from headway.events.decode import Decoder
from headway.events.stretches import scans

Points = list[tuple[float, int, float | str]]
"""Wall time in seconds since 1970, step and value of each point; a value that JSON lacks is a string."""


def exported_scalars(
    run: str, files: Iterable[Path], sub_runs: Iterable[tuple[str, Iterable[Path]]]
) -> dict[str, Points]:
    """Return the points of each series: those of a run by its name and their tag, "run/tag".

    A sub-run of `add_scalars` has but one, and its name says which.

    Args:
        run: its name.
        files: its event files, in the order in which they were written.
        sub_runs: names and event files of others.

    """
    found: dict[str, Points] = {}
    for path in files:
        for tag, points in _scalars(path):
            found.setdefault(f"{run}/{tag}", []).extend(points)
    for name, paths in sub_runs:
        for path in paths:
            for _, points in _scalars(path):
                found.setdefault(name, []).extend(points)
    return found


def _scalars(path: Path) -> Iterator[tuple[str, Points]]:
    decoder = Decoder()
    with path.open("rb") as file:
        for scan in scans(file, decoder):
            for index, tag in enumerate(scan.tags):
                rows = slice(scan.bounds[index], scan.bounds[index + 1])
                columns = (scan.wall_times[rows], scan.steps[rows], scan.values[rows])
                walls, steps, values = (column.tolist() for column in columns)
                yield decoder.tag_names[tag], list(zip(walls, steps, map(_json, values), strict=True))


def _json(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)

"""The scalars of event files, as tensorboardX exports them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from headway.events.decode import Decoder

_STRETCH = 8 << 20  # bytes read at a time

Points = list[tuple[float, int, float | str]]
"""Wall time in seconds since 1970, step and value of each point; a value that JSON lacks is a string."""


def exported_scalars(files: Iterable[tuple[str, Path]]) -> dict[str, Points]:
    """Return the points of each series, by the name of its run and its tag: "run/tag".

    Args:
        files: names of runs, and the event files of each in the order in which they were written.

    """
    found: dict[str, Points] = {}
    for run, path in files:
        for tag, points in _scalars(path).items():
            # A sub-run of `add_scalars` is named after the tag already.
            name = run if run.endswith(f"/{tag}") or f"/{tag}/" in run else f"{run}/{tag}"
            found.setdefault(name, []).extend(points)
    return found


def _scalars(path: Path) -> dict[str, Points]:
    found: dict[str, Points] = {}
    decoder, rest, origin = Decoder(), b"", 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_STRETCH)
            buffer = rest + piece
            scan = decoder.decode(buffer, origin, at_end=not piece)
            for index, tag in enumerate(scan.tags):
                rows = slice(scan.bounds[index], scan.bounds[index + 1])
                columns = zip(
                    scan.wall_times[rows].tolist(),
                    scan.steps[rows].tolist(),
                    map(_json, scan.values[rows].tolist()),
                    strict=True,
                )
                found.setdefault(decoder.tag_names[tag], []).extend(columns)
            rest, origin = buffer[scan.consumed :], origin + scan.consumed
            if not piece and not scan.consumed:
                return found


def _json(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)

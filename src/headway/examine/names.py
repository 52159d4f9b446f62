"""What the names of a directory's event files say: who wrote them when, and which pieces of one are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

MOST = 100
"""Missing pieces of one file that are listed."""

_BEGUN = re.compile(r"tfevents\.(?P<second>\d+)\.(?P<rest>.+)")
_PIECE = re.compile(r"(?P<file>.+)\.p(?P<number>\d{6,})(?P<suffix>\..*)?")
"""See *Remote files* in docs/format.md."""


class Twins(NamedTuple):
    """Files that were begun in one directory in the same second: by several writers, or by one again and again."""

    directory: Path
    second: int
    """Since 1970."""
    names: list[str]


class Gap(NamedTuple):
    """Pieces of one file that are not there though later ones are: what they held is lost, or did not arrive."""

    file: Path
    missing: int
    numbers: list[int]
    """The first of them."""


def twins(paths: Iterable[Path]) -> list[Twins]:
    """Return which of `paths` were begun in the same second, by their names; pieces of one file are one."""
    found: dict[tuple[Path, int], dict[str, str]] = {}
    for path in paths:
        piece = _PIECE.fullmatch(path.name)
        whole = piece["file"] if piece else path.name
        begun = _BEGUN.search(whole)
        if begun:
            found.setdefault((path.parent, int(begun["second"])), {}).setdefault(whole, path.name)
    return [
        Twins(directory, second, sorted(names.values()))
        for (directory, second), names in sorted(found.items())
        if len(names) > 1
    ]


def gaps(paths: Iterable[Path]) -> list[Gap]:
    """Return which pieces before the last one are not there."""
    found: dict[Path, set[int]] = {}
    for path in paths:
        if piece := _PIECE.fullmatch(path.name):
            found.setdefault(path.with_name(piece["file"] + (piece["suffix"] or "")), set()).add(int(piece["number"]))
    return [gap for file, numbers in sorted(found.items()) if (gap := _gap(file, numbers)).missing]


def _gap(file: Path, numbers: set[int]) -> Gap:
    missing: list[int] = []
    before = -1  # pieces are numbered from 0
    for number in sorted(numbers):
        missing += range(before + 1, min(number, before + 1 + MOST - len(missing)))
        before = number
    return Gap(file, before + 1 - len(numbers), missing)

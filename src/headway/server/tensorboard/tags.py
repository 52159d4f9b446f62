"""Which tags a run has, and what their first values say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.errors import HeadwayError
from headway.events.wire import BYTES, fields
from headway.query.kinds.summary import metadata_of
from headway.server.contents import Contents
from headway.server.tensorboard.html import html
from headway.server.tensorboard.skim import Part, Read, skim

if TYPE_CHECKING:
    from headway.query.source import Source

Described = dict[str, str | int]
"""What TensorBoard says of a tag."""
LOOKED_AT = 64
"""Entries of a series that are looked at to say how many pictures or clips they have at most; evenly spaced."""

_IMAGE, _AUDIO, _TENSOR, _METADATA = 4, 6, 8, 9  # fields of Summary.Value
_SHAPE, _STRINGS = 2, 8  # fields of TensorProto


def by_run(source: Source, kind: str) -> dict[str, list[str]]:
    """Run → its tags of this kind; runs that have none are left out."""
    names = {run.id: run.name for run in source.runs()}
    found: dict[str, list[str]] = {}
    for tag, runs in source.tags(kind).items():
        for run in runs:
            if run in names:  # it may have come in between
                found.setdefault(names[run], []).append(tag)
    return found


def described(name: str = "", description: str = "") -> Described:
    """What TensorBoard says of a tag."""
    return {"displayName": name, "description": html(description) if description else ""}


def description_of(source: Source, run: str, tag: str, kind: str) -> Described:
    """What the first value of a series says of it; nothing when it cannot be read."""
    contents = Contents(source, run, tag, kind, current=True)
    if not contents:
        return described()
    path, offset, length = contents.place(0)
    try:
        for part in skim(lambda at, size: source.content(path, at, size), offset, length):
            if (part.number, part.wire_type) == (_METADATA, BYTES):
                metadata = metadata_of(source.content(path, part.offset, part.length))
                return described(metadata.display_name, metadata.description)
    except (ValueError, HeadwayError):
        pass
    return described()


def samples(source: Source, run: str, tag: str, kind: str) -> int:
    """How many pictures or clips an entry of the series has at most."""
    contents = Contents(source, run, tag, kind, current=True)
    n = len(contents)
    chosen = np.unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).round().astype(np.int64))
    return max((items(source, *contents.place(i), kind) for i in chosen.tolist()), default=0)


def items(source: Source, path: str, offset: int, length: int, kind: str) -> int:
    """How many pictures or clips the entry at this place has; 0 when it cannot be read."""

    def read(at: int, size: int) -> bytes:
        return source.content(path, at, size)

    try:
        for part in skim(read, offset, length):
            if part.number in (_IMAGE, _AUDIO):
                return 1
            if part.number == _TENSOR:
                strings = _first_dimension(read, part)
                return max(strings - 2, 0) if kind == "images" else strings  # the first two are width and height
    except (ValueError, HeadwayError):
        pass
    return 0


def _first_dimension(read: Read, tensor: Part) -> int:
    strings = 0
    for part in skim(read, tensor.offset, tensor.length):
        if part.number == _SHAPE:
            for number, _, dimension in fields(read(part.offset, part.length)):
                if number == 2 and not isinstance(dimension, int):
                    return next((size for n, _, size in fields(dimension) if n == 1 and isinstance(size, int)), 0)
        strings += part.number == _STRINGS
    return strings

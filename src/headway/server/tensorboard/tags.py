"""Which tags a run has, and what their first values say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headway.errors import HeadwayError
from headway.events.wire import BYTES, fields
from headway.query.kinds.summary import metadata_of
from headway.server.contents import Contents
from headway.server.media import SEVERAL
from headway.server.tensorboard.html import html
from headway.server.tensorboard.skim import Part, Read, skim

if TYPE_CHECKING:
    from headway.query.source import Source
    from headway.server.served import Served

Described = dict[str, str | int]
"""What TensorBoard says of a tag."""
LOOKED_AT = 16
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


class DescribedTags:
    """What TensorBoard says of the tags of one kind. Files are looked into once, and again as their run changes."""

    def __init__(self, served: Served, kind: str) -> None:
        self._served = served
        self._kind = kind
        self._known: dict[tuple[str, str], tuple[int, Described]] = {}

    def all(self) -> dict[str, dict[str, Described]]:
        """Run → tag → what is said of it, and how many pictures or clips an entry has at most."""
        revisions = {run.name: run.revision for run in self._served.index.runs()}
        found = by_run(self._served.index, self._kind)
        return {run: {tag: self._of(run, tag, revisions.get(run, 0)) for tag in tags} for run, tags in found.items()}

    def _of(self, run: str, tag: str, revision: int) -> Described:
        known = self._known.get((run, tag))
        if known is None or known[0] != revision:
            contents = Contents(self._served, run, tag, self._kind, current=True)
            said = _description(self._served.index, contents)
            if self._kind in SEVERAL:
                said["samples"] = _samples(self._served.index, contents)
            known = self._known[run, tag] = (revision, said)
        return known[1]


def _description(source: Source, contents: Contents) -> Described:
    """What the first value of a series says of it; nothing when it cannot be read."""
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


def _samples(source: Source, contents: Contents) -> int:
    """How many pictures or clips an entry of the series has at most."""
    n = len(contents)
    chosen = np.unique(np.linspace(0, n - 1, min(n, LOOKED_AT)).round().astype(np.int64))
    return max((items(source, *contents.place(i), contents.kind) for i in chosen.tolist()), default=0)


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

"""What decoding a stretch of an event file gives."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Blob(NamedTuple):
    """Something that is no scalar: where it lies in the file, to be read when somebody asks for it."""

    tag: int
    """Index into the decoder's `tag_names`."""
    kind: int
    """Index into the decoder's `kind_names`."""
    step: int
    wall_time: float
    offset: int
    """Of the `Summary.Value` message, or of the content of the `Event` field that holds it, in the file."""
    length: int


class Tail(NamedTuple):
    """The end of the stretch, not consumed: more bytes will show what it is."""

    kind: Literal["incomplete", "damaged"]
    """`incomplete`: a frame has begun; `damaged`: no good frame has come after damage yet."""
    bytes: int
    needed: int
    """Bytes that the frame which has begun takes in all; 0 when not known."""


class Scan(NamedTuple):
    """Decoded frames. The scalar columns are grouped by tag, each tag's points in the order of the file."""

    tags: NDArray[np.int32]
    """[k] the tags that have points here, ascending indices into the decoder's `tag_names`."""
    bounds: NDArray[np.int64]
    """[k+1] the points of `tags[i]` are rows `bounds[i]:bounds[i+1]`."""
    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    """Seconds since 1970."""
    values: NDArray[np.float64]
    blobs: list[Blob]
    skipped: list[tuple[int, int]]
    """Damage: (offset in the file, bytes). A good frame follows each."""
    records: int
    """Good frames consumed."""
    consumed: int
    """Bytes of the buffer that need not be looked at again."""
    session: int | None
    """The step of a session start, which is the last frame consumed (decoding stops there), or None."""
    tail: Tail | None

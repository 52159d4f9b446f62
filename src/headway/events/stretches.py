"""A whole event file, decoded stretch by stretch, however large it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from headway.events.decode import Decoder
from headway.events.scan import Scan

_STRETCH = 8 << 20  # bytes read at a time, unless one record has more


class Seekable(Protocol):
    """As much of a file as is needed here."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go there; return where that is."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, less at the end."""


def scans(file: BinaryIO, decoder: Decoder) -> Iterator[Scan]:
    """Yield what `decoder` finds in `file`, from its beginning to the end that it has now.

    Raises:
        OSError: it cannot be read.

    """
    for _, _, scan in stretches(file, decoder):
        yield scan


def stretches(file: Seekable, decoder: Decoder) -> Iterator[tuple[bytes, int, Scan]]:
    """Yield, as `scans` does, each scan behind the bytes that it was made of, and where these lie in the file.

    Raises:
        OSError: it cannot be read.

    """
    size = file.seek(0, os.SEEK_END)
    offset, wanted = 0, _STRETCH
    while offset < size:
        file.seek(offset)
        data = file.read(wanted)
        at_end = offset + len(data) >= size
        scan = decoder.decode(data, offset, at_end)
        yield data, offset, scan
        offset += scan.consumed
        if scan.consumed:
            wanted = _STRETCH
        elif at_end or not data:
            return
        else:  # a record longer than the stretch, or damage
            wanted = max(2 * wanted, scan.tail.needed if scan.tail else 0)

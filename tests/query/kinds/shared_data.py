"""Event files of other people's runs, where they are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from headway.events.decode import Decoder
from headway.events.stretches import scans

EVENTS = Path(__file__).parents[4] / "shared" / "data" / "events"
needs_them = pytest.mark.skipif(not EVENTS.is_dir(), reason="the event files of others are not beside the repository")


def entries(kind: str | None = None) -> Iterator[tuple[Path, str, str, bytes, bytes]]:
    """Yield path, kind, tag, content and the first content of the tag, of all that is no scalar."""
    for path in sorted(EVENTS.rglob("*tfevents*")):
        decoder, first = Decoder(), dict[tuple[int, int], bytes]()
        data = path.read_bytes()
        with path.open("rb") as file:
            blobs = [blob for scan in scans(file, decoder) for blob in scan.blobs]
        for blob in blobs:
            content = data[blob.offset : blob.offset + blob.length]
            beginning = first.setdefault((blob.tag, blob.kind), content)
            name = decoder.kind_names[blob.kind]
            if kind in (None, name):
                yield path, name, decoder.tag_names[blob.tag], content, beginning

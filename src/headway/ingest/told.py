"""What runs say of themselves, told apart from what they measure: small, and kept whole in the index."""

from __future__ import annotations

from headway.events.scan import Scan

KINDS = frozenset({"hparams"})
TAGS = frozenset(
    {
        "headway/state",
        "headway/config",
        "headway/run",
        "args/text_summary",  # the Trainer of transformers: its arguments and its model's config
        "model_config/text_summary",
    }
)
LARGEST = 1 << 20
"""Bytes; what is larger stays in its file alone."""


def told(scan: Scan, tags: list[str], kinds: list[str], data: memoryview, origin: int) -> list[tuple[int, bytes]]:
    """Copy such entries out of `data`, the stretch at `origin` that was scanned: (index in `scan.blobs`, content)."""
    return [
        (i, bytes(data[blob.offset - origin :][: blob.length]))
        for i, blob in enumerate(scan.blobs)
        if (tags[blob.tag] in TAGS or kinds[blob.kind] in KINDS) and blob.length <= LARGEST
    ]

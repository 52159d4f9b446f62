"""The checksum of event files."""

from __future__ import annotations

from headway.events.crc import crc32c

__all__ = ["crc32c"]

_crc32c = crc32c
_crc32c_native = None

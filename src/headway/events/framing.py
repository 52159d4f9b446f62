"""TFRecord framing: how one record lies in an event file.

    u64 length of payload | u32 masked CRC-32C of those 8 bytes | payload | u32 masked CRC-32C of payload

All little-endian.
"""

from __future__ import annotations

from struct import Struct

from headway.events.crc import masked

HEADER = 12
"""Bytes before the payload."""
FOOTER = 4
"""Bytes after the payload."""

LONGEST = 1 << 31
"""Bytes of a payload, itself not included: protobuf makes no larger message."""

PATIENCE = 64
"""Bytes whose checksum may turn out wrong for each byte that is decoded, before the rest of a stretch is damage.
Only a file that was made for it has so many headers whose payloads are not there."""

_LENGTH = Struct("<Q")
_CHECKSUM = Struct("<I")


def frame(payload: bytes) -> bytes:
    """Return `payload` as one record, ready to be appended to an event file."""
    length = _LENGTH.pack(len(payload))
    return b"".join((length, _CHECKSUM.pack(masked(length)), payload, _CHECKSUM.pack(masked(payload))))

"""The framing of `.wandb` files: LevelDB's log format behind a header of 7 bytes.

    ":W&B" | u16 0xBEE1 | u8 version 0, then blocks of 32 KiB (the first one shorter by the header), each of records
    u32 CRC-32 of type and data | u16 length | u8 type | data

All little-endian. Types: 1 is a whole record, 2, 3 and 4 the first, middle and last part of one. No record begins in
the last 6 bytes of a block. https://github.com/google/leveldb/blob/main/doc/log_format.md, with zlib's CRC, unmasked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import BinaryIO

from headway.errors import HeadwayError

MARK = b":W&B\xe1\xbe\x00"
BLOCK = 32 << 10
LARGEST = 256 << 20
"""Bytes of a record; a larger one is damage."""

_HEADER = Struct("<IHB")
_WHOLE, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


class Log:
    """The records of a file that is opened at its beginning, and how much of it was damaged."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.damaged = 0
        """Stretches that are no records, or whose checksum is wrong; what a killed process left counts, too."""
        self.damage_at: int | None = None
        """The byte at which the first one begins."""
        self._in_damage = False

    def records(self) -> Iterator[bytes]:
        """Yield the undamaged records after the mark, which is not looked at.

        Raises:
            HeadwayError: the system refuses to read.
        """
        self._file.seek(0)
        parts: list[bytes] = []
        start = 0
        while block := self._read():
            at = len(MARK) if start == 0 else 0
            while at + _HEADER.size <= len(block):
                checksum, length, kind = _HEADER.unpack_from(block, at)
                begin, at = at, at + _HEADER.size + length
                data = block[begin + _HEADER.size : at]
                if at > len(block) or not _WHOLE <= kind <= _LAST or checksum != _checksum(kind, data):
                    parts.clear()
                    if not any(block[begin:]):  # never written
                        at = len(block)
                        continue
                    self._damage(start + begin)
                    continue
                if kind in (_WHOLE, _FIRST):
                    if parts:
                        self._damage(start + begin)
                    parts = [data]
                elif parts and sum(map(len, parts)) + len(data) <= LARGEST:
                    parts.append(data)
                else:
                    parts.clear()
                    self._damage(start + begin)
                    continue
                self._in_damage = False
                if kind in (_WHOLE, _LAST):
                    yield b"".join(parts)
                    parts.clear()
            if at < len(block) < BLOCK and any(block[at:]):
                self._damage(start + at)
            start += len(block)
        if parts:
            self._damage(start)

    def _read(self) -> bytes:
        try:
            return self._file.read(BLOCK)
        except OSError as error:
            raise HeadwayError(f"{self._file.name}: cannot be read: {error.strerror or error}") from error

    def _damage(self, at: int) -> None:
        """Count a stretch, unless it goes on from the last one."""
        self.damaged += not self._in_damage
        self._in_damage = True
        if self.damage_at is None:
            self.damage_at = at


def _checksum(kind: int, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(bytes((kind,))))

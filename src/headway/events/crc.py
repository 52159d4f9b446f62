"""CRC-32C (Castagnoli), the checksum of TFRecord files, in plain Python: the twin of `crc32c.h`."""

from __future__ import annotations

_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed


def _table() -> tuple[int, ...]:
    rows = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (_POLYNOMIAL if byte & 1 else 0)
        rows.append(byte)
    return tuple(rows)


_TABLE = _table()


def crc32c(data: bytes | bytearray | memoryview) -> int:
    """Return the CRC-32C of `data` (unsigned, 32 bits)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def masked(data: bytes | bytearray | memoryview) -> int:
    """Return TFRecord's masked CRC-32C of `data`: a checksum of data that holds checksums would be weak."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF

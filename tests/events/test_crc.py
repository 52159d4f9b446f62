from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboardX.crc32c import crc32c as peer_crc32c

from headway.events.crc import crc32c, masked


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),  # the check value of CRC-32C
        (bytes(32), 0x8A9136AA),  # RFC 3720, B.4
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_published_values(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


@given(st.binary(max_size=300))
def test_agrees_with_tensorboardx(data: bytes) -> None:
    crc = peer_crc32c(data)
    assert crc32c(data) == crc
    assert masked(memoryview(data)) == ((crc >> 15 | crc << 17) + 0xA282EAD8) % (1 << 32)

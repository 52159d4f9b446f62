"""Damage to bytes: what disks, networks, editors and malice do to files. Seeded, so that a failure comes back."""

from __future__ import annotations

import random

INTERESTING = (
    b"\0",
    b"\xff",
    b"\x80",
    b"\n",
    b'"',
    b"{",
    b"[",
    b"-",
    b"9" * 40,
    b"\xff" * 9 + b"\1",
    b"NaN",
    b"\\u0",
)


def mutated(data: bytes, source: random.Random) -> bytes:
    """One to four injuries of `data`."""
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(data) + 1)
        some = source.randint(1, 16)
        match source.randrange(6):
            case 0:
                data = data[:at] + source.randbytes(some) + data[at + some :]
            case 1:
                data = data[:at] + data[at + some :]
            case 2:
                data = data[:at] + source.choice(INTERESTING) + data[at:]
            case 3:
                data = data[:at] + data[at : at + some] * source.randint(2, 5) + data[at + some :]
            case 4:
                data = data[:at]
            case _:
                data = (
                    data[:at] + bytes(byte ^ 1 << source.randrange(8) for byte in data[at : at + 1]) + data[at + 1 :]
                )
    return data

from __future__ import annotations

import json
import random
import tracemalloc

import pytest

from headway.query.kinds import Raw, decode, plain
from query.kinds.samples import samples

SMALL = 4 << 20
"""Bytes that may be allocated whatever the content: a tensor that repeats one element, tables of bits."""
FACTOR = 256
"""Of the content's size, that objects of Python may take: a message of two bytes can be a node of a graph."""

ONE_OF_EACH = pytest.mark.parametrize(("kind", "content"), samples(), ids=[kind for kind, _ in samples()])


@ONE_OF_EACH
def test_every_kind_becomes_a_value_and_plain_data(kind: str, content: bytes) -> None:
    value = decode(kind, content)
    assert isinstance(value, Raw) == (kind in ("a plugin of others", "old_histogram"))
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == plain(value)


@ONE_OF_EACH
def test_a_truncated_entry_is_an_error_that_names_its_kind_or_a_smaller_value(kind: str, content: bytes) -> None:
    for end in range(0, len(content), max(len(content) // 60, 1)):
        survives(kind, content[:end])


def test_whatever_the_bytes_nothing_but_a_value_error_comes_of_them() -> None:
    source = random.Random(20261124)
    entries = samples()
    for _ in range(4000):
        kind, content = source.choice(entries)
        survives(kind, mutated(content, source))


def test_an_entry_of_another_kind_than_said_does_no_harm() -> None:
    for kind, _ in samples():
        for _, content in samples():
            survives(kind, content)


def test_nothing_is_allocated_but_for_what_is_there() -> None:
    source = random.Random(7)
    entries = samples()
    tracemalloc.start()
    try:
        for _ in range(600):
            kind, content = source.choice(entries)
            hostile = mutated(content, source)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            survives(kind, hostile)
            assert tracemalloc.get_traced_memory()[1] - before < SMALL + FACTOR * len(hostile)
    finally:
        tracemalloc.stop()


def survives(kind: str, content: bytes) -> None:
    try:
        value = decode(kind, content)
    except ValueError as error:
        if not str(error).startswith(kind):
            raise AssertionError(f"an error that does not say of what: {error}") from error
    else:
        json.dumps(plain(value), allow_nan=False).encode()


def mutated(content: bytes, source: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(source.choice((1, 1, 2, 8))):
        at = source.randrange(len(data) + 1)
        match source.randrange(6):
            case 0:
                data[at : at + 1] = bytes([source.randrange(256)])
            case 1:
                del data[at : at + source.randrange(1, 20)]
            case 2:
                data[at:at] = source.randbytes(source.randrange(1, 12))
            case 3:
                data[at:at] = data[at : at + source.randrange(1, 200)]
            case 4:
                data[at : at + 1] = b"\xff\xff\xff\xff\x0f"  # as a length or a size: four gigabytes
            case 5:
                data[at : at + 1] = bytes([data[at % max(len(data), 1)] ^ 1 << source.randrange(8)] if data else b"")
    return bytes(data)

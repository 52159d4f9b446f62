from __future__ import annotations

import json
import random
import tracemalloc
from typing import Any

import pytest

from headway.events.wire import message
from headway.query.kinds import Raw, decode, plain
from query.kinds.samples import samples

SMALL = 4 << 20
"""Bytes that may be allocated whatever the content: a tensor that repeats one element, tables of bits."""
FACTOR = 256
"""Of the content's size, that objects of Python may take: a message of two bytes can be a node of a graph."""

DENSEST = 80
"""The same without the plain data that is made of them."""
NAMED = message(1, b"a")

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
    for _ in range(3000):
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
        for _ in range(300):
            kind, content = source.choice(entries)
            hostile = mutated(content, source)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            survives(kind, hostile)
            assert tracemalloc.get_traced_memory()[1] - before < SMALL + FACTOR * len(hostile)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("kind", "small", "around"),
    [
        ("graph_def", {1: {1: b"a"}}, ()),
        ("graph_def", {3: b""}, (1,)),
        ("graph_def", {5: {1: b"a"}}, (1,)),
        *(("graph_def", {number: b""}, (1, 5, 2, 1)) for number in (2, 7, 8, 9)),
        ("graph_def", {8: b"\x08\x01"}, (1, 5, 2, 1)),
        ("graph_def", {1: b""}, (2,)),
        ("meta_graph_def", {4: b""}, ()),
        ("meta_graph_def", {6: b""}, ()),
        *(("tagged_run_metadata", {number: b""}, (2,)) for number in (3, 4)),
        ("tagged_run_metadata", {3: {4: b""}}, (2,)),
        ("tagged_run_metadata", {2: {1: b"a"}}, (2, 1, 1)),
        ("tagged_run_metadata", {7: {1: b"a"}}, (2, 1, 1, 2)),
        ("hparams", {4: b""}, (9, 1, 2, 2)),
        ("hparams", {5: b""}, (9, 1, 2, 2)),
        ("hparams", {1: {6: b""}}, (9, 1, 2, 3, 1, 2, 6)),
        ("text", {8: b""}, (8,)),
        ("tensor", {5: b"\0\0\0\0"}, (8,)),
        ("tensor", {8: b""}, (8,)),
        ("images", {8: b""}, (8,)),
        ("histograms", {7: b"\0" * 8}, (5,)),
    ],
)
def test_small_messages_by_the_thousand(kind: str, small: Any, around: tuple[int, ...]) -> None:
    content = b"\x08\x07" * (kind in ("text", "images", "tensor")) + encoded(small) * 4000
    for number in reversed(around):
        if kind == "graph_def" and number == 1:
            content = NAMED + content
        content = message(number, content)
    tracemalloc.start()
    try:
        decode(kind, content)
        assert tracemalloc.get_traced_memory()[1] < DENSEST * len(content)
    finally:
        tracemalloc.stop()


def encoded(fields: Any) -> bytes:
    if isinstance(fields, bytes):
        return fields
    return b"".join(message(number, encoded(value)) for number, value in fields.items())


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

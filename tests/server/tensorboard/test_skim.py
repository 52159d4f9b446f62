from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tensorboard.compat.proto.summary_pb2 import Summary

from headway.events.wire import located_fields
from headway.server.tensorboard.skim import AHEAD, Part, skim


def read_from(data: bytes, asked: list[int]) -> list[Part]:
    def read(offset: int, length: int) -> bytes:
        asked.append(length)
        return data[offset : offset + length]

    return list(skim(read, 3, len(data) - 3))


@given(st.text(max_size=2000), st.binary(max_size=5000))
@example("tag", b"x" * 100_000)
def test_it_finds_what_is_there_and_passes_over_the_large(tag: str, picture: bytes) -> None:
    message = Summary.Value(tag=tag)
    message.image.encoded_image_string = picture
    message.image.width = 7
    message.metadata.summary_description = "about"
    encoded = message.SerializeToString()
    data = b"___" + encoded
    asked: list[int] = []
    parts = read_from(data, asked)
    expected = [
        (number, wire, 3 + at, data[3 + at : 3 + at + len(field)] if not isinstance(field, int) else field)
        for at, (number, wire, field) in located_fields(encoded)
    ]
    assert [part[:3] for part in parts] == [one[:3] for one in expected]
    assert [data[part.offset : part.offset + part.length] for part in parts] == [bytes(one[3]) for one in expected]
    assert sum(asked) <= AHEAD * (1 + len(parts))


@given(st.binary(max_size=200))
def test_anything_ends(data: bytes) -> None:
    try:
        read_from(b"___" + data, [])
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - the other reader has words of its own
            list(located_fields(data))

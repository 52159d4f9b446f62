from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.histogram_pb2 import HistogramProto

from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, fields, key, message, signed, varint

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


@given(INT64)
def test_int64_as_protobuf_writes_it(step: int) -> None:
    written = key(2, VARINT) + varint(step)
    assert written == Event(step=step).SerializeToString() or step == 0
    [(number, wire_type, value)] = fields(written)
    assert isinstance(value, int)
    assert (number, wire_type, signed(value)) == (2, VARINT, step)


@pytest.mark.parametrize("number", [1 << 64, -(1 << 63) - 1])
def test_more_than_64_bits_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        varint(number)


def test_negative_numbers_take_ten_bytes() -> None:
    assert len(varint(-1)) == 10


@given(st.text(max_size=300), st.text(max_size=10))
def test_strings_as_protobuf_writes_them(path: str, text: str) -> None:
    log = SessionLog(checkpoint_path=path or "p", msg=text or "m")
    written = message(2, (path or "p").encode()) + message(3, (text or "m").encode())
    assert written == log.SerializeToString()


def test_every_wire_type() -> None:
    histogram = HistogramProto(min=1.5, bucket=[1.0, 2.0])
    event = Event(wall_time=2.0, step=7)
    event.summary.value.add(tag="t", simple_value=0.5, histo=histogram)
    event.summary.value.add(tag="u", simple_value=0.5)
    kinds = [(number, wire_type) for number, wire_type, _ in fields(event.SerializeToString())]
    assert kinds == [(1, FIXED64), (2, VARINT), (5, BYTES)]
    value = event.summary.value[1].SerializeToString()
    assert [(n, w, bytes(v)) for n, w, v in fields(value) if not isinstance(v, int)] == [
        (1, BYTES, b"u"),
        (2, FIXED32, b"\x00\x00\x00\x3f"),
    ]


@pytest.mark.parametrize(
    "damaged",
    [
        b"\x08",  # no value
        b"\x08\xff",  # a varint without an end
        b"\x08" + b"\xff" * 10 + b"\x01",  # 11 bytes
        b"\x0a\x05abcd",  # one byte short
        b"\x0a" + varint((1 << 64) - 1) + b"abcd",  # a length beyond all memory
        b"\x09\x00\x00",  # half a double
        b"\x0d\x00",  # half a float
        b"\x00\x00",  # field 0
        b"\x0b\x0c",  # a group
        b"\x0e",  # wire type 6
    ],
)
def test_malformed_bytes_are_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match=r"field|varint|wire type"):
        list(fields(damaged))


@given(st.binary(max_size=40))
def test_what_protobuf_parses_is_parsed(data: bytes) -> None:
    try:
        Event.FromString(data)
    except DecodeError:
        return
    try:
        list(fields(data))
    except ValueError as error:
        assert "wire type" in str(error)  # groups, which nobody writes  # noqa: PT017

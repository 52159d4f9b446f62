from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.compat.proto.event_pb2 import SessionLog
from tensorboard.util.tensor_util import make_ndarray

from headway.events import messages
from headway.events.parse import parse_event

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
SINGLE = st.floats(width=32)
TIME = st.floats(allow_nan=False)
TAG = st.text(st.characters(exclude_categories=["Cs"]), max_size=150)


@given(st.lists(st.tuples(TAG, SINGLE), max_size=4), TIME, INT64)
def test_scalars_as_tensorboard_writes_them(pairs: list[tuple[str, float]], wall_time: float, step: int) -> None:
    peer = event_pb2.Event(wall_time=wall_time, step=step)
    peer.summary.SetInParent()
    for tag, value in pairs:
        peer.summary.value.add(tag=tag, simple_value=value)
    values = [messages.scalar_value(tag, value) for tag, value in pairs]
    assert messages.summary_event(values, wall_time, step) == peer.SerializeToString()


@given(st.floats())
def test_no_finite_number_becomes_infinite_or_zero(value: float) -> None:
    read = summary_pb2.Summary.Value.FromString(messages.scalar_value("t", value))
    if read.HasField("tensor"):
        assert read.metadata.plugin_data.plugin_name == "scalars"
        assert make_ndarray(read.tensor).shape == ()
        number = float(make_ndarray(read.tensor))
        assert number == value
        assert abs(value) > 3.4e38 or abs(value) < 1e-44
    else:
        number = read.simple_value
        assert number == value or math.isnan(value) or abs(number / value - 1) < 1e-7 or abs(value) < 1.2e-38
    assert math.isfinite(number) == math.isfinite(value)
    assert (number == 0) == (value == 0)


def test_names_and_descriptions() -> None:
    for value in (1.0, 1e300):
        written = messages.scalar_value("t", value, display_name="Loss", description="per token")
        read = summary_pb2.Summary.Value.FromString(written)
        assert (read.metadata.display_name, read.metadata.summary_description) == ("Loss", "per token")
        assert written == read.SerializeToString()  # in canonical order


@given(TAG, TAG)
def test_text(tag: str, text: str) -> None:
    read = summary_pb2.Summary.Value.FromString(messages.text_value(tag, text))
    assert read.tag == tag
    assert read.metadata.plugin_data.plugin_name == "text"
    assert make_ndarray(read.tensor).item().decode() == text


def test_a_lone_surrogate_does_not_spoil_the_file() -> None:
    read = summary_pb2.Summary.Value.FromString(messages.scalar_value("a\ud800b", 1.0))
    assert read.tag == "a?b"


def test_file_version_and_session_start() -> None:
    assert (
        messages.file_version(2.5) == event_pb2.Event(wall_time=2.5, file_version="brain.Event:2").SerializeToString()
    )
    start = event_pb2.Event(wall_time=2.5, step=9, session_log=SessionLog(status=SessionLog.START))
    assert messages.session_start(2.5, 9) == start.SerializeToString()


@given(TIME, INT64, TAG, st.lists(TAG, max_size=3))
def test_parsing_what_tensorboard_wrote(wall_time: float, step: int, version: str, tags: list[str]) -> None:
    peer = event_pb2.Event(wall_time=wall_time, step=step, file_version=version)
    read = parse_event(peer.SerializeToString())
    assert (read.wall_time, read.step, read.file_version) == (wall_time, step, version)

    peer = event_pb2.Event(step=step, summary=summary_pb2.Summary())
    for tag in tags:
        peer.summary.value.add(tag=tag, simple_value=1.0)
    values = parse_event(peer.SerializeToString()).values
    texts = [bytes(v) for value in values for n, _, v in value if n == 1 and not isinstance(v, int)]
    assert texts == [tag.encode() for tag in tags if tag]


def test_parsing_session_logs_and_what_is_not_known() -> None:
    peer = event_pb2.Event(session_log=SessionLog(status=SessionLog.START, msg="m"))
    assert parse_event(peer.SerializeToString()).session_status == messages.SESSION_START
    peer = event_pb2.Event(graph_def=b"graph")
    [(number, _, value)] = parse_event(peer.SerializeToString()).others
    assert not isinstance(value, int)
    assert (number, bytes(value)) == (4, b"graph")

from __future__ import annotations

import math
import re
import struct
import time
from collections import OrderedDict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event

from headway.events.encode import EventBuffer, PythonEventBuffer
from headway.events.framing import FOOTER, HEADER

PLENTY = 1 << 24
INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
KEY = st.text(min_size=1, max_size=20)
NUMBER = st.one_of(
    st.floats(),
    st.floats(width=32),
    st.integers(-(10**30), 10**30),
    st.booleans(),
    st.floats(width=32).map(np.float32),
    st.floats().map(np.float64),
    st.floats(width=16).map(np.float16),
    st.integers(-100, 100).map(np.int8),
    st.floats().map(np.array),
    st.floats(width=32).map(lambda x: torch.tensor([[x]])),
)
NESTED = st.recursive(
    st.dictionaries(KEY, NUMBER, max_size=5),
    lambda below: st.dictionaries(KEY, st.one_of(NUMBER, below), max_size=4),
    max_leaves=6,
)


@pytest.fixture(params=[EventBuffer, PythonEventBuffer], ids=["compiled", "python"])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def payloads(data: bytes) -> list[bytes]:
    """The payloads of the records in `data`, whose checksums other tests verify."""
    found, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        found.append(data[at + HEADER : at + HEADER + size])
        at += HEADER + size + FOOTER
    return found


def points(buffer: PythonEventBuffer) -> list[tuple[str, float]]:
    values = [v for payload in payloads(buffer.take()[0]) for v in Event.FromString(payload).summary.value]
    return [(v.tag, v.tensor.double_val[0] if v.HasField("tensor") else v.simple_value) for v in values]


def test_the_compiled_one_is_used() -> None:
    assert EventBuffer.__module__ == "headway.events._encode"


@given(st.lists(st.tuples(st.text(max_size=200), NUMBER, INT64, st.floats()), max_size=5))
def test_add_scalar_gives_the_same_bytes(calls: list[tuple[str, Any, int, float]]) -> None:
    compiled, python = EventBuffer(PLENTY), PythonEventBuffer(PLENTY)
    for call in calls:
        assert compiled.add_scalar(*call)
        assert python.add_scalar(*call)
    assert (compiled.size, compiled.records) == (python.size, python.records)
    assert compiled.take() == python.take()


@given(st.lists(st.tuples(NESTED, INT64, st.floats()), max_size=3))
def test_add_scalars_gives_the_same_bytes(calls: list[tuple[Any, int, float]]) -> None:
    compiled, python = EventBuffer(PLENTY), PythonEventBuffer(PLENTY)
    for call in calls:
        assert compiled.add_scalars(*call)
        assert python.add_scalars(*call)
    assert compiled.records == python.records
    assert compiled.take() == python.take()


@given(st.lists(st.binary(max_size=500), max_size=4))
def test_append_gives_the_same_bytes(events: list[bytes]) -> None:
    compiled, python = EventBuffer(PLENTY), PythonEventBuffer(PLENTY)
    for event in events:
        assert compiled.append(event)
        assert python.append(event)
    assert compiled.take() == python.take()


def test_tensorboard_reads_the_records(kind: type[PythonEventBuffer], tmp_path: Path) -> None:
    buffer = kind(PLENTY)
    for step in range(-3, 300):
        buffer.add_scalar("loss", step / 4, step, 1e9 + step)
    buffer.add_scalars({f"layer{i}": {"norm": i} for i in range(1000)}, 7, 2e9)
    data, records = buffer.take()
    (tmp_path / "events.out.tfevents.1").write_bytes(data)
    loader = RawEventFileLoader(str(tmp_path / "events.out.tfevents.1"))
    events = [Event.FromString(payload) for payload in loader.Load()]
    assert len(events) == records == 304
    assert [e.step for e in events] == [*range(-3, 300), 7]
    assert [e.wall_time for e in events] == [*(1e9 + s for s in range(-3, 300)), 2e9]
    assert [e.summary.value[0].simple_value for e in events[:-1]] == [s / 4 for s in range(-3, 300)]
    assert [v.tag for v in events[-1].summary.value] == [f"layer{i}/norm" for i in range(1000)]


@pytest.mark.parametrize(
    "value",
    [
        2,
        2.0,
        np.float32(2),
        np.longdouble(2),
        np.uint64(2),
        np.array(2.0),
        np.array([[2]], dtype=np.int16),
        [2.0],
        Fraction(2),
        Decimal(2),
        torch.tensor(2),
        torch.tensor([2.0], dtype=torch.bfloat16, requires_grad=True),
        torch.tensor(2.0, dtype=torch.float16),
        torch.nn.Parameter(torch.tensor(2.0)),
    ],
    ids=repr,
)
def test_numbers_of_every_kind(kind: type[PythonEventBuffer], value: Any) -> None:
    buffer = kind(PLENTY)
    assert buffer.add_scalar("t", value, value, value)
    assert buffer.add_scalars({"t": value}, value, value)
    for payload in payloads(buffer.take()[0]):
        event = Event.FromString(payload)
        assert (event.step, event.wall_time, event.summary.value[0].simple_value) == (2, 2.0, 2.0)


def test_bf16_beyond_half_precision(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    buffer.add_scalar("t", torch.tensor(1e5, dtype=torch.bfloat16))
    [(_, value)] = points(buffer)
    assert value == pytest.approx(1e5, rel=0.01)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("1.5", "str"),
        (b"1", "bytes"),
        (None, "NoneType"),
        ([1.0, 2.0], "list"),
        (1j, "complex"),
        (object(), "object"),
        (np.complex64(1), r"numpy.complex64 of shape ()"),
        (np.array(1j), "numpy.ndarray of shape ()"),
        (np.array("1"), "numpy.ndarray of shape ()"),
        (np.datetime64(5, "ns"), "numpy.datetime64 of shape ()"),
        (np.zeros(3), "numpy.ndarray of shape (3,)"),
        (np.zeros((2, 0)), "numpy.ndarray of shape (2, 0)"),
        (torch.zeros(2, 2), "torch.Tensor of shape (2, 2)"),
        (torch.tensor(1j), "torch.Tensor of shape ()"),
    ],
    ids=repr,
)
def test_what_is_no_number_is_refused_whole(kind: type[PythonEventBuffer], value: Any, said: str) -> None:
    buffer = kind(PLENTY)
    with pytest.raises(TypeError, match=re.escape(f"'a/loss' must be a single number, not {said}")):
        buffer.add_scalar("a/loss", value)
    with pytest.raises(TypeError, match=re.escape(f"'a/loss' must be a single number, not {said}")):
        buffer.add_scalars({"first": 1.0, "a": {"loss": value}})
    with pytest.raises(TypeError, match="wall_time") if value is not None else pytest.raises(TypeError):
        buffer.add_scalar("t", 1.0 if value is not None else value, 0, value)
    assert (buffer.size, buffer.records) == (0, 0)


def test_a_mapping_is_no_scalar(kind: type[PythonEventBuffer]) -> None:
    with pytest.raises(TypeError, match="not dict"):
        kind(PLENTY).add_scalar("t", {"a": 1.0})
    with pytest.raises(TypeError, match="not list"):
        kind(PLENTY).add_scalars([1.0])  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["", 3, None, b"a"], ids=repr)
def test_keys_must_be_strings(kind: type[PythonEventBuffer], key: Any) -> None:
    buffer = kind(PLENTY)
    for values in ({"a": 1.0, key: 1.0}, {"a": {"b": 1.0, key: {"c": 1.0}}}):
        with pytest.raises(TypeError, match="key must be a str"):
            buffer.add_scalars(values)
    if key != "":
        with pytest.raises(TypeError, match="tag must be a str"):
            buffer.add_scalar(key, 1.0)
    assert buffer.size == 0


@pytest.mark.parametrize("step", ["x", 1 << 63, -(1 << 63) - 1, math.nan, math.inf, 1e30], ids=repr)
def test_a_step_that_is_no_int64(kind: type[PythonEventBuffer], step: Any) -> None:
    buffer = kind(PLENTY)
    with pytest.raises((ValueError, OverflowError)):
        buffer.add_scalar("t", 1.0, step)
    with pytest.raises((ValueError, OverflowError)):
        buffer.add_scalars({"t": 1.0}, step)
    assert buffer.size == 0


@pytest.mark.parametrize("step", [[1, 2], np.zeros(2), torch.zeros(2), 1j, object()], ids=repr)
def test_a_step_of_the_wrong_type(kind: type[PythonEventBuffer], step: Any) -> None:
    with pytest.raises(TypeError, match="'step' must be an integer"):
        kind(PLENTY).add_scalar("t", 1.0, step)


def test_an_int_beyond_every_double(kind: type[PythonEventBuffer]) -> None:
    with pytest.raises(OverflowError) as alone:
        kind(PLENTY).add_scalar("a/t", 10**400)
    with pytest.raises(OverflowError) as nested:
        kind(PLENTY).add_scalars({"a": {"t": 10**400}})
    for caught in (alone, nested):
        assert "'a/t'" in caught.value.__notes__[0]


def test_missing_steps_and_times(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    before = time.time()
    buffer.add_scalar("t", 1.0)
    buffer.add_scalars({"t": 1.0}, None, None)
    after = time.time()
    for payload in payloads(buffer.take()[0]):
        event = Event.FromString(payload)
        assert event.step == 0
        assert before - 1e-6 <= event.wall_time <= after + 1e-6


def test_steps_go_through_int(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    for step in (5, 5.9, "5", True, np.int32(5), np.array([5]), torch.tensor(5)):
        buffer.add_scalar("t", 1.0, step)
    steps = [Event.FromString(payload).step for payload in payloads(buffer.take()[0])]
    assert steps == [5, 5, 5, 1, 5, 5, 5]


def test_nested_keys(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    values = {"a": {"b": MappingProxyType({"c": 1.0}), "d": OrderedDict(e=2.0)}, "a/f": 3.0, "g": {}}
    for _ in range(2):
        buffer.add_scalars(values)
        assert points(buffer) == [("a/b/c", 1.0), ("a/d/e", 2.0), ("a/f", 3.0)]
    buffer.add_scalars({"a": 4.0})  # a level before, a value now
    assert points(buffer) == [("a", 4.0)]


@pytest.mark.parametrize("size", [1_990, 2_020, 2_048, 2_100, 10_000, 1_000_000])
def test_long_tags(kind: type[PythonEventBuffer], size: int) -> None:
    buffer = kind(PLENTY)
    tag = "é" + "x" * size
    buffer.add_scalar(tag, 1.0)
    buffer.add_scalar(tag, 1e300)
    buffer.add_scalars({"a": 1.0, tag: {"b": 2.0}, "c": 3.0})
    assert points(buffer) == [(tag, 1.0), (tag, 1e300), ("a", 1.0), (f"{tag}/b", 2.0), ("c", 3.0)]


def test_no_values_make_no_event(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    assert buffer.add_scalars({})
    assert buffer.add_scalars({"a": {"b": {}}})
    assert (buffer.size, buffer.records) == (0, 0)


def test_a_mapping_that_holds_itself(kind: type[PythonEventBuffer]) -> None:
    values: dict[str, Any] = {}
    values["a"] = values
    with pytest.raises(TypeError, match="nested deeper"):
        kind(PLENTY).add_scalars(values)


def test_the_limit(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    buffer.add_scalar("t", 1.0, 5, 1.0)
    size = buffer.size
    buffer.take()
    buffer.limit = 2 * size
    assert [buffer.add_scalar("t", 1.0, 5, 1.0) for _ in range(3)] == [True, True, False]
    assert not buffer.add_scalars({"t": 1.0}, 5, 1.0)
    assert not buffer.append(b"")
    assert (buffer.size, buffer.records) == (2 * size, 2)
    buffer.limit = 0
    data, records = buffer.take()
    assert (len(data), records) == (2 * size, 2)
    assert buffer.take() == (b"", 0)
    assert not buffer.append(b"")
    with pytest.raises(TypeError):  # said even when there is no room
        buffer.add_scalar("t", "x")


def test_one_record_may_be_larger_than_the_limit(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(100)
    assert buffer.append(b"x" * 1000)
    assert not buffer.append(b"")
    buffer.take()
    assert buffer.append(b"")
    assert not buffer.append(b"x" * 1000)


def test_tags_are_cleaned_once(kind: type[PythonEventBuffer]) -> None:
    asked = []

    def clean(tag: str) -> str:
        asked.append(tag)
        return tag.upper()

    buffer = kind(PLENTY, clean)
    for tag in ("a", "b", "a"):
        buffer.add_scalar(tag, 1.0)
    buffer.add_scalars({"a": 1.0})
    assert [tag for tag, _ in points(buffer)] == ["A", "B", "A", "a"]
    assert kind is PythonEventBuffer or asked == ["a", "b"]


class Reentrant:
    """A number whose conversion logs to the same buffer."""

    def __init__(self, buffer: PythonEventBuffer) -> None:
        self.buffer = buffer

    def __float__(self) -> float:
        self.buffer.add_scalars({"inner": {str(i): i for i in range(100)}})
        self.buffer.take()
        self.buffer.add_scalar("inner", 2.0)
        return 1.0


def test_a_value_that_logs_while_it_is_converted(kind: type[PythonEventBuffer]) -> None:
    buffer = kind(PLENTY)
    buffer.add_scalars({"before": 0.0, "outer": Reentrant(buffer), "after": 3.0})
    assert points(buffer) == [("inner", 2.0), ("before", 0.0), ("outer", 1.0), ("after", 3.0)]


def test_tags_that_never_come_again_do_not_fill_the_memory() -> None:
    buffer = EventBuffer(PLENTY)
    before = resident()
    for i in range(300_000):
        buffer.add_scalar(f"{i:050d}", 1.0)
        buffer.add_scalars({f"{i:050d}": {"x": 1.0}})
        if buffer.size > 1 << 20:
            buffer.take()
    assert resident() - before < 64 << 20
    buffer.take()
    buffer.add_scalars({f"{i:050d}": 1.0})
    assert points(buffer) == [(f"{i:050d}", 1.0)]


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096

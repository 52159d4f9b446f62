"""Both decoders against TensorBoard's own message classes, against each other, and against damage."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from headway.events._decode import Decoder as CompiledDecoder
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.util import tensor_util

from headway.events.crc import masked
from headway.events.decode import PythonDecoder
from headway.events.framing import frame
from headway.events.scan import Scan

Decoders = type[PythonDecoder] | type[CompiledDecoder]
both = pytest.mark.parametrize("decoder", [PythonDecoder, CompiledDecoder])

NUMERIC = ["float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def metadata(plugin: str) -> SummaryMetadata:
    return SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=plugin))


def scalar_event(tag: str, value: float, step: int, wall_time: float = 1.0) -> bytes:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return bytes(Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())


def tensor_event(tag: str, tensor: TensorProto, plugin: str = "scalars", step: int = 0) -> bytes:
    value = Summary.Value(tag=tag, tensor=tensor, metadata=metadata(plugin))
    return bytes(Event(step=step, summary=Summary(value=[value])).SerializeToString())


def points(decoder: Any, scan: Scan) -> dict[str, list[tuple[int, float, float]]]:
    return {
        decoder.tag_names[tag]: list(
            zip(scan.steps[a:b].tolist(), scan.wall_times[a:b].tolist(), scan.values[a:b].tolist(), strict=True)
        )
        for tag, a, b in zip(scan.tags, scan.bounds[:-1], scan.bounds[1:], strict=True)
    }


@both
def test_old_scalars_are_grouped_by_tag_in_file_order(decoder: Decoders) -> None:
    events = [("b", 1.0, 3), ("a", 2.0, 3), ("b", 3.0, 2), ("a", math.inf, -5)]
    data = b"".join(frame(scalar_event(tag, value, step, step * 0.5)) for tag, value, step in events)
    reader = decoder()
    scan = reader.decode(data)
    assert points(reader, scan) == {"b": [(3, 1.5, 1.0), (2, 1.0, 3.0)], "a": [(3, 1.5, 2.0), (-5, -2.5, math.inf)]}
    assert (scan.records, scan.consumed, scan.tail) == (4, len(data), None)


@both
@pytest.mark.parametrize("dtype", NUMERIC)
@pytest.mark.parametrize("shape", [(), (1,), (1, 1)])
def test_tensor_scalars_of_every_dtype(decoder: Decoders, dtype: str, shape: tuple[int, ...]) -> None:
    info = np.finfo(dtype) if dtype.startswith("float") else np.iinfo(dtype)
    for number in [0, 1, info.min, info.max, 100]:
        array = np.full(shape, number, dtype=dtype)
        for tensor in [tensor_util.make_tensor_proto(array), raw_tensor(array)]:
            reader = decoder()
            scan = reader.decode(frame(tensor_event("x", tensor)))
            assert scan.values.tolist() == [float(array.reshape(-1)[0])]


def raw_tensor(array: np.ndarray[Any, Any]) -> TensorProto:
    """The form that TensorFlow uses: the bytes in `tensor_content`."""
    proto = TensorProto(dtype=tensor_util.make_tensor_proto(array).dtype, tensor_content=array.tobytes())
    proto.tensor_shape.CopyFrom(TensorShapeProto(dim=[TensorShapeProto.Dim(size=n) for n in array.shape]))
    return proto


@both
def test_bool_and_narrow_floats(decoder: Decoders) -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    for number, dtype in [(14, ml_dtypes.bfloat16), (24, ml_dtypes.float8_e5m2), (25, ml_dtypes.float8_e4m3fn)]:
        width = np.dtype(dtype).itemsize
        bits = np.arange(1 << 8 * width, dtype=f"<u{width}")[:: 7 if width == 2 else 1]
        raw = [TensorProto(dtype=number, tensor_content=b.tobytes()) for b in bits]
        scan = decoder().decode(b"".join(frame(tensor_event("x", tensor)) for tensor in raw))
        with np.errstate(invalid="ignore"):  # signalling NaNs are among them
            expected = bits.view(dtype).astype(np.float64)
        np.testing.assert_array_equal(scan.values, expected)
    for flag in (True, False):
        scan = decoder().decode(frame(tensor_event("x", tensor_util.make_tensor_proto(np.array(flag)))))
        assert scan.values.tolist() == [float(flag)]


@both
def test_a_plugin_is_remembered_for_its_tag(decoder: Decoders) -> None:
    tensor = tensor_util.make_tensor_proto(np.float64(2.5))
    bare = Event(step=1, summary=Summary(value=[Summary.Value(tag="x", tensor=tensor)])).SerializeToString()
    reader = decoder()
    reader.decode(frame(tensor_event("x", tensor)))
    assert reader.decode(frame(bare)).values.tolist() == [2.5]
    assert decoder({"x": "scalars"}).decode(frame(bare)).values.tolist() == [2.5]
    unknown = decoder()
    scan = unknown.decode(frame(bare))
    assert [unknown.kind_names[blob.kind] for blob in scan.blobs] == ["tensor"]


@both
def test_everything_else_is_passed_on_by_position(decoder: Decoders) -> None:
    text = tensor_util.make_tensor_proto(np.array("hi", dtype=object))
    values = [
        Summary.Value(tag="pic", image=Summary.Image(height=1, width=1, encoded_image_string=b"png")),
        Summary.Value(tag="words", tensor=text, metadata=metadata("text")),
        Summary.Value(tag="mine", tensor=tensor_util.make_tensor_proto([1.0]), metadata=metadata("my_plugin")),
        Summary.Value(tag="many", tensor=tensor_util.make_tensor_proto([1.0, 2.0]), metadata=metadata("scalars")),
    ]
    first = frame(Event(wall_time=9, step=4, summary=Summary(value=values)).SerializeToString())
    second = frame(Event(wall_time=10, graph_def=b"graph").SerializeToString())
    reader = decoder()
    scan = reader.decode(first + second, origin=1000)
    named = [(reader.tag_names[b.tag], reader.kind_names[b.kind], b.step, b.wall_time) for b in scan.blobs]
    assert named == [
        ("pic", "images", 4, 9),
        ("words", "text", 4, 9),
        ("mine", "my_plugin", 4, 9),
        ("many", "tensor", 4, 9),
        ("", "graph_def", 0, 10),
    ]
    data = b"\0" * 1000 + first + second
    contents = [data[b.offset : b.offset + b.length] for b in scan.blobs]
    assert [Summary.Value.FromString(c) for c in contents[:4]] == values
    assert contents[4] == b"graph"


@both
def test_decoding_stops_after_a_session_start(decoder: Decoders) -> None:
    start = frame(Event(step=7, session_log=SessionLog(status=SessionLog.START)).SerializeToString())
    before, after = frame(scalar_event("x", 1, 1)), frame(scalar_event("x", 2, 7))
    scan = decoder().decode(before + start + after)
    assert (scan.values.tolist(), scan.session, scan.consumed) == ([1.0], 7, len(before + start))


@both
def test_damage_is_skipped_to_the_next_good_frame(decoder: Decoders) -> None:
    frames = [frame(scalar_event("x", i, i)) for i in range(5)]
    frames[1] = frames[1][:20] + b"\xff" + frames[1][21:]  # payload
    frames[3] = b"\0" * 64 + frames[3][:5] + b"!" + frames[3][6:]  # zeros, then a wrong header
    data = b"".join(frames)
    scan = decoder().decode(data, origin=10)
    assert scan.steps.tolist() == [0, 2, 4]
    first, third = len(frames[0]), sum(map(len, frames[:3]))
    assert scan.skipped == [(10 + first, len(frames[1])), (10 + third, len(frames[3]))]
    assert scan.tail is None


@both
def test_a_tail_is_left_for_later(decoder: Decoders) -> None:
    whole = [frame(scalar_event("x", i, i)) for i in range(2)]
    for cut in range(1, len(whole[1])):
        scan = decoder().decode(whole[0] + whole[1][:cut])
        assert scan.consumed == len(whole[0])
        assert scan.tail is not None
        assert scan.tail.kind == "incomplete"
        assert scan.tail.bytes == cut
        assert scan.tail.needed == (len(whole[1]) if cut >= 12 else 0)
    scan = decoder().decode(whole[0] + b"\0" * 50)
    assert (scan.consumed, scan.skipped) == (len(whole[0]), [])
    assert scan.tail is not None
    assert scan.tail.kind == "damaged"
    scan = decoder().decode(whole[0] + b"\0" * 50, at_end=False)
    assert scan.consumed == len(whole[0]) + 50 - 11
    assert scan.skipped == [(len(whole[0]), 50 - 11)]


@both
def test_a_torn_frame_hides_nothing_of_what_another_writer_appended(decoder: Decoders) -> None:
    whole = [frame(scalar_event("x" * 50 * (i + 1), i, i)) for i in range(3)]
    for cut in range(12, len(whole[1])):
        scan = decoder().decode(whole[0] + whole[1][:cut] + whole[2] + whole[0] * 4)
        assert scan.steps.tolist() == [0, 0, 0, 0, 0, 2]
        assert scan.skipped == [(len(whole[0]), cut)]
    shorter_than_claimed = decoder().decode(whole[0] + whole[2][:20] + whole[0])
    assert shorter_than_claimed.steps.tolist() == [0, 0]
    before_more_comes = decoder().decode(whole[0] + whole[2][:20] + whole[0], at_end=False)
    assert before_more_comes.steps.tolist() == [0]


@both
def test_headers_whose_payloads_are_not_there_are_given_up(decoder: Decoders) -> None:
    """Each would have the rest of the file checked: that is the square of its size."""
    length = (5_000).to_bytes(8, "little")
    headers = (length + masked(length).to_bytes(4, "little")) * 1_000
    first = frame(scalar_event("x", 1, 1))
    scan = decoder().decode(first + headers + frame(scalar_event("x", 2, 2)))
    assert scan.steps.tolist() == [1]
    assert scan.tail is not None
    few = decoder().decode(first + headers[: 12 * 20] + b"\0" * 5_000 + frame(scalar_event("x", 2, 2)))
    assert few.steps.tolist() == [1, 2]


@both
def test_a_length_that_no_message_has_is_damage(decoder: Decoders) -> None:
    length = (1 << 31).to_bytes(8, "little")
    data = length + masked(length).to_bytes(4, "little") + frame(scalar_event("x", 1, 1))
    scan = decoder().decode(data)
    assert (scan.steps.tolist(), scan.skipped) == ([1], [(0, 12)])


@both
def test_a_message_that_cannot_be_parsed_counts_as_damage(decoder: Decoders) -> None:
    bad, good = frame(b"\x2a\xff\x01"), frame(scalar_event("x", 1, 1))
    scan = decoder().decode(bad + good)
    assert scan.skipped == [(0, len(bad))]
    assert scan.values.tolist() == [1.0]


tags = st.sampled_from(["loss", "a/b", "层/损失", "", "<script>", "x" * 300])
floats32 = st.floats(width=32, allow_nan=False)


@st.composite
def event_payloads(draw: st.DrawFn) -> bytes:
    event = Event(wall_time=draw(st.floats(allow_nan=False)), step=draw(st.integers(-(2**63), 2**63 - 1)))
    what = draw(st.integers(0, 6))
    if what <= 3:
        for _ in range(draw(st.integers(1, 3))):
            value = event.summary.value.add(tag=draw(tags))
            form = draw(st.integers(0, 4))
            if form <= 1:
                value.simple_value = draw(floats32)
            elif form == 2:
                value.tensor.CopyFrom(tensor_util.make_tensor_proto(np.float64(draw(st.floats(allow_nan=False)))))
                if draw(st.booleans()):
                    value.metadata.CopyFrom(metadata(draw(st.sampled_from(["scalars", "text", "new"]))))
            elif form == 3:
                value.image.encoded_image_string = draw(st.binary(max_size=40))
            else:
                value.histo.num = 3
    elif what == 4:
        event.session_log.status = draw(st.sampled_from([SessionLog.START, SessionLog.STOP]))
    elif what == 5:
        event.graph_def = draw(st.binary(max_size=40))
    else:
        return draw(st.binary(max_size=30))
    return bytes(event.SerializeToString())


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Frames, some damaged, with rubbish between them, and perhaps cut short."""
    pieces = []
    for payload in draw(st.lists(event_payloads(), max_size=8)):
        whole = frame(payload)
        damage = draw(st.integers(0, 9))
        if damage == 0:
            at = draw(st.integers(0, len(whole) - 1))
            whole = whole[:at] + bytes([whole[at] ^ draw(st.integers(1, 255))]) + whole[at + 1 :]
        elif damage == 1:
            whole += draw(st.sampled_from([b"\0" * 100, b"rubbish", b"\0" * 3]))
        elif damage == 2:
            whole = whole[: draw(st.integers(0, len(whole)))]
        pieces.append(whole)
    return b"".join(pieces)


def read_in_chunks(decoder: Any, data: bytes, sizes: list[int]) -> list[Any]:
    """Feed `data` as a growing file; everything the decoder said, comparable."""
    said: list[Any] = []
    at = end = 0
    while True:
        at_end = end == len(data)
        scan = decoder.decode(data[at:end], at, at_end)
        said.append([part.tolist() if isinstance(part, np.ndarray) else part for part in scan])
        at += scan.consumed
        if scan.session is not None:
            continue
        if at_end:
            return [*said, decoder.tag_names, decoder.kind_names]
        end = min(len(data), end + (sizes.pop() if sizes else len(data)))


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.lists(st.integers(1, 60), max_size=6))
@example(b"\0" * 40, [13])
def test_the_twin_says_exactly_the_same(data: bytes, sizes: list[int]) -> None:
    compiled = read_in_chunks(CompiledDecoder(), data, sizes.copy())
    plain = read_in_chunks(PythonDecoder(), data, sizes.copy())
    np.testing.assert_equal(compiled, plain)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(tags, floats32, st.integers(-(2**63), 2**63 - 1)), max_size=20))
def test_every_good_scalar_survives(logged: list[tuple[str, float, int]]) -> None:
    data = b"".join(frame(scalar_event(tag, value, step)) for tag, value, step in logged)
    reader = CompiledDecoder()
    expected: dict[str, list[tuple[int, float, float]]] = {}
    for tag, value, step in logged:
        expected.setdefault(tag, []).append((step, 1.0, value))
    assert points(reader, reader.decode(data)) == expected


def test_many_tags() -> None:
    names = [f"layer.{i}/weight" for i in range(5000)]
    data = b"".join(frame(scalar_event(name, i, 1)) for i, name in enumerate(names))
    reader = CompiledDecoder()
    scan = reader.decode(data * 2)
    assert reader.tag_names == names
    assert scan.values.tolist() == [float(i) for i in range(5000) for _ in range(2)]


@pytest.mark.parametrize("writer", ["tensorboardX", "torch"])
def test_files_of_other_writers(writer: str, tmp_path: Path) -> None:
    if writer == "torch":
        from torch.utils.tensorboard import SummaryWriter
    else:
        from tensorboardX import SummaryWriter
    with SummaryWriter(str(tmp_path)) as w:
        for step in range(20):
            w.add_scalar("train/loss", step / 7, step)
    (file,) = tmp_path.glob("*tfevents*")
    reader = CompiledDecoder()
    scan = reader.decode(file.read_bytes())
    assert scan.steps.tolist() == list(range(20))
    np.testing.assert_array_equal(scan.values, np.float32(np.arange(20) / 7).astype(np.float64))
    assert (scan.skipped, scan.tail) == ([], None)

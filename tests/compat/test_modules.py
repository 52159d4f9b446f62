from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import tensorboardX
import tensorboardX.crc32c
import tensorboardX.embedding
import tensorboardX.record_writer
import tensorboardX.utils
import torch
from matplotlib.figure import Figure
from onnx import TensorProto
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New

import headway
from headway.compat import tensorboardX as ours  # noqa: N813
from headway.compat.tensorboardX import (
    crc32c,
    embedding,
    event_file_writer,
    global_writer,
    onnx_graph,
    openvino_graph,
    record_writer,
    utils,
    writer,
    x2num,
)
from headway.compat.tensorboardX.proto import event_pb2, layout_pb2, summary_pb2
from headway.errors import ShapeError

RANDOM = np.random.default_rng(0)
CLIPS = RANDOM.random((3, 2, 3, 4, 5))


def records(path: Path) -> list[bytes]:
    read: list[bytes] = []
    reader = PyRecordReader_New(str(path))
    while True:
        try:
            reader.GetNext()
        except Exception:  # of TensorFlow's or its stub's: the end
            return read
        read.append(reader.record())


def test_every_public_name_of_tensorboardx_is_here() -> None:
    for name in ("SummaryWriter", "FileWriter", "GlobalSummaryWriter", "RecordWriter"):
        assert getattr(ours, name).__name__ == getattr(tensorboardX, name).__name__
    assert ours.SummaryWriter is headway.SummaryWriter
    assert ours.__version__ == tensorboardX.__version__
    assert writer.SummaryWriter is ours.SummaryWriter
    assert global_writer.GlobalSummaryWriter is ours.GlobalSummaryWriter
    with pytest.raises(AttributeError, match="nothing"):
        ours.nothing  # noqa: B018


@pytest.mark.parametrize(
    "module",
    [
        "summary",
        "utils",
        "x2num",
        "crc32c",
        "event_file_writer",
        "record_writer",
        "writer",
        "global_writer",
        "embedding",
    ],
)
def test_modules_are_attributes_of_the_package(module: str) -> None:
    code = (
        f"import headway.compat.tensorboardX as t; print(t.{module}.__name__, 'torch' in __import__('sys').modules)"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == [f"headway.compat.tensorboardX.{module}", "False"]
    assert module in dir(ours)


ALIASED = """
import sys
import headway.compat.tensorboardX
sys.modules["tensorboardX"] = headway.compat.tensorboardX
import tensorboardX
from tensorboardX import FileWriter, RecordWriter, SummaryWriter, summary
from tensorboardX.event_file_writer import EventFileWriter
from tensorboardX.proto import event_pb2
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.summary import scalar
from tensorboardX.utils import figure_to_image
from tensorboardX.x2num import make_np

assert tensorboardX.SummaryWriter is headway.SummaryWriter
value = Summary(value=[Summary.Value(tag="a", simple_value=1)])
assert value == scalar("a", 1) == summary.scalar("a", 1)
real = headway.compat.tensorboardX.proto.event_pb2.Event
assert event_pb2.Event(summary=value, step=1) == real(summary=value, step=1)
with SummaryWriter(sys.argv[1]) as writer:
    writer.file_writer.add_summary(value, 3)
    writer.add_scalar("b", make_np([2]), 4)
assert "google.protobuf" not in sys.modules
"""


def test_old_code_finds_it_under_tensorboardxs_name(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", ALIASED, str(tmp_path)], check=True)
    [path] = tmp_path.iterdir()
    events = [event_pb2.Event.FromString(record) for record in records(path)]
    points = [(event.step, value.tag, value.simple_value) for event in events for value in event.summary.value]
    assert points == [(3, "a", 1.0), (4, "b", 2.0)]


def test_checksums() -> None:
    data = b"abcd"
    assert crc32c.crc32c(data) == crc32c._crc32c(data) == tensorboardX.crc32c._crc32c(data) == 0x92C80A31
    assert crc32c._crc32c_native is None
    assert record_writer.masked_crc32c(data) == tensorboardX.record_writer.masked_crc32c(data)


@pytest.mark.parametrize("name", ["$ave/&sound", "a b", "ok/name-1.x", "_x", ""])
def test_names_for_tensorflow(name: str) -> None:
    assert record_writer.make_valid_tf_name(name) == tensorboardX.record_writer.make_valid_tf_name(name)


def test_records(tmp_path: Path) -> None:
    written = [b"", b"x" * 64, b"hello"]
    file = ours.RecordWriter(str(tmp_path / "r"))
    for record in written:
        file.write(record)
    file.flush()
    assert records(tmp_path / "r") == written
    file.close()


def test_a_registered_factory_opens_files() -> None:
    opened: dict[str, bytearray] = {}

    class Place:
        def __init__(self, path: str) -> None:
            opened[path] = bytearray()
            self.write = opened[path].extend

        def flush(self) -> None:
            pass

        close = flush

    class Factory:
        open = Place

        def directory_check(self, path: str) -> None:
            pass

    record_writer.register_writer_factory("place", Factory())
    try:
        assert "place" in record_writer.REGISTERED_FACTORIES
        file = ours.RecordWriter("place:a/b")
        file.write(b"hello")
        file.close()
        assert b"hello" in opened["place:a/b"]
    finally:
        del record_writer.REGISTERED_FACTORIES["place"]
    with pytest.raises(ValueError, match="colon"):
        record_writer.register_writer_factory("a:", Factory())


def test_event_files_hold_events_as_they_are(tmp_path: Path) -> None:
    file = event_file_writer.EventFileWriter(str(tmp_path), filename_suffix=".x")
    assert file.get_logdir() == str(tmp_path)
    event = event_pb2.Event(summary=summary_pb2.Summary(value=[{"tag": "a", "simple_value": 42}]), wall_time=1.5)
    file.add_event(event)
    file.flush()
    [path] = tmp_path.iterdir()
    assert path.name.endswith(".x")
    version, written = records(path)
    assert event_pb2.Event.FromString(version).file_version == "brain.Event:2"
    assert written == event.SerializeToString()
    file.close()
    file.close()
    file.reopen()
    file.add_event(event)
    file.close()
    assert len([*tmp_path.iterdir()]) == 2
    assert records(path) == [version, written]


def test_a_writer_that_writes_nothing(tmp_path: Path) -> None:
    nothing = writer.DummyFileWriter(tmp_path / "none")
    assert nothing.get_logdir() == str(tmp_path / "none")
    with nothing.use_metadata(global_step=1) as same:
        same.add_summary(summary_pb2.Summary())
        same.add_event(event_pb2.Event(), 1)
        same.add_graph((b"", b""))
        same.add_openvino_graph(b"")
    for method in (nothing.flush, nothing.close, nothing.reopen):
        method()
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("uint8", [False, True])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 9, 16])
def test_videos_are_tiled_as_theirs(number: int, uint8: bool) -> None:
    clips = np.resize(CLIPS, (number, 2, 3, 4, 5))
    clips = (clips * 255).astype(np.uint8) if uint8 else clips
    theirs = tensorboardX.utils._prepare_video(clips)
    np.testing.assert_allclose(utils._prepare_video(clips), theirs)
    with pytest.raises(ShapeError, match="expected"):
        utils._prepare_video(clips[0])


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((3, 4, 5), "chw"),
        ((1, 4, 5), "CHW"),
        ((4, 5, 4), "HWC"),
        ((10, 3, 4, 5), "NCHW"),
        ((4, 5), "HW"),
        ((5, 4), "WH"),
    ],
)
def test_pictures_are_arranged_as_theirs(shape: tuple[int, ...], layout: str) -> None:
    for tensor in (RANDOM.random(shape), RANDOM.integers(0, 256, shape, np.uint8)):
        found = utils.convert_to_HWC(tensor, layout)
        theirs = tensorboardX.utils.convert_to_HWC(tensor, layout)
        assert found.dtype == theirs.dtype
        np.testing.assert_array_equal(found, theirs)
    with pytest.raises(AssertionError):
        utils.convert_to_HWC(tensor, "CCW")
    with pytest.raises(AssertionError):
        utils.convert_to_HWC(tensor, layout + "X")


def test_grids_and_orders_are_theirs() -> None:
    for channels in (1, 3, 4):
        pictures = RANDOM.random((5, channels, 4, 6))
        np.testing.assert_array_equal(utils.make_grid(pictures, 3), tensorboardX.utils.make_grid(pictures, 3))
    moved = CLIPS.transpose(1, 0, 4, 3, 2)
    for module in (utils, tensorboardX.utils):
        np.testing.assert_array_equal(module.convert_to_NTCHW(moved, "tnwhc"), CLIPS)


def test_figures_are_theirs() -> None:
    def figure() -> Any:
        made: Any = Figure(figsize=(1, 1))
        made.subplots().plot([1, 2])
        return made

    np.testing.assert_array_equal(
        utils.figure_to_image(figure(), close=False), tensorboardX.utils.figure_to_image(figure(), close=False)
    )


def test_arrays(caplog: pytest.LogCaptureFixture) -> None:
    value: Any
    for value in (1.1, 1 << 63, np.float16(1), np.longdouble(2), np.int64(10**11)):
        made = x2num.make_np(value)
        assert isinstance(made, np.ndarray)
        assert made.shape == ()
    for value in ([1, 2], (1, 2), torch.tensor([1, 2]), torch.tensor([1.0, 2.0], requires_grad=True)):
        assert x2num.make_np(value).tolist() == [1, 2]
    with caplog.at_level(logging.WARNING):
        x2num.make_np([1e300, 1e300])
        assert not caplog.records
        x2num.make_np([1, np.nan])
        x2num.make_np([np.inf])
    assert [record.getMessage() for record in caplog.records] == ["NaN or Inf found in input tensor."] * 2
    for wrong in ({"a": 1}, "text", None):
        with pytest.raises(NotImplementedError):
            x2num.make_np(wrong)


def test_the_projectors_files_are_theirs(tmp_path: Path) -> None:
    points, images = RANDOM.random((3, 2)), RANDOM.random((3, 3, 4, 4))
    for module, name in ((embedding, "ours"), (tensorboardX.embedding, "theirs")):
        folder = tmp_path / name
        folder.mkdir()
        module.make_mat(points, str(folder))
        module.make_sprite(images, str(folder))
        module.make_tsv([("a", 1), ("b", 2), ("c", 3)], str(folder), ["x", "y"])
    for name in ("tensors.tsv", "metadata.tsv"):
        assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
    assert (tmp_path / "ours/sprite.png").exists()
    assert embedding.TB_MAX_SPRITE_SIZE == tensorboardX.embedding.TB_MAX_SPRITE_SIZE
    wrong: Any
    for wrong in (
        lambda: embedding.make_mat(points[0], str(tmp_path)),
        lambda: embedding.make_sprite(images[..., :3], str(tmp_path)),
        lambda: embedding.make_tsv([("a",)], str(tmp_path), ["x", "y"]),
    ):
        with pytest.raises(AssertionError):
            wrong()


def test_graphs_are_messages(tmp_path: Path) -> None:
    helper: Any = onnx.helper
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])]
    model = helper.make_model(helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", inputs, []))
    onnx.save(model, str(tmp_path / "m.onnx"))
    graph = onnx_graph.load_onnx_graph(tmp_path / "m.onnx")
    assert [(node.name, node.op) for node in graph.node] == [("x", "Variable"), ("y", "Relu")]
    (tmp_path / "n.xml").write_text("<net><layers><layer id='0' name='a' type='Const'/></layers></net>")
    graph = openvino_graph.load_openvino_graph(tmp_path / "n.xml")
    assert [(node.name, node.op) for node in graph.node] == [("a", "Const")]


def test_messages_are_written_by_the_file_writer(tmp_path: Path) -> None:
    layout = layout_pb2.Layout(category=[{"title": "c"}])
    with headway.SummaryWriter(tmp_path) as summary_writer:
        assert summary_writer.file_writer is not None
        summary_writer.file_writer.add_event(event_pb2.Event(meta_graph_def=layout.SerializeToString(), step=2))
    assert summary_writer.file_writer is None
    [path] = tmp_path.iterdir()
    event = event_pb2.Event.FromString(records(path)[1])
    assert (event.step, layout_pb2.Layout.FromString(event.meta_graph_def)) == (2, layout)

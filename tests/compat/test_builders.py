"""Both libraries' builders against the libraries themselves, where those are right."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import tensorboardX.summary
import torch
import torch.utils.tensorboard.summary
from PIL import Image
from tensorboard.util.tensor_util import make_ndarray

from compat.pictures import assert_same_summary, pixels
from headway.compat.tensorboardX import summary as x
from headway.compat.tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData
from headway.compat.tensorboardX.proto.types_pb2 import DataType
from headway.compat.torch import summary as t
from headway.errors import ShapeError

RANDOM = np.random.default_rng(0)
PICTURE = RANDOM.random((3, 16, 20))
BYTES = RANDOM.integers(0, 256, (3, 16, 20), np.uint8)
BOXES = np.array([[2, 3, 12, 11]])
LABELS, PREDICTIONS = RANDOM.integers(0, 2, 100), RANDOM.random(100).astype(np.float16)
POINTS = RANDOM.random((2, 4, 3))
COLOURS = RANDOM.integers(0, 256, (2, 4, 3))
FACES = np.array([[[0, 1, 2]], [[1, 2, 3]]])
LAYOUT = {"a": {"loss": ["Multiline", ["train", "test"]], "band": ["Margin", ["m", "low", "high"]]}, "b": {}}
VALUES = RANDOM.standard_normal(1000)

SAME: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "scalar": ("scalar", ("a tag/x", 0.5), {}),
    "scalar_array": ("scalar", ("a", np.array([1.5], np.float32)), {}),
    "image": ("image", ("a/b", PICTURE), {"dataformats": "CHW"}),
    "image_uint8": ("image", ("a", BYTES), {"dataformats": "CHW"}),
    "image_grey": ("image", ("a", PICTURE[:1]), {"dataformats": "CHW"}),
    "image_hw": ("image", ("a", BYTES[0]), {"dataformats": "HW"}),
    "image_hwc": ("image", ("a", BYTES.transpose(1, 2, 0)), {"dataformats": "HWC"}),
    "images": ("image", ("a", RANDOM.random((10, 3, 4, 5))), {"dataformats": "NCHW"}),
    "images_grey": ("image", ("a", RANDOM.random((2, 1, 4, 5))), {"dataformats": "NCHW"}),
    "image_boxes": ("image_boxes", ("a", PICTURE, BOXES), {}),
    "image_labels": ("image_boxes", ("a", BYTES, BOXES), {"labels": ["cat"]}),
    "audio": ("audio", ("a", RANDOM.random(1000) * 2 - 1), {"sample_rate": 8000}),
    "text": ("text", ("a", "é **b**"), {}),
    "histogram": ("histogram", ("a", VALUES), {"bins": tensorboardX.SummaryWriter(write_to_disk=False).default_bins}),
    "histogram_auto": ("histogram", ("a", VALUES), {"bins": "auto", "max_bins": 5}),
    "histogram_fd": ("histogram", ("a", VALUES), {"bins": "fd", "max_bins": 5}),
    "histogram_doane": ("histogram", ("a", VALUES), {"bins": "doane", "max_bins": 5}),
    "histogram_raw": ("histogram_raw", ("a b", 0, 3.5, 3, 4, 6.5, [1, 2, 4], [1, 0, 2]), {}),
    "pr_curve": ("pr_curve", ("a", LABELS, PREDICTIONS), {"num_thresholds": 20}),
    "pr_curve_weights": ("pr_curve", ("a", LABELS, PREDICTIONS), {"weights": RANDOM.random(100)}),
    "pr_curve_raw": ("pr_curve_raw", ("a", [2, 1], [3, 0], [0, 3], [0, 1], [0.5, 1.0], [1.0, 0.5], 2), {}),
    "custom_scalars": ("custom_scalars", (LAYOUT,), {}),
    "mesh": ("mesh", ("a", POINTS, COLOURS, FACES), {"config_dict": {"lights": [1]}}),
    "mesh_points": ("mesh", ("a", POINTS, None, None), {"config_dict": None}),
}
PEERS = {"tensorboardX": (x, tensorboardX.summary), "torch": (t, torch.utils.tensorboard.summary)}


@pytest.mark.parametrize("library", PEERS)
@pytest.mark.parametrize("name", SAME)
def test_the_message_is_theirs(library: str, name: str) -> None:
    ours, theirs = PEERS[library]
    builder, arguments, keywords = SAME[name]
    assert_same_summary(
        getattr(ours, builder)(*arguments, **keywords), getattr(theirs, builder)(*arguments, **keywords)
    )


def test_only_tensorboardx_cleans_tags() -> None:
    for made in (x.scalar("/a b", 1), x.histogram("/a b", VALUES, "auto"), x.image("/a b", PICTURE)):
        assert made.value[0].tag == "a_b"
    for made in (t.scalar("/a b", 1), t.histogram("/a b", VALUES, "auto"), t.image("/a b", PICTURE[None])):
        assert made.value[0].tag == "/a b"


def test_a_described_scalar_is_tensorboardxs() -> None:
    arguments = ("a", 0.5, "Name", "what it is")
    assert x.scalar(*arguments) == tensorboardX.summary.scalar(*arguments)


@pytest.mark.parametrize("double_precision", [False, True])
def test_new_style_scalars_are_torchs(double_precision: bool) -> None:
    keywords = {"new_style": True, "double_precision": double_precision}
    theirs = torch.utils.tensorboard.summary.scalar("a b", 0.1, **keywords)
    assert t.scalar("a b", torch.tensor(0.1, dtype=torch.float64), **keywords) == theirs


def told(summaries: Any) -> Any:
    """What three Summaries tell the plugin; the order of a map's entries on the wire says nothing."""
    values = [value for summary in summaries for value in summary.value]
    data = [value.metadata.plugin_data for value in values]
    assert {one.plugin_name for one in data} == {"hparams"}
    return [(value.tag, HParamsPluginData.FromString(one.content)) for value, one in zip(values, data, strict=True)]


@pytest.mark.parametrize("hparams", [{"lr": 0.1}, {"name": "hi"}, {"lr": 0.1, "n": 4, "s": "x", "none": None}])
def test_hparams(hparams: dict[str, Any]) -> None:
    metrics = {"accuracy": 0.1, "loss": 10}
    assert told(x.hparams(hparams, metrics)) == told(tensorboardX.summary.hparams(hparams, metrics))
    assert told(t.hparams(hparams, metrics)) == told(torch.utils.tensorboard.summary.hparams(hparams, metrics))


def test_hparams_that_are_bools_stay_bools() -> None:
    arguments: tuple[Any, ...] = ({"magic": True}, {"accuracy": 0.1})
    assert x.hparams(*arguments) == t.hparams(*arguments) == tensorboardX.summary.hparams(*arguments)


def test_domains_are_torchs() -> None:
    arguments: tuple[Any, ...] = ({"lr": 0.1, "name": "b"}, {"a": 1}, {"lr": [0.1, 0.2], "name": ["a", "b"]})
    assert told(t.hparams(*arguments)) == told(torch.utils.tensorboard.summary.hparams(*arguments))
    with pytest.raises(TypeError, match="lr"):
        t.hparams({"lr": 0.1}, {"a": 1}, {"lr": ["x"]})
    with pytest.raises(TypeError, match="dictionary"):
        t.hparams([], {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "int32", "uint8", "int64", "bool", "complex64", "complex128"]
)
def test_tensors_are_read_as_they_were(dtype: str) -> None:
    tensor = torch.tensor([[1.0, 0.0], [2.0, 3.0]]).to(getattr(torch, dtype))
    ours = t.tensor_proto("a", tensor)
    theirs = torch.utils.tensorboard.summary.tensor_proto("a", tensor)
    assert (make_ndarray(ours.value[0].tensor) == tensor.numpy()).all()
    assert ours.value[0].metadata == theirs.value[0].metadata
    assert ours.value[0].tensor.dtype == theirs.value[0].tensor.dtype


@pytest.mark.parametrize(
    ("dtype", "number"), [(torch.float16, DataType.DT_HALF), (torch.bfloat16, DataType.DT_BFLOAT16)]
)
def test_halves_are_torchs(dtype: Any, number: int) -> None:
    tensor = torch.tensor([1.0, -2.5, 3.0], dtype=dtype)
    ours = t.tensor_proto("a", tensor).value[0].tensor
    assert [t.int_to_half(value) for value in ours.half_val] == [1.0, -2.5, 3.0]
    assert ours.dtype == number
    assert ours == torch.utils.tensorboard.summary.tensor_proto("a", tensor).value[0].tensor
    for value in (0.5, -1.0):
        assert t.half_to_int(value) == torch.utils.tensorboard.summary.half_to_int(value)


def test_names_and_descriptions_of_torchs_meshes() -> None:
    arguments = ("a", torch.tensor(POINTS), torch.tensor(COLOURS), None, None, "Name", "what it is")
    assert t.mesh(*arguments) == torch.utils.tensorboard.summary.mesh(*arguments)


def test_floats_beyond_one_are_clipped_as_torch_does_it() -> None:
    bright = PICTURE * 3 - 1
    assert_same_summary(x.image("a", bright), torch.utils.tensorboard.summary.image("a", bright, dataformats="CHW"))
    assert_same_summary(
        x.image_boxes("a", bright, BOXES), torch.utils.tensorboard.summary.image_boxes("a", bright, BOXES)
    )


def test_tensors_of_frameworks_and_lists() -> None:
    for values in (VALUES.tolist(), torch.tensor(VALUES, requires_grad=True), VALUES.astype(np.float32)):
        assert t.histogram("a", values, "auto").value[0].histo.num == 1000
    assert x.scalar("a", torch.tensor([2.5], dtype=torch.bfloat16)).value[0].simple_value == 2.5
    assert x.image("a", torch.tensor(PICTURE)) == x.image("a", PICTURE)


def test_parts() -> None:
    histogram = x.make_histogram(VALUES, "auto", 5)
    assert histogram == tensorboardX.summary.make_histogram(VALUES, "auto", 5)
    hwc = np.ascontiguousarray(BYTES.transpose(1, 2, 0))
    for keywords in ({}, {"rois": BOXES, "labels": ["cat"]}, {"rescale": 2}):
        ours, theirs = x.make_image(hwc, **keywords), tensorboardX.summary.make_image(hwc, **keywords)
        assert (ours.width, ours.colorspace) == (theirs.width, theirs.colorspace) or "rescale" in keywords
        difference = pixels(ours.encoded_image_string)[0].astype(int) - pixels(theirs.encoded_image_string)[0]
        assert np.abs(difference).max() <= (1 if "rescale" in keywords else 0)
    drawn = x.draw_boxes(Image.fromarray(hwc), BOXES, ["cat"])
    theirs = tensorboardX.summary.draw_boxes(Image.fromarray(hwc), BOXES, ["cat"])
    assert (np.asarray(drawn) == np.asarray(theirs)).all()
    curve = x.compute_curve(LABELS, PREDICTIONS, 20)
    assert (curve == tensorboardX.summary.compute_curve(LABELS, PREDICTIONS, 20)).all()


def test_videos() -> None:
    clips = RANDOM.integers(0, 4, (4, 3, 1, 8, 8)).astype(np.uint8) * 80
    for made in (x.video("a b", clips), t.video("a_b", clips)):
        [value] = made.value
        assert value.tag == "a_b"
        frames = pixels(value.image.encoded_image_string)
        assert len(frames) == 3
        assert (frames[1][:8, 8:, 0] == clips[1, 1, 0]).all()
    frames = pixels(x.make_video(clips[0].transpose(0, 2, 3, 1), 4).encoded_image_string)
    assert (frames[2][..., 0] == clips[0, 2, 0]).all()


def test_wrong_arguments() -> None:
    for wrong in (
        lambda: t.scalar("a", torch.tensor([1.0, 2.0, 3.0]), new_style=True),
        lambda: x.image("a", PICTURE, dataformats="HW"),
        lambda: x.mesh("a", np.ones((1, 3)), None, None),
        lambda: x.draw_boxes(Image.new("RGB", (4, 4)), np.ones((2, 3))),
    ):
        with pytest.raises(ShapeError):
            wrong()
        with pytest.raises(AssertionError):
            wrong()
    for builders in (x, t):
        with pytest.raises(ValueError, match="default_bins"):
            builders.histogram("a", [1, 3, 4], "tensorflow")
        with pytest.raises(ValueError, match="at least one value"):
            builders.histogram("a", np.ndarray(0), "auto")


@pytest.fixture(autouse=True)
def _theirs_warn() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield

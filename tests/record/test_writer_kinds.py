"""Every kind through the whole writer: what TensorBoard's two loaders read is what was logged.

Where tensorboardX and torch are right, what they write reads the same.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
import tensorboardX
import torch
import torch.utils.tensorboard as torch_tensorboard
from PIL import Image
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

import headway
from record.judge import Verdict, judged, pixels_of

mpl.use("agg")
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # torch's own writer uses it still

RNG = np.random.default_rng(7)
PIXELS = RNG.integers(0, 256, (3, 12, 10), np.uint8)
FLOATS = RNG.random((3, 6, 5), np.float32)
BATCH = RNG.integers(0, 256, (11, 3, 4, 4), np.uint8)
BOXES = np.array([[1, 1, 6, 7], [3, 2, 9, 9]])
VALUES = RNG.normal(0, 3, 1000).astype(np.float32)
LABELS, GUESSES = RNG.integers(0, 2, 100), RNG.random(100, np.float32)
SOUND = (RNG.random(500, np.float32) - 0.5) * 2
VERTICES, FACES = RNG.random((1, 4, 3), np.float32), np.array([[[0, 1, 2], [0, 2, 3]]])
COLOURS = RNG.integers(0, 256, (1, 4, 3))
LAYOUT = {"ours": {"losses": ["Multiline", ["loss/train", "loss/val"]], "band": ["Margin", ["m", "lo", "hi"]]}}


def log_everything(writer: Any) -> None:
    """Log what tensorboardX, torch and headway all know, with one call each."""
    writer.add_scalar("loss", 1.5, 3, 100.0)
    writer.add_image("image", PIXELS, 1)
    writer.add_image("floats", FLOATS, 2)
    writer.add_image("grey", PIXELS[0], 3, dataformats="HW")
    writer.add_image("hwc", PIXELS.transpose(1, 2, 0), 4, dataformats="HWC")
    writer.add_images("batch", BATCH, 5)
    writer.add_image_with_boxes("boxes", PIXELS, BOXES, 6, labels=["a", "b"])
    writer.add_histogram("histogram", VALUES, 7)
    writer.add_histogram("histogram/auto", VALUES, 8, bins="auto")
    writer.add_histogram("histogram/edges", VALUES, 9, bins=[-20.0, -1.0, 0.0, 1.0, 20.0])
    writer.add_histogram("histogram/max_bins", VALUES, 10, bins="fd", max_bins=5)
    writer.add_histogram_raw("raw", -1.0, 1.0, 4, 0.5, 2.0, [-0.5, 0.5, 1.0], [1, 2, 1], 11)
    writer.add_audio("audio", SOUND, 12, 8000)
    writer.add_text("text", "*what* was said, 说了什么", 13)
    writer.add_pr_curve("curve", LABELS, GUESSES, 14)
    writer.add_pr_curve_raw("curve/raw", [3, 1], [2, 0], [0, 2], [0, 2], [0.6, 1.0], [1.0, 0.3], 15)
    writer.add_custom_scalars(LAYOUT)
    writer.add_graph(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU()), torch.zeros(1, 3))


@pytest.fixture(scope="module", params=[False, True], ids=["slow", "fast"])
def is_fast(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def written_by(make: Callable[[str], Any], log: Callable[[Any], None], directory: Path, fast: bool) -> Verdict:
    with make(str(directory)) as writer:
        log(writer)
    return judged(directory, fast=fast)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory, is_fast: bool) -> Verdict:
    return written_by(headway.SummaryWriter, log_everything, tmp_path_factory.mktemp("ours"), is_fast)


@pytest.fixture(scope="module", params=[tensorboardX, torch_tensorboard], ids=["tensorboardX", "torch"])
def theirs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, is_fast: bool) -> Verdict:
    return written_by(request.param.SummaryWriter, log_everything, tmp_path_factory.mktemp("theirs"), is_fast)


def test_nothing_is_complained_about(ours: Verdict) -> None:
    assert ours.complaints == []


def test_the_same_is_there(ours: Verdict, theirs: Verdict) -> None:
    def shape(verdict: Verdict) -> Any:
        return {
            plugin: {tag: [p.step for p in points] for tag, points in tags.items()}
            for plugin, tags in verdict.points["."].items()
        }

    assert shape(ours) == shape(theirs)


@pytest.mark.parametrize("tag", ["image", "floats", "grey", "hwc", "batch", "boxes"])
def test_pictures(ours: Verdict, theirs: Verdict, tag: str) -> None:
    [mine], [other] = ours.of("images", tag), theirs.of("images", tag)
    assert mine.value[:2] == other.value[:2]
    difference = pixels_of(mine.value[2]).astype(int) - pixels_of(other.value[2])
    assert abs(difference).max() <= (1 if tag == "floats" else 0)  # they cut 254.9 down to 254


def test_a_picture_is_exact(ours: Verdict) -> None:
    [point] = ours.of("images", "image")
    assert (pixels_of(point.value[2]) == PIXELS.transpose(1, 2, 0)).all()


@pytest.mark.parametrize("tag", ["histogram", "histogram/auto", "histogram/edges", "histogram/max_bins", "raw"])
def test_histograms(ours: Verdict, theirs: Verdict, tag: str) -> None:
    [mine], [other] = ours.of("histograms", tag), theirs.of("histograms", tag)
    np.testing.assert_allclose(mine.value, other.value, rtol=1e-12)


def test_text_curves_and_layout(ours: Verdict, theirs: Verdict) -> None:
    for plugin, tag in (("text", "text/text_summary"), ("pr_curves", "curve"), ("pr_curves", "curve/raw")):
        [mine], [other] = ours.of(plugin, tag), theirs.of(plugin, tag)
        np.testing.assert_array_equal(mine.value, other.value)
        assert ours.content["."][tag] == theirs.content["."][tag]
    [mine], [other] = (v.of("custom_scalars", "custom_scalars__config__") for v in (ours, theirs))
    assert Layout.FromString(mine.value.item()) == Layout.FromString(other.value.item())


def test_sound(ours: Verdict, theirs: Verdict) -> None:
    def samples(verdict: Verdict) -> Any:
        [point] = verdict.of("audio", "audio")
        with wave.open(io.BytesIO(point.value[0])) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
            return np.frombuffer(file.readframes(-1), "<i2").astype(int)

    assert abs(samples(ours) - samples(theirs)).max() <= 2  # torch scales by 32767 and cuts
    assert abs(samples(ours) / 32768 - SOUND).max() < 1e-4


def test_the_graph(ours: Verdict, theirs: Verdict) -> None:
    mine, other = (GraphDef.FromString(v.of("graphs", "__run_graph__")[0].value[0]) for v in (ours, theirs))
    assert [(node.name, node.op, list(node.input)) for node in mine.node] == [
        (node.name, node.op, list(node.input)) for node in other.node
    ]


def log_what_is_ours(writer: Any) -> None:
    import matplotlib.pyplot as plt

    writer.add_mesh("mesh", VERTICES, COLOURS, FACES, global_step=1)
    writer.add_video("video", np.stack([BATCH[:3, :1], BATCH[3:6, :1]]), 2, fps=5)
    plain, axes = plt.subplots(figsize=(2, 1), dpi=50)
    axes.plot([1, 2])
    writer.add_figure("figure/plain", plain, 4)
    assert not plt.fignum_exists(plain.number)
    formula, axes = plt.subplots(figsize=(2, 1), dpi=50)
    axes.loglog([1, 200])
    axes.set_title("$x^2$")
    writer.add_figure("figure/kept", formula, 5, close=False)
    assert plt.fignum_exists(formula.number)
    plt.close(formula)
    writer.add_images("list", [PIXELS, PIXELS[:, ::-1].copy()], 6, dataformats="CHW")
    writer.add_hparams({"lr": 0.1, "fused": True, "opt": "adam", "none": None}, {"best": 0.5}, "trial", 7)
    writer.add_scalars("group", {"a": 1.0, "b": 2.0}, 8)


@pytest.fixture(scope="module")
def only_ours(tmp_path_factory: pytest.TempPathFactory, is_fast: bool) -> Verdict:
    return written_by(headway.SummaryWriter, log_what_is_ours, tmp_path_factory.mktemp("only"), is_fast)


def test_mesh(only_ours: Verdict) -> None:
    meshes = only_ours.points["."]["mesh"]
    np.testing.assert_array_equal(meshes["mesh_1"][0].value, VERTICES)
    np.testing.assert_array_equal(meshes["mesh_2"][0].value, FACES)
    np.testing.assert_array_equal(meshes["mesh_3"][0].value, COLOURS)


def test_video(only_ours: Verdict) -> None:
    [point] = only_ours.of("images", "video")
    assert point.value[:2] == [b"8", b"4"]  # two clips, one beside the other
    film: Any = Image.open(io.BytesIO(point.value[2]))
    assert film.n_frames == 3
    for number in range(3):
        film.seek(number)
        shown = np.asarray(film.convert("L"))
        assert (shown == np.hstack([BATCH[number, 0], BATCH[3 + number, 0]])).all()


def test_figures(only_ours: Verdict) -> None:
    for tag in ("figure/plain", "figure/kept"):
        [point] = only_ours.of("images", tag)
        pixels = pixels_of(point.value[2])
        assert pixels.shape == (50, 100, 3)
        assert pixels.max() == 255
        assert pixels.min() < 100  # something is drawn


def test_a_list_of_pictures(only_ours: Verdict) -> None:
    pixels = pixels_of(only_ours.of("images", "list")[0].value[2])
    assert (pixels == np.concatenate([PIXELS, PIXELS[:, ::-1]], axis=2).transpose(1, 2, 0)).all()


def test_sub_runs(only_ours: Verdict) -> None:
    assert [(p.step, p.value) for p in only_ours.of("scalars", "group", "group/a")] == [(8, 1.0)]
    assert [(p.step, p.value) for p in only_ours.of("scalars", "best", "trial")] == [(7, 0.5)]
    started = HParamsPluginData.FromString(only_ours.content["trial"]["_hparams_/session_start_info"])
    hparams = started.session_start_info.hparams
    assert {name: getattr(value, value.WhichOneof("kind")) for name, value in hparams.items()} == {
        "lr": 0.1,
        "fused": True,
        "opt": "adam",
    }
    assert set(only_ours.points["trial"]["hparams"]) == {
        "_hparams_/experiment",
        "_hparams_/session_start_info",
        "_hparams_/session_end_info",
    }


def test_nothing_of_ours_is_complained_about(only_ours: Verdict) -> None:
    assert only_ours.complaints == []

"""What tensorboardX 2.6.5 and torch 2.13 get wrong, each as a test that fails on theirs and passes here."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX
import torch
import torch.utils.tensorboard as torch_tensorboard
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

import headway
import headway.compat.torch as compat_torch
from record.judge import judged, pixels_of

Writer = Callable[..., Any]


def beside(
    theirs: Any, ours: Any, fails_with: type[BaseException] | tuple[type[BaseException], ...]
) -> pytest.MarkDecorator:
    """Run a test on their writer, where it must fail, and on ours."""
    fails = pytest.mark.xfail(raises=fails_with, strict=True, reason="their defect")
    return pytest.mark.parametrize(
        "writer", [pytest.param(theirs, marks=fails, id="theirs"), pytest.param(ours, id="ours")]
    )


def beside_tensorboardx(fails_with: type[BaseException] = AssertionError) -> pytest.MarkDecorator:
    return beside(tensorboardX.SummaryWriter, headway.SummaryWriter, fails_with)


def beside_torch(
    fails_with: type[BaseException] | tuple[type[BaseException], ...] = AssertionError,
) -> pytest.MarkDecorator:
    return beside(torch_tensorboard.SummaryWriter, compat_torch.SummaryWriter, fails_with)


def events_of(directory: Path) -> list[Any]:
    files = sorted(directory.rglob("events.out.tfevents.*"))
    return [Event.FromString(record) for path in files for record in RawEventFileLoader(str(path)).Load()]


def scalars_of(directory: Path) -> list[float]:
    return [value.simple_value for event in events_of(directory) for value in event.summary.value]


# ---- tensorboardX


@beside_tensorboardx()
def test_closing_and_reusing_within_a_second_keeps_the_first_file(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_scalar("a", 1.0)
    w.add_scalar("a", 2.0)
    w.close()
    assert scalars_of(tmp_path) == [1.0, 2.0]


@beside_tensorboardx(Exception)
def test_two_writers_of_one_directory_in_a_second(writer: Writer, tmp_path: Path) -> None:
    first, second = writer(str(tmp_path)), writer(str(tmp_path))
    first.add_scalar("a", 1.0)
    second.add_scalar("a", 2.0)
    first.close()
    second.close()
    assert sorted(scalars_of(tmp_path)) == [1.0, 2.0]


@beside_tensorboardx()
def test_flush_drains_what_waits(writer: Writer, tmp_path: Path) -> None:
    w = writer(str(tmp_path), max_queue=1000)
    for step in range(500):
        w.add_scalar("a", step, step)
    w.flush()
    found = scalars_of(tmp_path)
    w.close()
    assert len(found) == 500


@beside_tensorboardx(TypeError)
def test_bfloat16(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_histogram("h", torch.tensor([1.0, 2.0], dtype=torch.bfloat16))
        w.add_scalar("a", torch.tensor(1.5, dtype=torch.bfloat16))
    assert scalars_of(tmp_path)[-1] == 1.5 or scalars_of(tmp_path)[0] == 1.5


@beside_tensorboardx()
def test_float_images_beyond_one_are_clipped(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_image("i", np.full((3, 2, 2), 1.5, np.float32))
    image = next(value.image for event in events_of(tmp_path) for value in event.summary.value)
    assert (pixels_of(image.encoded_image_string) == 255).all()


@beside_tensorboardx()
def test_write_to_disk_false_writes_nothing(writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with writer("run", write_to_disk=False) as w:
        w.add_scalars("a", {"b": 1.0})
        w.add_hparams({"lr": 0.1}, {"loss": 1.0})
        w.add_embedding(np.zeros((2, 2)))
    assert not list(tmp_path.iterdir())


@beside_tensorboardx()
def test_add_scalars_keeps_nothing_in_memory(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_scalars("warm", {"up": 0.0}, 0)
        tracemalloc.start()
        for step in range(20_000 if isinstance(w, headway.SummaryWriter) else 2_000):
            w.add_scalars("a", {"b": float(step)}, step)
        w.flush()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert kept < 150_000


@beside_tensorboardx()
def test_export_is_whole_json(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path / "run")) as w:
        w.add_scalars("a", {"b": float("nan")}, 7)
        w.add_scalar("c", 2.0, 8)
        w.export_scalars_to_json(str(tmp_path / "all.json"))

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    read = json.loads((tmp_path / "all.json").read_text(), parse_constant=refuse)
    assert read[f"{tmp_path}/run/a/b"][0][1:] == [7, "nan"]
    assert read[f"{tmp_path}/run/c"][0][1:] == [8, 2.0]


@beside("tensorboardX", "headway", subprocess.CalledProcessError)
def test_reopening(writer: str, tmp_path: Path) -> None:
    code = f"""
import sys, {writer}
w = {writer}.FileWriter(sys.argv[1])
w.close()
w.reopen()
w.add_summary({writer if writer == "tensorboardX" else "headway.compat.tensorboardX"}.summary.scalar("a", 3.0))
w.close()
"""
    code = code.replace("import sys, headway", "import sys, headway, headway.compat.tensorboardX")
    # In a process of its own: theirs ends in exceptions of its thread and at exit.
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True)
    if scalars_of(tmp_path) != [3.0]:
        raise subprocess.CalledProcessError(1, "the event is not in the file")


@beside_tensorboardx()
def test_use_metadata_is_undone_by_an_exception(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        try:
            with w.use_metadata(global_step=5):
                raise KeyError
        except KeyError:
            w.add_scalar("a", 1.0)
    assert [event.step for event in events_of(tmp_path) if event.summary.value] == [0]


@beside_tensorboardx(KeyError)
def test_lists_of_numbers_as_values(writer: Writer, tmp_path: Path) -> None:
    """Numbers that are no tensor of theirs: what has only `__array__`."""

    class Array:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.array([1.0, 2.0], dtype=dtype)

    try:
        with writer(str(tmp_path)) as w:
            w.add_histogram("h", Array())
    except NotImplementedError as error:
        raise KeyError from error
    assert any(value.HasField("histo") for event in events_of(tmp_path) for value in event.summary.value)


def test_a_rewritten_tag_is_said(tmp_path: Path) -> None:
    with headway.SummaryWriter(tmp_path) as w:
        with pytest.warns(headway.HeadwayWarning, match=r"'a b' is written as 'a_b'"):
            w.add_scalar("a b", 1.0)
        w.add_image("c d", np.zeros((1, 2, 2)))  # said once


def test_ranks_race_to_make_the_directory(tmp_path: Path) -> None:
    code = "import sys, headway; w = headway.SummaryWriter(sys.argv[1]); w.add_scalar('a', 1.0); w.close()"
    target = str(tmp_path / "deep" / "er" / "run")
    ranks = [subprocess.Popen([sys.executable, "-c", code, target]) for _ in range(6)]
    assert [rank.wait(60) for rank in ranks] == [0] * 6
    assert scalars_of(Path(target)) == [1.0] * 6


# ---- torch


@beside_torch((AssertionError, ValueError))
def test_bfloat16_of_torch_keeps_its_range(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_histogram("h", torch.tensor([1e5, 1e30], dtype=torch.bfloat16))
        w.add_scalar("a", torch.tensor(1e5, dtype=torch.bfloat16))
    values = {value.tag: value for event in events_of(tmp_path) for value in event.summary.value}
    assert np.isfinite(values["a"].simple_value)
    assert np.isfinite(values["h"].histo.max)


@beside_torch()
def test_hyperparameters_that_are_bools(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_hparams({"fused": True}, {"loss": 1.0})
    for event in events_of(tmp_path):
        for value in event.summary.value:
            if value.tag == "_hparams_/session_start_info":
                data = HParamsPluginData.FromString(value.metadata.plugin_data.content)
                assert data.session_start_info.hparams["fused"].WhichOneof("kind") == "bool_value"
                return
    pytest.fail("there is no session_start_info")


@beside_torch(NotImplementedError)
def test_lists(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_histogram("h", [1.0, 2.0, 3.0])
        w.add_image("i", [[[0.0, 1.0]]])
    assert judged(tmp_path, fast=False).of("histograms", "h")[0].value[:, 2].sum() == 3


@beside_torch()
def test_the_projector_remembers_earlier_embeddings(writer: Writer, tmp_path: Path) -> None:
    from google.protobuf import text_format

    for step in (1, 2):
        with writer(str(tmp_path)) as w:
            w.add_embedding(torch.eye(3), global_step=step)
    config = text_format.Parse((tmp_path / "projector_config.pbtxt").read_text(), ProjectorConfig())
    assert [entry.tensor_name for entry in config.embeddings] == ["default:00001", "default:00002"]


@beside_torch(StopIteration)
def test_video_needs_no_old_moviepy(writer: Writer, tmp_path: Path) -> None:
    with writer(str(tmp_path)) as w:
        w.add_video("v", np.random.default_rng(0).random((1, 3, 3, 8, 8), np.float32))
    values = [value for event in events_of(tmp_path) for value in event.summary.value]
    assert next(value.image.encoded_image_string for value in values if value.HasField("image"))[:3] == b"GIF"

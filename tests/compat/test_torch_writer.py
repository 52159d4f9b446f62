"""The writer in torch's signatures, against torch's own: the same calls, the same runs and values."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.utils.tensorboard
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

from compat.pictures import assert_same_summary
from headway.compat.tensorboardX.proto.event_pb2 import Event
from headway.compat.torch import FileWriter, RecordWriter, SummaryWriter, summary

RANDOM = np.random.default_rng(0)
PICTURE = RANDOM.random((3, 8, 8))
BOXES = np.array([[1, 1, 6, 6]])
POINTS = RANDOM.random((1, 4, 3))


def parameters(method: Any) -> list[tuple[str, Any]]:
    return [(one.name, one.default) for one in inspect.signature(method).parameters.values()]


@pytest.mark.parametrize(
    "name", sorted(name for name in vars(torch.utils.tensorboard.SummaryWriter) if not name.startswith("_"))
)
def test_every_method_takes_what_torchs_takes_in_its_order(name: str) -> None:
    theirs = parameters(getattr(torch.utils.tensorboard.SummaryWriter, name))
    assert parameters(getattr(SummaryWriter, name))[: len(theirs)] == theirs


def test_so_do_the_constructors_and_the_builders() -> None:
    assert parameters(SummaryWriter) == parameters(torch.utils.tensorboard.SummaryWriter)
    assert parameters(FileWriter) == parameters(torch.utils.tensorboard.FileWriter)
    assert parameters(RecordWriter)[0][0] == "path"
    for name in torch.utils.tensorboard.summary.__all__:
        ours, theirs = (parameters(getattr(module, name)) for module in (summary, torch.utils.tensorboard.summary))
        assert [one for one, _ in ours] == [one for one, _ in theirs]
        for (_, default), (_, expected) in zip(ours, theirs, strict=True):
            assert default == expected or name in ("hparams", "compute_curve")


def calls(writer: Any) -> None:
    writer.add_scalar("a tag/loss", 0.5, 1, 10.0, False, False)
    writer.add_scalar("new", 0.5, 1, 10.0, True)
    writer.add_scalars("main/a", {"x": 1.0, "y/z": 2.0}, 2, 20.0)
    writer.add_image("an image", PICTURE, 3, 30.0, "CHW")
    writer.add_image_with_boxes("boxed", PICTURE, BOXES, 4, 40.0, 1, "CHW", ["cat"])
    writer.add_text("a text", "b", 5, 50.0)
    writer.add_histogram("a histogram", RANDOM.standard_normal(10), 6, "auto", 60.0)
    writer.add_mesh("a mesh", torch.tensor(POINTS), None, None, {"x": 1}, 7, 70.0)
    writer.add_tensor("a tensor", torch.arange(3), 8, 80.0)
    writer.add_custom_scalars({"c": {"t": ["Multiline", ["a"]]}})
    writer.add_hparams({"lr": 0.5}, {"a metric": 2.0}, {"lr": [0.5, 1.0]}, "trial", 9)
    writer.close()


def runs(directory: Path) -> dict[str, list[Any]]:
    """The events of each run but for the files' versions, with tensorboardX's message class."""
    found: dict[str, list[Any]] = {}
    for path in sorted(directory.rglob("*tfevents*")):
        events = [Event.FromString(event.SerializeToString()) for event in LegacyEventFileLoader(str(path)).Load()]
        found.setdefault(str(path.parent.relative_to(directory)), []).extend(events[1:])
    return found


def test_the_runs_and_values_are_torchs(tmp_path: Path) -> None:
    global RANDOM
    for name, made in (("ours", SummaryWriter), ("theirs", torch.utils.tensorboard.SummaryWriter)):
        RANDOM = np.random.default_rng(1)
        calls(made(str(tmp_path / name)))
    ours, theirs = runs(tmp_path / "ours"), runs(tmp_path / "theirs")
    assert ours.keys() == theirs.keys() == {".", "main_a_x", "main_a_y/z", "trial"}
    for run in theirs:
        told = {value.tag: (event, value) for event in ours[run] for value in event.summary.value}
        expected = [(event, value) for event in theirs[run] for value in event.summary.value]
        assert {*told} == {value.tag for _, value in expected}
        for event, value in expected:
            mine, written = told[value.tag]
            assert mine.step == event.step
            if run != "trial" and value.tag != "custom_scalars__config__":
                assert mine.wall_time == event.wall_time
            if value.tag == "new":
                assert written.simple_value == 0.5  # any reader takes either form
            elif value.tag == "a tensor":
                assert written.tensor.int64_val == value.tensor.int64_val
            elif not value.tag.startswith("_hparams_"):
                one, other = Event().summary, Event().summary
                one.value.append(written)
                other.value.append(value)
                assert_same_summary(one, other)


def test_what_torchs_writer_has(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, flush_secs=7, max_queue=3, filename_suffix=".x") as writer:
        assert (writer.flush_secs, writer.max_queue, writer.filename_suffix) == (7, 3, ".x")
        assert str(writer.log_dir) == str(writer.get_logdir()) == str(tmp_path)
        assert writer.purge_step is None
        theirs = torch.utils.tensorboard.SummaryWriter(str(tmp_path / "theirs"))
        assert writer.default_bins == theirs.default_bins
        theirs.close()
        assert writer.file_writer is not None
    assert writer.file_writer is None
    assert writer.all_writers is None


def test_domains_are_checked(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="lr"):
            writer.add_hparams({"lr": 0.5}, {"a": 1.0}, {"lr": ["x"]})
        with pytest.raises(TypeError, match="dictionary"):
            writer.add_hparams([], {})  # type: ignore[arg-type]


def test_messages_go_through_the_file_writer(tmp_path: Path) -> None:
    with_writer = FileWriter(log_dir=tmp_path)
    with_writer.add_summary(summary.scalar("a", 1.0), 3, 5.0)
    with_writer.close()
    [[event]] = runs(tmp_path).values()
    assert (event.step, event.wall_time, event.summary) == (3, 5.0, summary.scalar("a", 1.0))


@pytest.fixture(autouse=True)
def _theirs_warn() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield

"""What code in the wild does beyond the public methods: subclasses, the writers inside, private modules."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX.writer
import torch
import torch.utils.tensorboard
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.summary_pb2 import Summary
from torch.utils.tensorboard._pytorch_graph import graph as torchs_graph

import headway.compat.tensorboardX.writer
import headway.compat.torch
from headway.compat.tensorboardX import summary as tensorboardx_summary
from headway.compat.torch import _convert_np, _embedding, _pytorch_graph, _utils
from headway.compat.torch import summary as torch_summary

FLAVOURS = pytest.mark.parametrize(
    ("flavour", "summary"),
    [(headway.compat.torch, torch_summary), (headway.compat.tensorboardX, tensorboardx_summary)],
    ids=["torch", "tensorboardX"],
)


def events(directory: Path) -> list[Any]:
    files = sorted(directory.glob("*tfevents*"))
    return [event for path in files for event in LegacyEventFileLoader(str(path)).Load()]


def points(directory: Path) -> list[tuple[str, int, float]]:
    """Of one run."""
    return [(v.tag, e.step, v.simple_value) for e in events(directory) for v in e.summary.value if v.tag[0] != "_"]


def message(tag: str) -> Any:
    return Event(step=7, summary=Summary(value=[Summary.Value(tag=tag, simple_value=2)]))


@FLAVOURS
@pytest.mark.parametrize("own_file", [False, True])
def test_a_subclass_with_hyperparameters_in_the_run_itself(
    tmp_path: Path, flavour: Any, summary: Any, own_file: bool
) -> None:
    class Writer(flavour.SummaryWriter):  # type: ignore[misc]
        def add_hparams(self, hparam_dict: Any, metric_dict: Any) -> None:
            if own_file:
                with Writer(log_dir=self._get_file_writer().get_logdir()) as writer:
                    self.log_to(writer, hparam_dict, metric_dict)
            else:
                self.log_to(self, hparam_dict, metric_dict)

        def log_to(self, writer: Any, hparam_dict: Any, metric_dict: Any) -> None:
            for part in summary.hparams(hparam_dict, metric_dict):
                writer.file_writer.add_summary(part)
            for name, value in metric_dict.items():
                writer.add_scalar(name, value)

    with Writer(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 1)
        writer.add_hparams({"lr": 0.5}, {"accuracy": 0.75})
    assert sorted(points(tmp_path)) == [("accuracy", 0, 0.75), ("loss", 1, 1.0)]
    tags = {value.tag for event in events(tmp_path) for value in event.summary.value}
    assert {f"_hparams_/{name}" for name in ("experiment", "session_start_info", "session_end_info")} < tags
    assert all(path.is_file() for path in tmp_path.iterdir())


@FLAVOURS
def test_a_subclass_that_opens_and_closes_the_writers_itself(tmp_path: Path, flavour: Any, summary: Any) -> None:
    class Writer(flavour.SummaryWriter):  # type: ignore[misc]
        file_writer: Any
        all_writers: Any

        def _get_file_writer(self) -> Any:
            if self.all_writers is None or self.file_writer is None:
                self.file_writer = flavour.FileWriter(self.get_logdir())
                self.all_writers = {self.file_writer.get_logdir(): self.file_writer}
            return self.file_writer

        def below(self, name: str) -> Any:
            directory = os.fspath(tmp_path / name)
            if directory not in self.all_writers:
                max_queue, flush_secs, suffix = self._max_queue, self._flush_secs, self._filename_suffix
                self.all_writers[directory] = flavour.FileWriter(directory, max_queue, flush_secs, suffix)
            return self.all_writers[directory]

        def close(self) -> None:
            if self.all_writers is not None:
                for writer in self.all_writers.values():
                    writer.flush()
                    writer.close()
            self.file_writer = self.all_writers = None

    writer = Writer(tmp_path, filename_suffix=".end")
    for step in (1, 2):
        writer._get_file_writer().add_summary(summary.scalar("message", 2.0), step)
        writer.add_scalar("loss", 1.0, step)
        writer.below("sub").add_summary(summary.scalar("sub", 2.0), step)
        writer.close()
        assert writer.file_writer is writer.all_writers is None
    logged = [("loss", 1, 1.0), ("loss", 2, 1.0), ("message", 1, 2.0), ("message", 2, 2.0)]
    assert sorted(points(tmp_path)) == logged
    assert points(tmp_path / "sub") == [("sub", 1, 2.0), ("sub", 2, 2.0)]
    assert all(path.name.endswith(".end") for path in (tmp_path / "sub").iterdir())


@FLAVOURS
def test_the_file_behind_a_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flavour: Any, summary: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    with flavour.SummaryWriter("runs/a") as writer:
        file = writer.file_writer.event_writer
        writer.add_scalar("loss", 1.0, 1)
        file.add_event(message("whole"))
        writer._get_file_writer().add_event(message("event"), 8, 5.0)
        writer.file_writer.add_summary(message("summary").summary, np.int64(9))
    [path] = Path("runs/a").iterdir()
    assert file._file_name == file._ev_writer._file_name == str(path)
    assert [point[:2] for point in points(Path("runs/a"))] == [
        ("loss", 1),
        ("whole", 7),
        ("event", 8),
        ("summary", 9),
    ]


def test_no_file_behind_a_writer(tmp_path: Path) -> None:
    writer = headway.SummaryWriter(tmp_path, write_to_disk=False)
    assert writer.file_writer is not None
    writer.file_writer.event_writer.add_event(message("dropped"))
    writer.close()
    assert [*tmp_path.iterdir()] == []


def test_torchs_directory_is_what_was_given(tmp_path: Path) -> None:
    for made in (headway.compat.torch.SummaryWriter, torch.utils.tensorboard.SummaryWriter):
        with made(tmp_path / made.__module__) as writer:  # type: ignore[no-untyped-call,unused-ignore]
            assert (writer.get_logdir() / "x").parent == tmp_path / made.__module__


def test_torchs_private_modules(tmp_path: Path) -> None:
    for name in ("_convert_np", "_embedding", "_pytorch_graph", "_utils", "summary", "writer"):
        assert getattr(headway.compat.torch, name).__name__ == f"headway.compat.torch.{name}"
        assert hasattr(torch.utils.tensorboard, name)
        assert name in dir(headway.compat.torch)
    with pytest.raises(AttributeError, match="nothing"):
        headway.compat.torch.nothing  # noqa: B018
    assert _convert_np.make_np(torch.ones(2, requires_grad=True)).tolist() == [1, 1]
    pictures = np.random.default_rng(0).random((5, 3, 4, 4))
    theirs = torch.utils.tensorboard._utils.make_grid(pictures, 3)
    np.testing.assert_array_equal(_utils.make_grid(pictures, 3), theirs)
    _embedding.make_tsv(["a", "b"], str(tmp_path))
    assert (tmp_path / "metadata.tsv").read_text() == "a\nb\n"


def test_graphs_are_handed_to_the_file_writer(tmp_path: Path) -> None:
    model, args = torch.nn.Sequential(torch.nn.Linear(2, 2)), (torch.zeros(1, 2),)
    nodes, stats = _pytorch_graph.graph(model, args)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        theirs = torchs_graph(model, args)
    assert [node.name for node in nodes.node] == [node.name for node in theirs[0].node]
    assert stats.SerializeToString() == theirs[1].SerializeToString()
    with headway.compat.torch.SummaryWriter(tmp_path) as writer:
        writer._get_file_writer().add_graph((nodes, stats))
    [written] = [event.graph_def for event in events(tmp_path) if event.graph_def]
    assert GraphDef.FromString(written).node[0].name == nodes.node[0].name


def test_programs_that_put_their_own_event_file_into_the_module_find_one() -> None:
    for theirs, ours in (
        (tensorboardX.writer, headway.compat.tensorboardX.writer),
        (torch.utils.tensorboard.writer, headway.compat.torch.writer),
    ):
        assert ours.EventFileWriter.__name__ == theirs.EventFileWriter.__name__

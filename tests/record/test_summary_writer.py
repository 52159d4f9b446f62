from __future__ import annotations

import gc
import inspect
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX
import torch
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray
from tensorboardX.summary import _clean_tag
from torch.utils.tensorboard import SummaryWriter as TorchWriter

import headway
from headway import SummaryWriter
from headway.record.tag import clean_tag
from record.observe import events, events_in, files, points, warned, without_times

Log = Callable[[Any], None]


def log_scalars(writer: Any) -> None:
    for step in range(-2, 5):
        writer.add_scalar("loss", step / 3, step, 1e9 + step)
    writer.add_scalar("train/acc", np.float32(0.1), np.int64(7), 1e9)
    writer.add_scalar("a.b-c_d", torch.tensor(2.5), 1 << 40, 1e9)
    writer.add_scalar("no step", 1, walltime=1e9)
    writer.add_scalar(tag="keywords", scalar_value=float("nan"), global_step=1, walltime=1e9)
    writer.add_scalar("loss", float("inf"), 5, 1e9)


def log_cleaned(writer: Any) -> None:
    for tag in ("/a b/c", "损失/训练", "x(y)%", "ünï", "//z"):
        writer.add_scalar(tag, 1.0, 1, 1e9)


def log_described(writer: Any) -> None:
    writer.add_scalar("loss", 1.0, 1, 1e9, "Loss", "per *token*")
    writer.add_scalar("acc", 1.0, 1, 1e9, summary_description="of all")


def log_sub_runs(writer: Any) -> None:
    for step in range(3):
        writer.add_scalars("main/tag", {"sin": step / 10, "cos/x": torch.tensor(1.0)}, step, 1e9)
    writer.add_scalars("other tag", {"a b": 1}, walltime=1e9)


def tree(directory: Path) -> dict[str, list[Any]]:
    """Every directory that has event files, with their events."""
    found = sorted({path.parent for path in directory.rglob("events.*")})
    return {str(path.relative_to(directory)): without_times(path) for path in found}


@pytest.mark.parametrize("log", [log_scalars, log_cleaned, log_described, log_sub_runs])
@pytest.mark.parametrize("purge_step", [None, 3])
def test_the_same_messages_as_tensorboardx(tmp_path: Path, log: Log, purge_step: int | None) -> None:
    for name, kind in (("ours", SummaryWriter), ("theirs", tensorboardX.SummaryWriter)):
        with kind(str(tmp_path / name), purge_step=purge_step) as writer:
            log(writer)
    ours, theirs = tree(tmp_path / "ours"), tree(tmp_path / "theirs")
    assert ours.keys() == theirs.keys()
    assert {k: [e.SerializeToString() for e in v] for k, v in ours.items()} == {
        k: [e.SerializeToString() for e in v] for k, v in theirs.items()
    }


def test_the_same_messages_as_torch(tmp_path: Path) -> None:
    for name, kind in (("ours", SummaryWriter), ("theirs", TorchWriter)):
        with kind(log_dir=str(tmp_path / name)) as writer:
            writer.add_scalar("loss", torch.tensor(0.3, requires_grad=True), 1, walltime=1e9)
            writer.add_scalar("acc", 0.25, global_step=2, walltime=1e9)
    ours, theirs = (without_times(tmp_path / name)[1:] for name in ("ours", "theirs"))
    assert len(ours) == 2
    assert [e.SerializeToString() for e in ours] == [e.SerializeToString() for e in theirs]


def test_the_wall_times_are_kept(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        log_scalars(writer)
    assert [e.wall_time for e in events(tmp_path)[1:8]] == [1e9 + step for step in range(-2, 5)]


@given(st.text(max_size=60))
def test_tags_are_cleaned_as_tensorboardx_does(tag: str) -> None:
    assert clean_tag(tag) == _clean_tag(tag)


def test_the_signatures_are_tensorboardx_own() -> None:
    for name in ("__init__", "add_scalar", "add_scalars", "flush", "close"):
        mine = inspect.signature(getattr(SummaryWriter, name)).parameters
        peer = inspect.signature(getattr(tensorboardX.SummaryWriter, name)).parameters
        positional = [p for p in mine.values() if p.kind is not p.KEYWORD_ONLY]
        assert [(p.name, p.kind) for p in positional] == [(p.name, p.kind) for p in peer.values()]
        for parameter in peer.values():
            if parameter.name != "comet_config":
                assert mine[parameter.name].default == parameter.default


def test_what_others_read_from_a_writer(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run", purge_step=5) as writer:
        assert writer.get_logdir() == str(tmp_path / "run")
        assert Path(writer.logdir) == Path(writer.log_dir) == tmp_path / "run"
        assert writer.file_writer is not None
        assert writer.file_writer.get_logdir() == str(tmp_path / "run")
        assert writer.purge_step == 5
        writer.add_scalars("a", {"b": 1.0, "c": 2.0})
        assert set(writer.all_writers or ()) == {str(tmp_path / "run" / p) for p in ("", "a/b", "a/c")}


def test_a_closed_writer_shows_no_files_until_something_is_logged(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("a", 1.0)
    states = [(writer.file_writer is None, writer.all_writers is None)]
    writer.add_scalar("a", 1.0)
    states.append((writer.file_writer is None, writer.all_writers is None))
    writer.close()
    assert states == [(True, True), (False, False)]


def test_both_names_of_the_directory() -> None:
    assert SummaryWriter("ignored", log_dir="ignored too", write_to_disk=False).logdir == "ignored"


def test_the_default_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with SummaryWriter(comment="-lr3") as writer:
        pass
    [made] = (tmp_path / "runs").iterdir()
    assert writer.get_logdir() == f"runs/{made.name}"
    assert re.fullmatch(rf"[A-Z]\w\w\d\d_\d\d-\d\d-\d\d_{re.escape(os.uname().nodename)}-lr3", made.name)


def test_closing_and_going_on(tmp_path: Path) -> None:
    writer = SummaryWriter(str(tmp_path))
    for step in range(3):
        writer.add_scalar("t", step, step, display_name="T")
        writer.add_scalars("m", {"k": step}, step)
        writer.close()
        writer.close()
    assert points(tmp_path) == [("t", s, s) for s in range(3)]
    assert points(tmp_path / "m" / "k") == [("m", s, s) for s in range(3)]
    assert len(files(tmp_path)) == len(files(tmp_path / "m" / "k")) == 3
    names = [v.metadata.display_name for e in events(tmp_path) for v in e.summary.value]
    assert names == ["T", "T", "T"]  # in each of the files


def test_a_description_is_written_once(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            writer.add_scalar("/t", step, step, display_name="T", summary_description="D")
    said = [v.metadata.display_name for e in events(tmp_path) for v in e.summary.value]
    assert said == ["T", "", ""]
    assert points(tmp_path) == [("t", s, s) for s in range(3)]


def test_flush_reaches_the_sub_runs(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("t", 1.0)
        writer.add_scalars("m", {"k": 2.0})
        writer.flush()
        assert points(tmp_path) == [("t", 0, 1.0)]
        assert points(tmp_path / "m" / "k") == [("m", 0, 2.0)]


def test_sub_runs_stay_inside(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path / "run")) as writer:
        writer.add_scalars("/m", {"/k": 2.0})
    assert points(tmp_path / "run" / "m" / "k") == [("m", 0, 2.0)]


def test_nothing_is_written_when_nothing_is_to_be(tmp_path: Path) -> None:
    threads = threading.active_count()
    with SummaryWriter(str(tmp_path / "run"), write_to_disk=False) as writer:
        log_scalars(writer)
        log_sub_runs(writer)
        log_described(writer)
        writer.add_scalar("t", 10**400)
        with pytest.raises(TypeError):
            writer.add_scalar("t", "x")
        writer.flush()
        assert writer.get_logdir() == str(tmp_path / "run")
        assert writer.lost == 0
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


def test_torch_keywords(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("a", 0.1, 1, new_style=True)
        writer.add_scalar("b", 0.1, 1, new_style=True, double_precision=True)
        writer.add_scalar("c", 0.1, 1, None, True)  # type: ignore[arg-type]
    a, b, c = (e.summary.value[0] for e in events(tmp_path)[1:])
    assert a.simple_value == pytest.approx(0.1)
    assert make_ndarray(b.tensor) == 0.1
    assert c.simple_value == pytest.approx(0.1)
    assert c.metadata.display_name == ""


def test_a_number_beyond_float32(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("t", 1e300, 1)
        writer.add_scalar("t", -1e-300, 2, display_name="T")
    values = [make_ndarray(e.summary.value[0].tensor) for e in events(tmp_path)[1:]]
    assert values == [1e300, -1e-300]


@pytest.mark.parametrize("value", ["1", None, [1.0, 2.0], torch.zeros(3), {"a": 1}, 1j], ids=repr)
@pytest.mark.parametrize("more", [{}, {"display_name": "T"}], ids=repr)
def test_a_wrong_type_is_an_error_at_once(tmp_path: Path, value: Any, more: dict[str, Any]) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        with pytest.raises(TypeError, match="'tag' must be a single number"):
            writer.add_scalar("tag", value, 1, **more)
        with pytest.raises(TypeError, match="'tag/b' must be a single number"):
            writer.add_scalars("tag", {"a": 1.0, "b": value}, 1)
        with pytest.raises(TypeError, match="must be a str"):
            writer.add_scalars("tag", {1: 1.0}, 1)  # type: ignore[dict-item]
        for tag in (None, 3, b"tag"):
            with pytest.raises(TypeError, match="tag must be a str"):
                writer.add_scalar(tag, 1.0, **more)  # type: ignore[arg-type]
            with pytest.raises(TypeError, match="tag must be a str"):
                writer.add_scalars(tag, {"a": 1.0})  # type: ignore[arg-type]
        writer.add_scalar("tag", 1.0, 1, **more)
        assert writer.lost == 0
    assert points(tmp_path) == [("tag", 1, 1.0)]
    assert not (tmp_path / "tag").exists()


class Failing:
    def __float__(self) -> float:
        raise RuntimeError("the device is gone")


def test_a_value_that_cannot_be_had_is_counted(tmp_path: Path) -> None:
    writer = SummaryWriter(str(tmp_path))
    with warned("the device is gone") as said:
        writer.add_scalar("t", Failing(), 1)
        writer.add_scalar("t", Failing(), 1, display_name="T")
        writer.add_scalar("t", 1.0, float("nan"))
        writer.add_scalars("m", {"bad": Failing(), "good": 1.0})
    assert len(said) == 1
    writer.add_scalar("t", 2.0, 2)
    assert writer.lost == 4
    with warned("4 of the events"):
        writer.close()
    assert points(tmp_path) == [("t", 2, 2.0)]
    assert points(tmp_path / "m" / "good") == [("m", 0, 1.0)]


def test_tensorboard_reads_it(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(1000):
            writer.add_scalar("loss", step / 10, step)
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    assert [(e.step, e.value) for e in reader.Scalars("loss")] == [
        (step, pytest.approx(step / 10)) for step in range(1000)
    ]


def test_tensorboard_drops_what_is_purged(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(10):
            writer.add_scalar("loss", 1.0, step)
    with SummaryWriter(str(tmp_path), purge_step=5) as writer:
        writer.add_scalar("loss", 2.0, 5)
        writer.close()
        writer.add_scalar("loss", 2.0, 6)
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    found = [(e.step, e.value) for e in reader.Scalars("loss")]
    assert found == [*((s, 1.0) for s in range(5)), (5, 2.0), (6, 2.0)]


def test_a_writer_that_is_dropped_leaves_nothing_behind(tmp_path: Path) -> None:
    threads = threading.active_count()
    writer = SummaryWriter(str(tmp_path))
    writer.add_scalar("t", 1.0)
    writer.add_scalars("m", {"k": 2.0})
    del writer
    gc.collect()
    assert points(tmp_path) == [("t", 0, 1.0)]
    assert points(tmp_path / "m" / "k") == [("m", 0, 2.0)]
    assert threading.active_count() == threads


def test_it_is_public() -> None:
    assert headway.SummaryWriter is SummaryWriter


@pytest.mark.parametrize("main_tag", ["../../out", "a/../../..", "..", "/../x"])
def test_add_scalars_never_leaves_the_run(tmp_path: Path, main_tag: str) -> None:
    run = tmp_path / "deep" / "er" / "run"
    with SummaryWriter(run) as writer:
        writer.add_scalars(main_tag, {"../..": 1, "b..c": 2}, 1)
    written = list(tmp_path.rglob("*tfevents*"))
    assert len(written) == 3
    assert all(path.is_relative_to(run) for path in written)


def test_a_rank_says_so_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "3")
    monkeypatch.setenv("WORLD_SIZE", "8")
    with SummaryWriter(tmp_path, filename_suffix=".mine") as writer:
        writer.add_scalar("a", 1.0)
    [file] = tmp_path.glob("events.out.tfevents.*.rank3.mine")
    assert events_in(file)[0].source_metadata.writer.endswith(" rank=3 world_size=8")


def test_a_step_of_an_embedding_is_checked_like_others(tmp_path: Path) -> None:
    with warned("'step' could not be converted to an integer|were lost"), SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="'step' must be an integer"):
            writer.add_embedding(np.eye(2), global_step=object())
        writer.add_embedding(np.eye(2), global_step=float("nan"))
    assert writer.lost == 1


def test_scalars_that_are_no_mapping(tmp_path: Path) -> None:
    with (
        headway.SummaryWriter(tmp_path) as writer,
        pytest.raises(TypeError, match="tag_scalar_dict must be a mapping"),
    ):
        writer.add_scalars("a", [1])  # type: ignore[arg-type]


def test_an_export_names_every_series_whatever_the_directory_is_called(tmp_path: Path) -> None:
    run = str(tmp_path / "loss" / "acc")
    with SummaryWriter(run) as writer:
        writer.add_scalar("loss", 1.0)
        writer.add_scalar("acc", 2.0)
        writer.add_scalars("group", {"a": 3.0})
        found = writer.scalar_dict
    assert {name: points[0][2] for name, points in found.items()} == {
        f"{run}/loss": 1.0,
        f"{run}/acc": 2.0,
        f"{run}/group/a": 3.0,
    }

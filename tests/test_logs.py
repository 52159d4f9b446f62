"""The read API, with TensorBoard's own reader as the judge."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway
from events.frames import append, scalar, session_start, version, write
from headway.errors import HeadwayError, HeadwayWarning

REAL = Path(__file__).parents[2] / "shared" / "data" / "events"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the collection of real event files is not here")


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def tensorboard_reads(directory: Path) -> dict[str, list[tuple[int, float, float]]]:
    """Every scalar that TensorBoard finds in one run: tag → (step, wall time, value)."""
    accumulator = EventAccumulator(str(directory), size_guidance={"scalars": 0, "tensors": 0})
    accumulator.Reload()
    found = {
        tag: [(e.step, e.wall_time, e.value) for e in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }
    for tag in accumulator.Tags()["tensors"]:
        if accumulator.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
            found[tag] = [(e.step, e.wall_time, number(e.tensor_proto)) for e in accumulator.Tensors(tag)]
    return found


def number(tensor: Any) -> float:
    from tensorboard.util import tensor_util

    return float(tensor_util.make_ndarray(tensor).reshape(-1)[0])


def headway_reads(run: headway.logs.LoggedRun) -> dict[str, list[tuple[int, float, float]]]:
    read = {tag: run.scalars(tag) for tag in run.tags}
    return {
        tag: list(zip(s.steps.tolist(), s.wall_times.tolist(), s.values.tolist(), strict=True))
        for tag, s in read.items()
    }


@needs_real_files
@pytest.mark.parametrize("name", sorted(p.name for p in REAL.iterdir()) if REAL.is_dir() else [])
def test_real_files_read_as_tensorboard_reads_them(name: str) -> None:
    logs = headway.open(REAL / name, index=":memory:")
    assert len(logs) > 0
    for run in logs:
        directory = REAL / name / run if run != "." else REAL / name
        np.testing.assert_equal(headway_reads(logs[run]), tensorboard_reads(directory))
    assert logs.problems == []


@needs_real_files
def test_an_independent_record_of_the_same_run_agrees() -> None:
    logs = headway.open(REAL / "algoperf", index=":memory:")
    compared = 0
    for run in logs:
        with (REAL / "algoperf" / run / "measurements.csv").open() as file:
            rows = [row for row in csv.DictReader(file) if row.get("validation/loss") and row.get("global_step")]
        if "validation/loss" not in logs[run].tags:
            continue
        read = logs[run].scalars("validation/loss")
        by_step = dict(zip(read.steps.tolist(), read.values.tolist(), strict=True))
        for row in rows:
            step = int(float(row["global_step"]))
            if step in by_step:
                assert by_step[step] == pytest.approx(float(row["validation/loss"]), rel=1e-5)
                compared += 1
    assert compared > 50


@pytest.mark.parametrize("writer", ["tensorboardX", "torch", "headway"])
def test_resumed_runs_read_as_tensorboard_reads_them(writer: str, tmp_path: Path) -> None:
    import importlib

    module = {"tensorboardX": "tensorboardX", "torch": "torch.utils.tensorboard", "headway": "headway"}[writer]
    summary_writer = importlib.import_module(module).SummaryWriter
    with summary_writer(str(tmp_path / "r"), filename_suffix=".1") as first:
        for step in range(10):
            first.add_scalar("x", step, step, walltime=100 + step)
            first.add_scalar("only/before", step, step, walltime=100 + step)
    with summary_writer(str(tmp_path / "r"), purge_step=6, filename_suffix=".2") as second:
        for step in range(6, 12):
            second.add_scalar("x", step * 10, step, walltime=200 + step)
    logs = headway.open(tmp_path, index=":memory:")
    assert headway_reads(logs["r"]) == tensorboard_reads(tmp_path / "r")
    assert logs["r"].scalars("x").values.tolist() == [0, 1, 2, 3, 4, 5, 60, 70, 80, 90, 100, 110]
    assert len(logs["r"].scalars("only/before")) == 6


def test_tensor_scalars_that_the_fast_loader_loses(tmp_path: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.util import tensor_util

    from headway.events.framing import frame

    plugin = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"))
    numbers = [np.float64(1.1), np.int64(2**53 + 2), np.float16(0.5), np.array([3.5], dtype=np.float32)]
    frames = []
    for i, n in enumerate(numbers):
        value = Summary.Value(tag=f"t{i}", tensor=tensor_util.make_tensor_proto(n), metadata=plugin)
        frames.append(frame(Event(step=1, summary=Summary(value=[value])).SerializeToString()))
    write(tmp_path / "r" / "tfevents", frames)
    run = headway.open(tmp_path, index=":memory:")["r"]
    assert [run.scalars(t).values.tolist() for t in run.tags] == [[1.1], [2**53 + 2], [0.5], [3.5]]


def test_columns_and_refresh(tmp_path: Path) -> None:
    path = write(tmp_path / "exp" / "a" / "tfevents", [version(), scalar("x", 1.5, 3, 9.25)])
    logs = headway.open(tmp_path)
    assert logs.runs == ["exp/a"]
    assert ("exp/a" in logs, "b" in logs, list(logs)) == (True, False, ["exp/a"])
    series = logs["exp/a"].scalars("x")
    assert [c.dtype.name for c in (series.steps, series.wall_times, series.values)] == ["int64", "float64", "float64"]
    assert (series.steps.tolist(), series.wall_times.tolist(), series.values.tolist()) == ([3], [9.25], [1.5])
    append(path, scalar("x", 2.5, 4))
    assert len(logs["exp/a"].scalars("x")) == 1
    assert logs.refresh()
    assert len(logs["exp/a"].scalars("x")) == 2
    assert not logs.refresh()


def test_what_was_read_belongs_to_the_caller(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    logs = headway.open(tmp_path, index=":memory:")
    logs["a"].scalars("x").values[0] = 99
    assert logs["a"].scalars("x").values.tolist() == [1]


def test_to_pandas(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1.5, 3, 9.25)])
    frame = headway.open(tmp_path, index=":memory:")["a"].scalars("x").to_pandas()
    assert frame.to_dict("records") == [{"step": 3, "wall_time": 9.25, "value": 1.5}]


def test_opening_twice_shares_one_index(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    first, second = headway.open(tmp_path), headway.open(tmp_path)
    assert first._index is second._index
    del first, second
    assert headway.open(tmp_path)._index.place == "disk"


def test_an_index_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    write(tmp_path / "runs" / "a" / "tfevents", [scalar("x", 1, 1)])
    (tmp_path / "theirs").write_text("precious")
    with pytest.warns(HeadwayWarning, match="working in memory"):
        logs = headway.open(tmp_path / "runs", index=tmp_path / "theirs")
    assert logs["a"].scalars("x").values.tolist() == [1]


def test_wrong_names_get_a_hint(tmp_path: Path) -> None:
    write(tmp_path / "sft-7b" / "tfevents", [scalar("train/loss", 1, 1)])
    logs = headway.open(tmp_path, index=":memory:")
    with pytest.raises(KeyError, match="did you mean 'sft-7b'"):
        logs["sft-7"]
    with pytest.raises(KeyError, match="did you mean 'train/loss'"):
        logs["sft-7b"].scalars("train/los")
    with pytest.raises(HeadwayError, match="no log directory"):
        headway.open(tmp_path / "nothing")


def test_a_rewind_within_a_file(tmp_path: Path) -> None:
    frames = [
        version(),
        *[scalar("x", float(i), i, i) for i in range(5)],
        session_start(2, 9),
        scalar("x", 20, 2, 10),
    ]
    write(tmp_path / "a" / "tfevents.1", frames)
    logs = headway.open(tmp_path, index=":memory:")
    assert logs["a"].scalars("x").values.tolist() == [0, 1, 20]
    assert headway_reads(logs["a"]) == tensorboard_reads(tmp_path / "a")

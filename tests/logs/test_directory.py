"""The read API, with TensorBoard's own reader as the judge."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway
from events.frames import append, scalar, session_start, version, write
from headway.errors import HeadwayError, HeadwayWarning
from headway.query.kinds import Histogram, Text

REAL = Path(__file__).parents[3] / "shared" / "data" / "events"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the collection of real event files is not here")


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
@pytest.mark.parametrize("name", sorted(p.name for p in REAL.iterdir()) if REAL.is_dir() else [])
def test_real_entries_are_those_of_tensorboards_loader(name: str) -> None:
    """What is no scalar, all of it: TensorBoard's loader, not its accumulator, which samples."""
    logs = headway.open(REAL / name, index=":memory:")
    for run in logs:
        directory = REAL / name / run if run != "." else REAL / name
        expected = loader_reads(directory)
        kinds = {kind: tags for kind, tags in logs[run].kinds.items() if kind != "scalars"}
        assert {(kind, tag) for kind, tags in kinds.items() for tag in tags} == set(expected)
        for (kind, tag), loaded in expected.items():
            entries = logs[run].entries(tag, kind)
            found = zip(entries.steps.tolist(), entries.wall_times.tolist(), entries, strict=True)
            for (step, wall_time, value), (their_step, their_wall_time, theirs) in zip(found, loaded, strict=True):
                assert (step, wall_time) == (their_step, their_wall_time)
                if isinstance(value, Text):
                    assert value.strings.reshape(-1).tolist() == [text.decode() for text in theirs.reshape(-1)]
                elif isinstance(value, Histogram):  # their conversion puts empty buckets at the ends
                    full, their_full = (buckets[buckets[:, 2] > 0] for buckets in (value.buckets, theirs))
                    np.testing.assert_allclose(full, their_full)


def loader_reads(directory: Path) -> dict[tuple[str, str], list[tuple[int, float, Any]]]:
    """(kind, tag) → (step, wall time, array) of all entries below `directory`."""
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
    from tensorboard.util import tensor_util

    found: dict[tuple[str, str], list[tuple[int, float, Any]]] = {}
    for path in sorted(path for path in directory.iterdir() if "tfevents" in path.name):
        kinds: dict[str, str] = {}
        for event in EventFileLoader(str(path)).Load():
            for field in ("graph_def", "meta_graph_def"):
                if event.HasField(field):
                    found.setdefault((field, ""), []).append((event.step, event.wall_time, None))
            for value in event.summary.value:
                kind = kinds.setdefault(value.tag, value.metadata.plugin_data.plugin_name)
                if kind != "scalars" and value.tag != "__run_graph__":  # theirs, of a graph_def
                    array = tensor_util.make_ndarray(value.tensor) if value.HasField("tensor") else None
                    found.setdefault((kind, value.tag), []).append((event.step, event.wall_time, array))
    return found


@needs_real_files
def test_an_independent_record_of_the_same_runs_agrees() -> None:
    """measurements.csv: a row a step, with a column for each tag that is empty where it was not logged."""
    logs = headway.open(REAL / "algoperf", index=":memory:")
    compared = 0
    for run in logs:
        with (REAL / "algoperf" / run / "measurements.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert set(rows[0]) == set(logs[run].tags)
        for tag in logs[run].tags:
            expected = [(int(float(row["global_step"])), np.float32(row[tag])) for row in rows if row[tag]]
            found = logs[run].scalars(tag)
            assert found.steps.tolist() == [step for step, _ in expected]
            np.testing.assert_array_equal(found.values, [value for _, value in expected])
            compared += len(expected)
    assert compared > 5000


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
    # TensorBoard takes files in the order of their names, and torch's, of the same second, end in a plain counter:
    # ….10.2 would come before ….9.1.
    for path in list((tmp_path / "r").iterdir()):
        path.rename(path.with_name(f"events.out.tfevents{path.suffix}"))
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

    def columns() -> list[Any]:
        run, texts = logs["a"], ["x", "`x`", "x + 0"]
        found = [run.scalars(text) for text in texts] + [run.scalars("x", rank=0), run.by_rank("x")[0]]
        found += [run.aggregated("x"), run.aggregated("x", "max")]
        frame, band = logs.frame("x", align="interpolate"), logs.grouped("x")[()]
        series = [column for one in found for column in (one.steps, one.wall_times, one.values)]
        return [*series, frame.steps, frame["a", "x"], band.x, band.mean, band.median, band.count]

    before = [column.tolist() for column in columns()]
    for column in columns():
        column[0] = 99
    assert [column.tolist() for column in columns()] == before


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


def seeds(directory: Path) -> headway.Logs:
    """Two learning rates, two seeds each, and a run of another kind."""
    for lr in (0.1, 0.01):
        for seed in (1, 2):
            with headway.init(directory / f"lr{lr}-{seed}", {"lr": lr, "seed": seed, "model": {"size": "7b"}}) as run:
                for step in range(3):
                    run.log({"val/loss": lr * 10 + seed / 2 + step, "train/loss": float(step)}, step)
    with headway.init(directory / "other") as run:
        run.log({"val/loss": 0.5}, 7)
        run.log({"reward": 3.0}, 7)
    return headway.open(directory, index=":memory:")


def test_filters(tmp_path: Path) -> None:
    logs = seeds(tmp_path)
    assert logs.where("config.lr < 0.05") == ["lr0.01-1", "lr0.01-2"]
    assert logs.where("config.model.size == 7b and last(val/loss) > 3.5 and config.seed == 2") == ["lr0.1-2"]
    assert logs.where("state == finished and steps == 7 and points == 2") == ["other"]
    assert logs.where("max(reward) == best(reward) and first(reward) == 3 and min(val/loss) < 1") == ["other"]
    assert logs.where("best(val/loss) > 1.75") == ["lr0.1-2"]
    logs.marks.set("other", tags=["keep"], group="odd", archived=True)
    assert logs.where("tags contains keep and archived and group == odd") == ["other"]
    assert logs["other"].mark.tags == ("keep",)
    assert len(logs.where("not archived and started > 2020-01-01 and duration < 1h")) == 4
    assert logs.where("") == logs.runs
    with pytest.raises(HeadwayError, match="did you mean state"):
        logs.where("stat == failed")


def test_frames(tmp_path: Path) -> None:
    logs = seeds(tmp_path)
    frame = logs.frame(["val/loss", "val/loss - train/loss"], runs=["lr0.1-1", "other"])
    assert list(frame.columns) == [
        ("lr0.1-1", "val/loss"),
        ("other", "val/loss"),
        ("lr0.1-1", "val/loss - train/loss"),
    ]
    assert frame.steps.tolist() == [0, 1, 2, 7]
    np.testing.assert_equal(frame["other", "val/loss"], [np.nan, np.nan, np.nan, 0.5])
    np.testing.assert_equal(frame["lr0.1-1", "val/loss - train/loss"], [1.5, 1.5, 1.5, np.nan])
    assert len(logs.frame("val/loss", align="step")) == 0
    assert len(logs.frame("train/loss", align="step")) == 3
    assert np.isnan(logs.frame("val/loss", align="interpolate")["other", "val/loss"][:3]).all()
    with pytest.raises(KeyError, match="did you mean 'val/loss'"):
        logs.frame("val/los")
    with pytest.raises(KeyError, match="no run 'lr'"):
        logs.frame("val/loss", runs=["lr"])
    with pytest.raises(HeadwayError, match="step, outer, interpolate"):
        logs.frame("val/loss", align="inner")  # type: ignore[arg-type]


def test_frames_of_pandas_and_polars(tmp_path: Path) -> None:
    frame = seeds(tmp_path).frame("val/loss", runs=["lr0.1-1", "other"])
    pandas = frame.to_pandas()
    assert (pandas.index.name, pandas.columns.names) == ("step", ["run", "tag"])
    assert pandas["other"]["val/loss"].dropna().to_dict() == {7: 0.5}
    polars = frame.to_polars()
    assert polars.columns == ["step", "lr0.1-1:val/loss", "other:val/loss"]
    assert polars["step"].to_list() == [0, 1, 2, 7]
    column = frame.steps.astype(np.float64)
    clash = headway.logs.Frame(frame.steps, {("a", "b:c"): column, ("a:b", "c"): column})
    assert clash.to_pandas().shape == (4, 2)
    with pytest.raises(HeadwayError, match="'a:b:c'"):
        clash.to_polars()


def test_groups(tmp_path: Path) -> None:
    logs = seeds(tmp_path)
    bands = logs.grouped("val/loss", by="lr")
    assert set(bands) == {0.1, 0.01, None}
    assert bands[0.1].mean.tolist() == pytest.approx([1.75, 2.75, 3.75])
    assert bands[0.1].count.tolist() == [2, 2, 2]
    assert bands[0.1].low[0] < 1.5 < 2 < bands[0.1].high[0]
    assert set(logs.grouped("val/loss", by=["lr", "seed"], runs=["lr0.1-1", "lr0.01-2"])) == {(0.1, 1), (0.01, 2)}
    assert logs.grouped("val/loss")[()].count.tolist() == [4, 4, 4, 1]


def test_sql(tmp_path: Path) -> None:
    logs = seeds(tmp_path)
    result = logs.sql("select run, count(*) n, max(value) top from points where tag = ? group by run", ["reward"])
    assert (result.columns, result.rows(), len(result)) == (["run", "n", "top"], [("other", 1, 3.0)], 1)
    assert logs.sql("select sum(points) from series where kind = 'scalars'").rows() == [(26,)]
    assert result.to_pandas().to_dict("records") == [{"run": "other", "n": 1, "top": 3.0}]
    assert result.to_polars().rows() == [("other", 1, 3.0)]
    with pytest.raises(HeadwayError, match="SELECT"):
        logs.sql("drop table points")
    assert logs.sql("select to_timestamp(60)::timestamp").rows() == [(datetime(1970, 1, 1, 0, 1),)]


def test_sql_of_a_time_with_a_zone_is_a_time_or_says_what_it_needs(tmp_path: Path) -> None:
    """DuckDB wants pytz for it until 2.0, and nothing from 2.0.1 on."""
    seeds(tmp_path)
    code = (
        "import sys; sys.modules['pytz'] = None  # what DuckDB wants is not there\n"
        "import headway\n"
        "try: print(headway.open(sys.argv[1], ':memory:').sql('select to_timestamp(first_wall) from runs').rows())\n"
        "except headway.HeadwayError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert "pytz; or ask for it ::timestamp" in done.stdout or "datetime.datetime(" in done.stdout, done.stderr


def test_the_tags_of_all_runs(tmp_path: Path) -> None:
    assert seeds(tmp_path).tags == ["reward", "train/loss", "val/loss"]

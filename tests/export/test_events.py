"""Clean event files, with TensorBoard's two loaders and headway itself as judges."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headway
from events.frames import scalar, version, write
from headway.errors import HeadwayError
from headway.events.framing import frame
from headway.events.messages import event, scalar_value, summary_event
from headway.events.wire import message
from headway.export import Exported, export, export_events
from headway.export.events import _target
from headway.export.selection import Selection
from headway.ingest.index import Index
from headway.logs import Logs
from record.judge import judged

REAL = Path(__file__).parents[3] / "shared" / "data" / "events"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason="the collection of real event files is not here")


def opened(directory: Path) -> Index:
    index = Index(directory, ":memory:")
    index.refresh()
    return index


def everything(directory: Path) -> dict[str, Any]:
    """What headway reads of each run: scalars with all their bits, entries as bytes but for their metadata."""
    index = opened(directory)
    logs = Logs(index)
    found: dict[str, Any] = {}
    for name in logs:
        run = logs[name]
        found[name] = {}
        for tag in run.tags:
            read = run.scalars(tag)
            found[name][tag] = read.steps.tolist(), read.wall_times.tolist(), read.values.tolist()
        for kind, tags in run.kinds.items():
            for tag in tags if kind != "scalars" else ():
                entries = run.entries(tag, kind)
                kept = np.flatnonzero(~entries.superseded).tolist()
                found[name][kind, tag] = [(int(entries.steps[i]), repr(entries[i])) for i in kept]
    index.close()
    return found


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    """Every kind, a rewind, and a second life."""
    directory = tmp_path / "logs"
    with headway.SummaryWriter(str(directory / "kinds")) as writer:
        for step in range(3):
            writer.add_scalar("loss", 1 / (step + 1), step)
            writer.add_scalar("huge", 1e300, step)
            writer.add_histogram("h", np.arange(10.0) + step, step)
            writer.add_image("i", np.full((3, 4, 5), step * 40, dtype=np.uint8), step)
            writer.add_text("t", f"**{step}**", step)
            writer.add_pr_curve("pr", np.array([0, 1, 1]), np.array([0.1, 0.5, 0.9]), step)
        writer.add_hparams({"lr": 0.1}, {"metric": 0.5}, name=".")
        writer.add_custom_scalars({"a": {"b": ["Multiline", ["loss"]]}})
    with headway.init(directory / "组/run", {"lr": 0.1}) as run:
        for step in range(4):
            run.log({"loss": float(step), "said": headway.Text(f"step {step}")}, step)
        run.rewind(2)
        run.log({"loss": 20.0}, 2)
    with headway.init(directory / "组/run", resume=True) as run:
        run.log({"loss": 30.0})
    return directory


@pytest.mark.parametrize("fast", [False, True])
def test_tensorboard_reads_what_it_read(fast: bool, logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    export(index, tmp_path / "out")
    index.close()
    before, after = judged(logged, fast=fast), judged(tmp_path / "out", fast=fast)
    assert after.complaints == []
    compared = 0
    for run, plugins in before.points.items():
        for plugin, tags in plugins.items():
            for tag, points in tags.items():
                if run == "组/run" and (tag in ("said", "said/text_summary") or not fast):
                    continue  # neither loader keeps to a rewind in everything
                np.testing.assert_equal(after.points[run][plugin][tag], points, f"{run} {plugin} {tag}")
                assert after.content[run][tag] == before.content[run][tag]
                compared += len(points)
    assert compared > 20


def test_headway_reads_what_counts(logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    written = export(index, tmp_path / "out", "events")
    index.close()
    before, after = everything(logged), everything(tmp_path / "out")
    assert after == before
    assert written.files == 2
    series = [columns for run in before.values() for key, columns in run.items() if isinstance(key, str)]
    assert written.points == sum(len(steps) for steps, _, _ in series)
    for run in before:
        (file,) = (tmp_path / "out" / run).iterdir()
        assert file.name.startswith("events.out.tfevents.")
    logs = headway.open(tmp_path / "out", index=":memory:")
    assert (logs["组/run"].config, logs["组/run"].state) == ({"lr": 0.1}, "finished")
    assert logs.problems == []


def test_numbers_beyond_float32_are_kept(tmp_path: Path) -> None:
    values = [0.1, math.nan, math.inf, -0.0, 1e-310]
    points = [frame(summary_event([scalar_value("x", v, double=True)], i, i)) for i, v in enumerate(values)]
    write(tmp_path / "logs" / "r" / "tfevents", [version(), *points, scalar("single", 0.1, 1)])
    index = opened(tmp_path / "logs")
    export(index, tmp_path / "out")
    index.close()
    logs = headway.open(tmp_path / "out", index=":memory:")
    run = logs["r"]
    assert run.state == "unknown"  # a copy of what was over long ago does not run
    np.testing.assert_equal(run.scalars("x").values, values)
    (file,) = (tmp_path / "out" / "r").iterdir()
    assert b"\nsingle" not in file.read_bytes().replace(b"\x06single\x15", b"")  # still a float32


def test_a_first_entry_gets_the_metadata_that_another_had(tmp_path: Path) -> None:
    with headway.SummaryWriter(str(tmp_path / "logs")) as writer:
        for step in range(3):
            writer.add_text("t", f"text {step}", step)
    content = tmp_path / "logs"
    index = opened(content)
    export(index, tmp_path / "out", first_step=1)
    index.close()
    verdict = judged(tmp_path / "out", fast=False)
    (tag,) = verdict.points["."]["text"]
    assert [point.step for point in verdict.of("text", tag)] == [1, 2]


def test_only_the_first_value_of_a_file_names_its_plugin(tmp_path: Path) -> None:
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.util import tensor_util

    plugin = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"), summary_description="said")
    values = [
        Summary.Value(tag="t", tensor=tensor_util.make_tensor_proto(["a", "b"][i]), metadata=[plugin, None][i])
        for i in range(2)
    ]
    events = [frame(summary_event([value.SerializeToString()], i, i)) for i, value in enumerate(values)]
    write(tmp_path / "logs" / "r" / "tfevents", [version(), *events])
    index = opened(tmp_path / "logs")
    assert export(index, tmp_path / "out", first_step=1) == Exported(1, 0, 1)
    index.close()
    run = headway.open(tmp_path / "out", index=":memory:")["r"]
    copied = Summary.Value.FromString(run.entries("t", "text").content(0))
    assert copied.metadata == plugin
    assert copied.tensor == values[1].tensor


def test_graphs_and_the_like_are_copied(tmp_path: Path) -> None:
    frames = [frame(event(message(4, b"\x0a\x05\x0a\x01a\x12\x00"), 5.0, 3))]
    write(tmp_path / "logs" / "r" / "tfevents", [version(), *frames])
    index = opened(tmp_path / "logs")
    export(index, tmp_path / "out")
    index.close()
    run = headway.open(tmp_path / "out", index=":memory:")["r"]
    entries = run.entries("", "graph_def")
    assert (entries.content(0), entries.steps.tolist()) == (b"\x0a\x05\x0a\x01a\x12\x00", [3])


def test_selected_tags_keep_what_a_run_says_of_itself(logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    written = export_events(
        index, tmp_path / "out", Selection(runs=["组/run"], tags=["loss"], first_step=1, last_step=2)
    )
    index.close()
    assert (written.files, written.points) == (1, 2)
    logs = headway.open(tmp_path / "out", index=":memory:")
    assert logs.runs == ["组/run"]
    assert logs["组/run"].tags == ["loss"]
    assert logs["组/run"].scalars("loss").steps.tolist() == [1, 2]
    assert (logs["组/run"].config, logs["组/run"].state) == ({"lr": 0.1}, "finished")


def test_runs_without_what_is_wanted_are_left_out(logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    assert export(index, tmp_path / "out", tags="huge").files == 1
    assert export(index, tmp_path / "none", first_step=1000) == Exported(0, 0, 0)
    index.close()
    assert headway.open(tmp_path / "out", index=":memory:").runs == ["kinds"]
    assert not (tmp_path / "none").exists()


def test_a_run_that_only_says_what_it_is(tmp_path: Path) -> None:
    headway.init(tmp_path / "logs" / "r", {"lr": 1}).close()
    index = opened(tmp_path / "logs")
    assert export(index, tmp_path / "out").files == 1
    index.close()
    assert headway.open(tmp_path / "out", index=":memory:")["r"].config == {"lr": 1}


def test_times_that_are_none(tmp_path: Path) -> None:
    walls = [math.nan, math.inf, 5.0]
    points = [frame(summary_event([scalar_value("x", 1.0)], wall, i)) for i, wall in enumerate(walls)]
    write(tmp_path / "logs" / "r" / "tfevents", [version(), *points])
    index = opened(tmp_path / "logs")
    export(index, tmp_path / "out")
    index.close()
    run = headway.open(tmp_path / "out", index=":memory:")["r"]
    np.testing.assert_equal(run.scalars("x").wall_times, walls)


@needs_real_files
@pytest.mark.parametrize("name", ["hf-trainer", "lightning", "tf1-graph"])
def test_real_files(name: str, tmp_path: Path) -> None:
    index = opened(REAL / name)
    export(index, tmp_path / "out")
    index.close()
    np.testing.assert_equal(everything(tmp_path / "out"), everything(REAL / name))


def test_nothing_is_written_over_or_into_a_run(logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    write(tmp_path / "out" / "组" / "run" / "old.tfevents", [version()])
    with pytest.raises(HeadwayError, match="has event files already"):
        export(index, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["组"]  # refused before anything was written
    with pytest.raises(HeadwayError, match="has event files already"):
        export(index, logged)
    (tmp_path / "file").write_text("")
    with pytest.raises(HeadwayError, match="cannot be"):
        export(index, tmp_path / "file", "events")
    index.close()


def test_a_file_that_went_leaves_nothing_half(logged: Path, tmp_path: Path) -> None:
    index = opened(logged)
    for file in (logged / "kinds").glob("*tfevents*"):
        file.unlink()
    with pytest.raises(HeadwayError):
        export(index, tmp_path / "out", runs=["kinds"])
    index.close()
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../x", "/etc", "a/../../b", "a//b", "", "a\0b", "..", "a/."])
def test_no_name_leads_elsewhere(name: str, tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match="cannot be written under the name"):
        _target(tmp_path, name)


def test_the_log_directory_itself_is_a_run(tmp_path: Path) -> None:
    write(tmp_path / "logs" / "tfevents", [version(), scalar("x", 1, 1)])
    index = opened(tmp_path / "logs")
    export(index, tmp_path / "out")
    index.close()
    assert headway.open(tmp_path / "out", index=":memory:").runs == ["."]

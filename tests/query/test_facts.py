from __future__ import annotations

import math
import os
import time
from pathlib import Path

import pytest

from events.frames import scalar, version, write
from headway.events.framing import frame
from headway.ingest.index import Index
from headway.marks import Mark
from headway.query.facts import Accounts, Facts, higher_is_better, value_of
from headway.query.sql import select
from headway.record.run import init


@pytest.mark.parametrize(
    ("tag", "higher"),
    [
        ("val/loss", False),
        ("loss", False),
        ("perplexity", False),
        ("train/reward", True),
        ("eval_accuracy", True),
        ("val/acc@1", True),
        ("macro-F1", True),
        ("bleu", True),
        ("rouge_l", True),
        ("mAP", True),
        ("验证/准确率", True),
        ("平均奖励", True),
        ("验证/损失", False),
        ("remap/loss", False),
        ("grad_norm", False),
        ("step_time", False),
    ],
)
def test_which_way_is_better(tag: str, higher: bool) -> None:
    assert higher_is_better(tag) is higher


def test_values_are_of_finite_points_that_count(tmp_path: Path) -> None:
    values = [math.nan, 3, 1, 2, math.inf]
    write(tmp_path / "r" / "tfevents.1", [version(), *(scalar("x", v, i, i) for i, v in enumerate(values))])
    write(tmp_path / "s" / "tfevents.1", [version(), *(scalar("acc", v, i, i) for i, v in enumerate([1, 9, 5]))])
    write(
        tmp_path / "s" / "tfevents.2", [version(), *(scalar("acc", v, i + 1, i + 10) for i, v in enumerate([2, 3]))]
    )
    write(tmp_path / "n" / "tfevents.1", [version(), scalar("x", math.nan, 1)])
    index = Index(tmp_path, ":memory:")
    index.refresh()
    assert [value_of(index, "r", "x", f) for f in ("first", "last", "min", "max", "best")] == [3, 2, 1, 3, 1]
    assert [value_of(index, "s", "acc", f) for f in ("first", "last", "min", "max", "best")] == [1, 3, 1, 3, 3]
    assert [value_of(index, "n", "x", f) for f in ("first", "last", "min", "best")] == [None] * 4
    assert value_of(index, "r", "y", "last") is None
    index.close()


def test_fields_and_config(tmp_path: Path) -> None:
    with init(tmp_path / "r", {"lr": 0.1}, tags=["own"]) as run:
        run.log({"x": 1.0}, 5)
    write(tmp_path / "s" / "tfevents", [version(), scalar("x", 1, 3, 100), scalar("x", 1, 4, 160)])
    index = Index(tmp_path, ":memory:")
    index.refresh()
    accounts, mark = Accounts(index), Mark(tags=("theirs",), group="g", archived=True)
    r, s = (Facts(index, run, accounts, mark, time.time()) for run in index.runs())
    assert (r.field("name"), r.field("state"), r.field("steps"), r.field("points")) == ("r", "finished", 5, 1)
    assert (r.field("tags"), r.field("group"), r.field("archived")) == (["own", "theirs"], "g", True)
    assert (r.config("lr"), r.config("none"), s.config("lr")) == (0.1, None, None)
    assert (s.field("duration"), s.field("started"), s.field("tags")) == (60, 100, ["theirs"])
    assert Facts(index, index.runs()[1], accounts, Mark(), 0).field("group") is None
    index.close()


def test_an_account_is_read_again_when_there_is_something_new(tmp_path: Path) -> None:
    run = init(tmp_path / "r", {"lr": 0.1})
    run.log({"x": 1.0})
    run.flush()
    index = Index(tmp_path, ":memory:")
    index.refresh()
    accounts = Accounts(index)
    before = accounts.of("r")
    assert before.state is not None
    assert before.state.word == "running"
    assert accounts.of("r") is before
    run.close()
    index.refresh()
    after = accounts.of("r")
    assert after.state is not None
    assert after.state.word == "finished"
    assert accounts.of("nothing").config == {}
    index.close()


def test_a_run_that_logs_rarely_is_not_lost_while_its_file_grows(tmp_path: Path) -> None:
    now = time.time()
    for name, state in (("rare", "running"), ("silent", "running"), ("copied", "finished")):
        said = told("headway/state", state, now - 3600)
        path = write(tmp_path / name / "tfevents", [version(), said, scalar("x", 1, 3, now - 3600)])
        grown = {"rare": now - 60, "silent": now - 1800, "copied": now}[name]
        os.utime(path, (grown, grown))
    index = Index(tmp_path, ":memory:")
    index.refresh()
    expected = {"rare": "running", "silent": "lost", "copied": "finished"}
    accounts = Accounts(index)
    facts = {run.name: Facts(index, run, accounts, Mark(), now) for run in index.runs()}
    assert {name: fact.field("state") for name, fact in facts.items()} == expected
    with select(index, "select run, state from runs") as cursor:
        assert dict(cursor.fetchall()) == expected
    index.close()


def told(tag: str, text: str, wall_time: float) -> bytes:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.util import tensor_util

    plugin = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    value = Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto([text]), metadata=plugin)
    return frame(Event(wall_time=wall_time, step=0, summary=Summary(value=[value])).SerializeToString())

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch.utils.tensorboard
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway
from headway.errors import HeadwayError
from headway.events import stretches
from headway.record.about import lineage
from headway.record.about.lineage import Stretch, read_past
from headway.record.values import Text
from record.drive import answer, finish, python
from record.observe import files, points, texts


def log(directory: Path, *steps: int, **options: Any) -> headway.Run:
    with headway.init(directory, **options) as run:
        for step in steps:
            run.log({"t": float(step)}, step)
    return run


def description(directory: Path) -> Any:
    return json.loads(texts(directory, "headway/run")[-1].split("```json\n")[1][:-4])


def steps(directory: Path) -> list[int]:
    """As TensorBoard sees them."""
    reader = EventAccumulator(str(directory), {"scalars": 0}).Reload()
    return [event.step for event in reader.Scalars("t")]


def test_going_on(tmp_path: Path) -> None:
    first = log(tmp_path, 0, 1, 2)
    with headway.init(tmp_path, resume=True) as run:
        assert run.step == 3
        assert run.id == first.id
        run.log({"t": 3.0})
        run.log({"t": 4.0})
    assert steps(tmp_path) == [0, 1, 2, 3, 4]
    assert description(tmp_path)["resumed"] is True
    assert description(tmp_path)["step"] == 3
    assert headway.init(tmp_path, resume=True).step == 5


@pytest.mark.parametrize("exists", [True, False])
def test_where_nothing_is_a_run_begins(tmp_path: Path, exists: bool) -> None:
    directory = tmp_path / "run"
    if exists:
        directory.mkdir()
        (directory / "notes.txt").write_text("no events")
    with headway.init(directory, resume=True) as run:
        assert run.step == 0
        assert run.id
        run.log({"t": 0.0})
    assert description(directory)["resumed"] is False


def test_a_life_that_logged_nothing_changes_nothing(tmp_path: Path) -> None:
    first = log(tmp_path, 5)
    log(tmp_path, resume=True)
    assert headway.init(tmp_path, resume=True).step == 6
    assert read_past(tmp_path) == (first.id, 6)


def test_the_newest_life_counts_also_when_it_is_shorter(tmp_path: Path) -> None:
    log(tmp_path, *range(100))
    time.sleep(0.01)
    log(tmp_path, 50, 51)
    assert headway.init(tmp_path, resume=True).step == 52


def test_purges_and_rewinds(tmp_path: Path) -> None:
    log(tmp_path, *range(100))
    log(tmp_path, purge_step=30)
    assert headway.init(tmp_path, resume=True).step == 30
    with headway.init(tmp_path, resume=True) as run:
        for _ in range(20):
            run.log({"t": 0.0})
        run.rewind(40)
        assert run.step == 40
        run.flush()
        assert read_past(tmp_path) == (run.id, 40)
        run.log({"t": 1.0})
    assert steps(tmp_path) == list(range(41))
    assert headway.init(tmp_path, resume=True).step == 41
    assert len(points(tmp_path)) == 100 + 20 + 1, "nothing is ever taken away"
    scalars = headway.open(tmp_path, index=":memory:")["."].scalars("t")
    assert scalars.steps.tolist() == list(range(41))


def test_a_step_to_go_on_with(tmp_path: Path) -> None:
    first = log(tmp_path, *range(10))
    with headway.init(tmp_path, resume=True, purge_step=4) as run:
        assert (run.id, run.step) == (first.id, 4)
        run.log({"t": 9.0})
    assert steps(tmp_path) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("step", [0, 3])
def test_rewinding_to_before_the_beginning_tells_everything_again(tmp_path: Path, step: int) -> None:
    with headway.init(tmp_path, {"lr": 1}, purge_step=3) as run:
        run.log({"t": 1.0})
        run.rewind(step)
        run.log({"t": 2.0})
    reader = EventAccumulator(str(tmp_path)).Reload()
    told = {tag: [event.step for event in reader.Tensors(tag)] for tag in reader.Tags()["tensors"]}
    told.pop("headway/git_diff", None)
    assert told == {"headway/run": [3, step], "headway/config": [3, step], "headway/state": [3, step, step]}


def test_other_kinds_and_other_writers_count(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:
        run.log({"text": Text("hi")}, 7)
    assert headway.init(tmp_path, resume=True).step == 8
    theirs = torch.utils.tensorboard.SummaryWriter(str(tmp_path / "torch"))
    theirs.add_scalar("t", 1.0, 41)
    theirs.close()
    with headway.init(tmp_path / "torch", resume=True) as run:
        assert run.step == 42
        assert run.id


def test_a_damaged_file_does_not_stop_it(tmp_path: Path) -> None:
    log(tmp_path, *range(50))
    [path] = files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:300] + b"\xff" * 40 + whole[340:-5])
    (tmp_path / "events.out.tfevents.0000000001.x.1.0").write_bytes(os.urandom(10_000))
    (tmp_path / "events.out.tfevents.9999999999.x.1.0").write_bytes(b"")
    with headway.init(tmp_path, resume=True) as run:
        assert run.step == 50
        assert run.id


KILLED = """
import os, signal, sys, time, headway
run = headway.init(sys.argv[1], resume=True)
for _ in range(100):
    run.log({"t": float(run.step)})
run.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_being_killed(tmp_path: Path) -> None:
    for _ in range(2):
        second = int(time.time())
        process = python(KILLED, tmp_path)
        process.communicate(timeout=30)
        assert process.returncode == -9
        while int(time.time()) == second:  # files of one second lie in the order of their pids
            time.sleep(0.01)
    with headway.init(tmp_path, resume=True) as run:
        assert run.step == 200
    assert steps(tmp_path) == list(range(200))


RANK = """
import sys, headway
print("ready", flush=True)
sys.stdin.readline()
with headway.init(sys.argv[1], resume=True, rank=(int(sys.argv[2]), 3)) as run:
    print(run.step, run.id, flush=True)
    for _ in range(5):
        run.log({"t": 1.0})
    run.flush()
    sys.stdin.readline()
"""


def test_ranks_go_on_at_one_step(tmp_path: Path) -> None:
    first = [headway.init(tmp_path, rank=(rank, 3)) for rank in range(3)]
    for rank, run in enumerate(first):
        for _ in range(10 + rank):
            run.log({"t": 1.0})
    for run in first:
        run.close()
    assert [run.id is None for run in first] == [False, True, True]
    time.sleep(0.02)  # the system tells the birth of a process in hundredths of a second
    processes = [python(RANK, tmp_path, rank) for rank in range(3)]
    for process in processes:
        assert answer(process) == "ready"
    for process in processes:  # each looks at a directory where the ones before it have logged
        assert answer(process, "go") == f"12 {first[0].id}"
    for process in processes:
        process.communicate("\n", timeout=30)
    assert len(files(tmp_path)) == 6


def test_when_this_process_began() -> None:
    begun = lineage.process_start()
    assert begun is None or 0 < time.time() - begun < 3600
    process = python("from headway.record.about.lineage import process_start; print(process_start())")
    told = float(process.communicate(timeout=30)[0])
    assert abs(time.time() - told) < 20


# forks


def test_a_fork_knows_its_parent(tmp_path: Path) -> None:
    parent = log(tmp_path / "a", *range(100))
    with headway.init(tmp_path / "b", fork_from=tmp_path / "a") as run:
        assert run.step == 100
        assert run.id != parent.id
        run.flush()
        assert description(tmp_path / "b")["lineage"] == {"run": str(tmp_path / "a"), "id": parent.id, "step": 99}
    with headway.init(tmp_path / "c", fork_from=f"{tmp_path}/a@12") as run:
        assert run.step == 13
    assert description(tmp_path / "c")["lineage"] == {"run": str(tmp_path / "a"), "id": parent.id, "step": 12}
    assert "forked from" in texts(tmp_path / "c", "headway/run")[0]


def test_a_name_with_an_at_sign(tmp_path: Path) -> None:
    log(tmp_path / "lr@3", *range(5))
    assert headway.init(tmp_path / "b", fork_from=tmp_path / "lr@3").step == 5
    assert headway.init(tmp_path / "c", fork_from=f"{tmp_path}/lr@3@2").step == 3


@pytest.mark.parametrize("parent", ["nowhere", "empty", "empty@5", "nowhere@x"])
def test_there_must_be_something_to_fork_from(tmp_path: Path, parent: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(HeadwayError, match=f"cannot fork from.*{re.escape(parent.removesuffix('@5'))}"):
        headway.init(tmp_path / "b", fork_from=tmp_path / parent)
    assert not (tmp_path / "b").exists()


def test_a_run_is_not_its_own_fork(tmp_path: Path) -> None:
    log(tmp_path, 1)
    with pytest.raises(HeadwayError, match="itself"):
        headway.init(tmp_path, fork_from=tmp_path / ".")
    with pytest.raises(HeadwayError, match="not both"):
        headway.init(tmp_path, resume=True, fork_from=tmp_path)


# against the truth


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.booleans()), min_size=1, max_size=6))
def test_the_step_after_lives_one_after_another(lives: list[tuple[int, int, bool]]) -> None:
    stretches, now = [], 0.0
    for begin, length, declared in lives:
        last = begin + length - 1
        stretches.append(Stretch(begin if declared else None, last, now, now + length))
        now += length + 1
    assert lineage._next_step(stretches) == last + 1
    together = [stretch._replace(begin=0.0, end=50.0) for stretch in stretches]
    assert lineage._next_step(together) == max(begin + length for begin, length, _ in lives)


def test_a_large_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_STRETCH", 1000)
    with headway.init(tmp_path) as run:
        for step in range(300):
            run.log({"t": np.float32(step)})
        run.log({"text": Text("x" * 5000)})
        run.rewind(200)
        run.log({"t": 1.0})
    assert read_past(tmp_path) == (run.id, 201)


def test_a_missing_directory_is_no_past(tmp_path: Path) -> None:
    assert read_past(tmp_path / "x") is None
    assert (
        finish(python("import headway.record.about.lineage as l; assert l.read_past('/proc/1/nowhere') is None"))
        == ""
    )

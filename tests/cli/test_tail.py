from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import headway
from cli.command import error, said
from headway.cli.tail import Point, grouped


def points(*arguments: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in said("tail", *arguments, "--json").splitlines()]


def test_the_last_steps(logdir: Path) -> None:
    lines = said("tail", logdir, "base", "-n", 2).splitlines()
    assert [line.split("  ")[1:] for line in lines] == [
        ["step 98", "train/loss 1.02", "val/acc 0.49"],
        ["step 99", "train/loss 1.01", "val/acc 0.495"],
    ]
    assert len(said("tail", logdir, "base").splitlines()) == 10
    assert len(said("tail", logdir, "base", "-n", 1000).splitlines()) == 100
    assert said("tail", logdir, "base", "-n", 0) == ""


def test_as_json(logdir: Path) -> None:
    told = points(logdir, "failed", "-n", 5)
    assert [(point["step"], point["tag"], point["value"]) for point in told] == [
        (0, "train/loss", 5.0),
        (1, "train/loss", "NaN"),
    ]
    (point,) = points(logdir, "base", "-n", 1, "--tag", "val/acc")
    assert (point["step"], point["value"]) == (99, 0.4950000047683716)
    assert isinstance(point["wall_time"], float)


def test_superseded_points_come_too_in_the_order_they_were_logged(tmp_path: Path) -> None:
    with headway.init(tmp_path / "a") as run:
        for step in (0, 1, 2):
            run.log({"x": step}, step=step)
        run.rewind(1)
        run.log({"x": 10.0}, step=1)
    assert [(point["step"], point["value"]) for point in points(tmp_path, "a")] == [
        (0, 0.0),
        (1, 1.0),
        (2, 2.0),
        (1, 10.0),
    ]


def test_what_is_wrong(logdir: Path) -> None:
    assert "no tag 'x'" in error("tail", logdir, "base", "--tag", "x")
    assert "no run 'x'" in error("tail", logdir, "x")
    assert "-n" in error("tail", logdir, "base", "-n", -1, code=2)


def test_steps_are_grouped() -> None:
    def told() -> Iterator[Point]:
        for step, tag in ((1, "a"), (1, "b"), (1, "a"), (2, "a"), (2, "b"), (1, "b")):
            yield Point(0.0, 0, step, tag, 0.0)

    groups = [[(point.step, point.tag) for point in group] for group in grouped(told())]
    assert groups == [[(1, "a"), (1, "b")], [(1, "a")], [(2, "a"), (2, "b")], [(1, "b")]]


def test_it_follows_until_it_is_interrupted(tmp_path: Path) -> None:
    run = headway.init(tmp_path / "a")
    run.log({"x": 0.5}, step=0)
    run.flush()
    command = [sys.executable, "-m", "headway", "tail", "-f", str(tmp_path), "a", "--json", "--index", ":memory:"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert json.loads(process.stdout.readline())["value"] == 0.5
        for step in range(1, 4):
            run.log({"x": step, "y": step}, step=step)
            run.flush()
            told = [json.loads(process.stdout.readline()) for _ in range(2)]
            assert sorted((point["step"], point["tag"]) for point in told) == [(step, "x"), (step, "y")]
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert (process.stdout.read(), process.stderr.read()) == ("", "")
    finally:
        run.close()
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()

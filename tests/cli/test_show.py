from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import headway
from cli.command import document, error, said
from headway.cli.terminal_chart import chart
from headway.marks import Marks
from headway.query.series import Series

DATA = Path(__file__).parents[3] / "shared" / "data" / "events"


def test_a_run_and_what_it_says_of_itself(logdir: Path, recorded: Path) -> None:
    Marks(logdir).set("sweep/fork", name="基", note="watch\x1b[2J this\nsecond", pinned=True)
    text = said("show", logdir, "fork")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "基 (sweep/fork)"
    for line in (
        "state finished",
        "steps 79",
        "points 30 of 1 series",
        "mark pinned",
        "note",
        "watch�[2J this",
        "second",
        "account",
        f"lineage forked from {recorded / 'base'} at step 49",
        "config",
        "lr 0.003",
        "new true",
        "kinds",
        "scalars: train/loss",
        "train/loss: last 0.605 at step 79, least 0.605 at 79, greatest 0.75 at 50",
    ):
        assert line in lines, text
    assert any(re.fullmatch(r"packages \d+ packages", line) for line in lines)
    points = headway.open(logdir, index=":memory:")["sweep/fork"].scalars("train/loss")
    curve = chart(Series(points.steps, points.wall_times, points.values), 80, 8)
    assert text.endswith("\n".join(curve) + "\n")


def test_a_failed_run_says_why(logdir: Path) -> None:
    text = said("show", logdir, "failed")
    assert "state     failed: ValueError: loss is NaN\n" in text
    assert 'raise ValueError("loss is NaN")' in text
    assert re.search(r"^ +N$", text, re.MULTILINE)


def test_as_json(logdir: Path) -> None:
    told = document("show", logdir, "base", "--tag", "train/loss", "--tag", "ema(train/loss, 0.5)")
    assert (told["run"], told["state"], told["steps"], told["points"]) == ("base", "finished", 99, 200)
    assert told["config"] == {"lr": 0.001, "model.layers": 12}
    assert told["said"]["account"]["notes"] == "the first"
    assert told["said"]["state"]["word"] == "finished"
    assert told["series"]["val/acc"]["max"] == 0.4950000047683716
    assert told["kinds"]["scalars"] == ["train/loss", "val/acc"]
    assert told["sessions"][0]["start"] is None
    curve = told["curves"]["train/loss"]
    assert curve["steps"] == list(range(100))
    assert curve["values"][1] == 1.9900000095367432
    assert told["curves"]["ema(train/loss, 0.5)"]["values"][0] == 2.0
    failed = document("show", logdir, "failed", "--tag", "train/loss")
    assert failed["curves"]["train/loss"]["values"] == [5.0, "NaN"]
    assert failed["series"]["train/loss"]["last"] == "NaN"


def test_sessions_and_ranks(tmp_path: Path) -> None:
    for rank in (0, 1):
        with headway.init(tmp_path / "a", rank=(rank, 2)) as run:
            run.log({"loss": 1.0}, step=3)
    with headway.init(tmp_path / "a", resume=True) as run:
        run.rewind(2)
        run.log({"loss": 2.0}, step=2)
    lines = said("show", tmp_path, "a").splitlines()
    heading = lines.index("sessions")
    table = [line.split() for line in lines[heading + 2 : heading + 5]]
    assert [line[2] for line in table[:2]] == ["0", "1"]
    assert {line[1] for line in table} <= {"0", "1"}


def test_expressions_and_what_is_wrong_with_them(logdir: Path) -> None:
    assert "rate(train/loss, step): last -0.00999999" in said(
        "show", logdir, "base", "--tag", "rate(train/loss, step)"
    )
    assert "no tag 'train/los'; did you mean 'train/loss'?" in error("show", logdir, "base", "--tag", "train/los")
    assert "no tag 'x'" in error("show", logdir, "base", "--tag", "ema(x, 0.5)")
    assert "^" in error("show", logdir, "base", "--tag", "ema(train/loss, ")


def test_a_run_without_an_account(logdir: Path) -> None:
    lines = said("show", logdir, "基线 ∞").splitlines()
    assert "account" not in lines
    assert "config" not in lines
    assert "  text: words/text_summary" in lines


def test_which_run(logdir: Path) -> None:
    assert error("show", logdir, "f*").startswith("Error: no run 'f*'; ")
    assert error("show", logdir, "*/f*") == "Error: '*/f*' may be any of 2 runs: sweep/failed, sweep/fork\n"
    assert error("show", logdir, "bse") == "Error: no run 'bse'; did you mean 'base'?\n"
    assert document("show", logdir, "sweep/fork/")["run"] == "sweep/fork"
    assert document("show", logdir, "k")["run"] == "sweep/fork"
    Marks(logdir).set("base", name="fork")
    assert document("show", logdir, "fork")["run"] == "base"
    assert document("show", logdir, "*base")["run"] == "base"


@pytest.mark.skipif(not DATA.exists(), reason="the real event files are not here")
@pytest.mark.parametrize("name", ["run4", "trial_5", "version_136", "tf1-graph", "keras-graph", "*CartPole*"])
def test_real_runs(name: str) -> None:
    lines = said("show", DATA, name, "--index", ":memory:").splitlines()
    assert lines[1].split() == ["state", "unknown"]
    told = document("show", DATA, name, "--index", ":memory:")
    assert set(told["series"]) == set(told["kinds"].get("scalars", []))
    assert os.fspath(told["run"])


def test_wide_names_stand_in_columns(tmp_path: Path) -> None:
    with headway.init(tmp_path / "a", {"lr": 0.1, "模型": "m", "model.layers": 2}) as run:
        run.log({"x": 1.0})
    lines = said("show", tmp_path, "a").splitlines()
    config = lines[lines.index("config") + 1 :][:3]
    values = [len(line) - len(line.rsplit("  ", 1)[1]) + sum(not c.isascii() for c in line) for line in config]
    assert len(set(values)) == 1, config

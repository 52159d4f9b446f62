from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import headway
from cli.command import document, error, said
from headway.cli.diff import changes


def test_what_differs(logdir: Path) -> None:
    text = said("diff", logdir, "base", "fork")
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert lines[0] == "base → sweep/fork"
    assert lines[lines.index("config") + 1 : lines.index("environment") - 1] == [
        "- model.layers: 12",
        "+ new: true",
        "lr: 0.001 → 0.003",
    ]
    assert lines[lines.index("packages") + 1] == "the same"
    assert lines[-1] == "train/loss 1.01 0.605 -0.405 1.01 0.605 -0.405 79 1.21 0.605 -0.605"


def test_as_json(logdir: Path) -> None:
    told = document("diff", logdir, "base", "failed")
    assert told["runs"] == ["base", "sweep/failed"]
    assert told["config"] == {"added": {}, "removed": {"model.layers": 12}, "changed": {"lr": [0.001, 1]}}
    (metric,) = told["metrics"]
    assert metric["tag"] == "train/loss"
    assert metric["last"] == {"values": [1.0099999904632568, "NaN"], "difference": "NaN"}
    assert metric["best"] == {"which": "min", "values": [1.0099999904632568, 5.0], "difference": 3.990000009536743}
    assert metric["common_step"] == 1
    assert metric["at_common_step"]["values"] == [1.9900000095367432, "NaN"]


def test_higher_is_better_for_some(logdir: Path) -> None:
    (metric,) = (one for one in document("diff", logdir, "base", "base")["metrics"] if one["tag"] == "val/acc")
    assert (metric["best"]["which"], metric["best"]["difference"]) == ("max", 0.0)


def test_runs_with_nothing_in_common(logdir: Path) -> None:
    told = document("diff", logdir, "base", "基线 ∞")
    assert told["metrics"] == []
    assert "python" in told["environment"]["removed"]
    assert "no tag in common" in said("diff", logdir, "base", "基线 ∞")
    assert "may be any of 2 runs" in error("diff", logdir, "base", "sweep/f*")


def test_code_that_was_not_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = tmp_path / "code"
    checkout.mkdir()

    def git(*arguments: str) -> None:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *arguments]
        subprocess.run(command, cwd=checkout, check=True, capture_output=True)

    git("init", "-q")
    script = checkout / "train.py"
    script.write_text("lr = 1\n")
    git("add", ".")
    git("commit", "-qm", "first")
    monkeypatch.chdir(checkout)
    monkeypatch.setattr("headway.record.about.account.code_directories", lambda: [str(checkout)])
    for i in (2, 3):
        script.write_text(f"lr = {i}\n")
        with headway.init(tmp_path / "logs" / f"lr{i}") as run:
            run.log({"loss": 1}, step=0)
        run.close()
    git("commit", "-qam", "second")
    with headway.init(tmp_path / "logs" / "clean") as run:
        run.log({"loss": 1}, step=0)
    code = document("diff", tmp_path / "logs", "lr2", "lr3")["code"]
    assert (code["added"], code["removed"], code["changed"]) == ({}, {}, {})
    assert {"-+lr = 2", "++lr = 3"} <= set(code["diff"])
    assert "  ++lr = 3" in said("diff", tmp_path / "logs", "lr2", "lr3").splitlines()
    changed = document("diff", tmp_path / "logs", "lr3", "clean")["code"]["changed"]
    assert set(changed) == {"commit", "dirty"}


def test_changes() -> None:
    assert changes({"a": 1, "b": True, "c": 1.0, "e": 0}, {"b": 1, "c": 1, "d": None, "e": 0}) == {
        "added": {"d": None},
        "removed": {"a": 1},
        "changed": {"b": [True, 1]},
    }

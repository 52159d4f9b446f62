from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cli.command import document, error, said
from headway.cli.ls import natural_order
from headway.marks import Marks

DATA = Path(__file__).parents[3] / "shared" / "data" / "events"


def names(*arguments: object) -> list[str]:
    return [run["run"] for run in document("ls", *arguments)["runs"]]


def test_what_is_listed(logdir: Path) -> None:
    lines = said("ls", logdir).splitlines()
    assert lines[0].split() == [
        *("run", "state", "steps", "train/loss", "best", "train/loss", "val/acc", "best", "val/acc", "loss", "best"),
        *("loss", "duration", "started", "points", "tags"),
    ]
    rows = {line.split("  ")[0].strip(): line.split() for line in lines[1:]}
    assert list(rows) == ["base", "sweep/failed", "sweep/fork", "基线 ∞"]
    assert rows["base"][1:3] == ["finished", "99"]
    assert rows["base"][3:9] == ["1.01", "1.01", "0.495", "0.495", "–", "–"]
    assert rows["base"][-2:] == ["200", "sft"]
    assert rows["sweep/failed"][1] == "failed"
    assert rows["基线 ∞"][2:4] == ["unknown", "8"]
    assert rows["基线 ∞"][8:14] == ["0.25", "0.25", "2", "h", "0", "min"]


def test_as_json(logdir: Path) -> None:
    told = document("ls", logdir, "--tag", "train/loss")
    assert (told["logdir"], told["hidden"]) == (str(logdir), 0)
    base, failed, fork, other = told["runs"]
    assert base["values"]["train/loss"] == {"last": 1.0099999904632568, "best": 1.0099999904632568, "best_step": 99}
    assert failed["values"]["train/loss"] == {"last": "NaN", "best": 5.0, "best_step": 0}
    assert fork["values"]["train/loss"]["best_step"] == 79
    assert other["values"]["train/loss"] == {"last": None, "best": None, "best_step": None}
    assert (other["run"], other["state"], other["live"], other["duration"]) == ("基线 ∞", "unknown", False, 7200.0)
    assert (base["points"], base["series"], base["tags"], base["steps"]) == (200, 2, ["sft"], 99)
    assert base["mark"] == {
        **dict.fromkeys(("name", "note", "group", "colour"), ""),
        **{"tags": [], "archived": False, "pinned": False},
    }


def test_filters(logdir: Path) -> None:
    assert names(logdir, "config.lr < 0.5 and last(train/loss) < 0.8") == ["sweep/fork"]
    assert names(logdir, "state == failed or name contains 基线") == ["sweep/failed", "基线 ∞"]
    assert names(logdir, "tags contains sft") == ["base"]
    assert names(logdir, "duration > 1h") == ["基线 ∞"]
    assert error("ls", logdir, "state = failed").splitlines()[1:] == ["    state = failed", "          ^"]


def test_a_mistyped_tag_in_a_filter_is_said(logdir: Path) -> None:
    lines = said("ls", logdir, "last(train/lss) < 1 and max(val/acc) > 0").splitlines()
    assert lines == ["0 runs", "no run has a tag 'train/lss'; did you mean 'train/loss'?"]
    assert said("ls", logdir, "last(train/loss) < -1") == "0 runs\n"
    assert names(logdir, "last(train/lss) < 1") == []


def test_orders(logdir: Path) -> None:
    assert names(logdir, "--sort", "-points") == ["base", "sweep/fork", "sweep/failed", "基线 ∞"]
    assert names(logdir, "--sort", "min(train/loss)") == ["sweep/fork", "base", "sweep/failed", "基线 ∞"]
    assert names(logdir, "--sort", "-train/loss") == ["sweep/failed", "base", "sweep/fork", "基线 ∞"]
    assert names(logdir, "--sort", "-config.lr") == ["sweep/failed", "sweep/fork", "base", "基线 ∞"]
    assert names(logdir, "--sort", "state") == ["sweep/failed", "base", "sweep/fork", "基线 ∞"]
    assert "no tag 'trian/loss'; did you mean 'train/loss'" in error("ls", logdir, "--sort", "trian/loss")


def test_marks_count(logdir: Path) -> None:
    marks = Marks(logdir)
    marks.set("sweep/fork", name="the good one", pinned=True, colour="#ff0000")
    marks.set("base", archived=True)
    marks.set("sweep/failed", group="z", tags=["bad"])
    assert names(logdir) == ["sweep/fork", "基线 ∞", "sweep/failed"]
    lines = said("ls", logdir).splitlines()
    assert lines[0].rstrip().endswith("group  tags")
    assert lines[1].startswith("* the good one (sweep/fork) ")
    assert names(logdir, "--all") == ["sweep/fork", "base", "基线 ∞", "sweep/failed"]
    assert document("ls", logdir)["hidden"] == 1
    assert names(logdir, "group == z or tags contains bad") == ["sweep/failed"]
    assert "base (archived)" in said("ls", logdir, "--all")


def test_names_cannot_steer_the_terminal(logdir: Path) -> None:
    (logdir / "基线 ∞").rename(logdir / "a\x1b[31m\nb")
    assert "a�[31m�b" in said("ls", logdir)
    assert "a\x1b[31m\nb" in names(logdir)


def test_no_runs(tmp_path: Path, logdir: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert said("ls", tmp_path / "empty") == "0 runs\n"
    assert said("ls", logdir, "points > 1e9") == "0 runs\n"


@pytest.mark.parametrize(("name", "why"), [("none", "it is not there"), ("file", "it is a file")])
def test_no_log_directory(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    assert error("ls", tmp_path / name) == f"Error: no log directory '{tmp_path / name}': {why}" + (
        ", or may not be entered\n" if name == "none" else "\n"
    )


def test_an_unknown_tag_and_a_missing_argument(logdir: Path) -> None:
    assert "did you mean 'train/loss'?" in error("ls", logdir, "--tag", "train/los")
    assert "Missing argument 'LOGDIR'" in error("ls", code=2)


def test_numbers_in_names_count() -> None:
    runs = ["run-10", "run-9", "run", "a", "run-9b", "10", "9"]
    assert sorted(runs, key=natural_order) == ["9", "10", "a", "run", "run-9", "run-9b", "run-10"]


def test_the_index_is_where_it_is_told(logdir: Path, tmp_path: Path) -> None:
    said("ls", logdir, "--index", tmp_path / "here.duckdb")
    assert (tmp_path / "here.duckdb").exists()
    said("ls", logdir, "--index", ":memory:")


@pytest.mark.skipif(not DATA.exists(), reason="the real event files are not here")
def test_real_runs() -> None:
    runs = document("ls", DATA, "--index", ":memory:", "--tag", "train/loss")["runs"]
    assert len(runs) == 20
    (run,) = (run for run in runs if run["run"] == "hf-trainer/run4")
    assert run["values"]["train/loss"] == {"last": 0.2362000048160553, "best": 0.2362000048160553, "best_step": 1200}
    assert "hf-trainer/run4" in names(DATA, "--index", ":memory:", "config.per_device_train_batch_size > 0")


def test_a_process_of_its_own_writes_utf8_into_a_pipe(logdir: Path) -> None:
    command = [sys.executable, "-m", "headway", "ls", str(logdir), "--json", "--index", ":memory:"]
    environment = {"PATH": "/usr/bin", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "基线 ∞" in told.stdout.decode("utf-8")
    command.remove("--json")
    told = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert told.stdout.decode("utf-8").splitlines()[-1].startswith("基线 ∞ ")
    latin = subprocess.run(
        command, capture_output=True, env=environment | {"PYTHONIOENCODING": "latin-1"}, check=True
    )
    assert latin.stdout.decode("latin-1").splitlines()[-1].startswith("\\u57fa\\u7ebf \\u221e ")

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from headway.cli import main

CSV = "step,loss,note\n1,0.1,x\n2,0.2,\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    place = tmp_path / "source"
    place.mkdir()
    (place / "good.csv").write_text(CSV)
    return place


def headway(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_what_was_imported_is_said(source: Path, tmp_path: Path) -> None:
    code, out, err = headway("import", source, "--into", tmp_path / "logs")
    assert (code, err) == (0, "")
    assert out == f"good: 2 points of 1 series, 1 text, from CSV {source / 'good.csv'}\n"
    assert [path.parent.name for path in tmp_path.rglob("*tfevents*")] == ["good"]


def test_a_failure_stops_no_other_run(source: Path, tmp_path: Path) -> None:
    (source / "bad.csv").write_text("step,loss\n1\n")
    code, out, err = headway("import", source, "--into", tmp_path / "logs")
    assert code == 1
    assert out.startswith("good: 2 points")
    assert "bad: not imported: " in err
    assert "bad.csv:2: 1 cells" in err
    assert "1 of 2 runs could not be imported" in err


def test_a_second_time_is_refused(source: Path, tmp_path: Path) -> None:
    headway("import", source, "--into", tmp_path / "logs")
    code, _, err = headway("import", source, "--into", tmp_path / "logs")
    assert code == 1
    assert "the run 'good' exists already" in err
    assert headway("import", source, "--into", tmp_path / "logs", "--as", "again")[0] == 0


def test_json(source: Path, tmp_path: Path) -> None:
    (source / "list.jsonl").write_text('{"step": 1, "list": [1], "loss": 2}\n')
    (source / "zbad.csv").write_text("step,loss\n1\n")
    code, out, err = headway("import", source, "--into", tmp_path / "logs", "--json")
    assert (code, err) == (1, "")
    told = json.loads(out)
    good, listed, bad = told["runs"]
    assert good == {
        "run": "good",
        "source": str(source / "good.csv"),
        "format": "CSV",
        "points": 2,
        "series": 1,
        "texts": 1,
        "others": 0,
        "left_out": {},
        "error": None,
    }
    assert listed["left_out"] == {"lists": 1}
    assert "zbad.csv:2" in bad["error"]


def test_what_is_left_out_is_said(source: Path, tmp_path: Path) -> None:
    (source / "good.csv").unlink()
    (source / "list.jsonl").write_text('{"step": 1, "list": [1], "loss": 2}\n{"loss": 2}\n{"step": 2}\n')
    _, out, _ = headway("import", source, "--into", tmp_path / "logs")
    assert "left out: 1 lists, 1 rows without a step" in out


def test_a_url_is_no_place_to_import_into(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = headway("import", source, "--into", "s3://name:secret@bucket/runs")
    assert (code, out) == (1, "")
    assert "bucket/runs is a URL: import into a directory" in err
    assert "secret" not in err
    assert not list(tmp_path.glob("s3*"))


def test_unknown_input_and_usage(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    code, _, err = headway("import", tmp_path / "a.bin", "--into", tmp_path / "logs")
    assert code == 1
    assert "a.bin: not known to headway, which imports: " in err
    assert headway("import", tmp_path / "a.bin")[0] == 2
    assert headway("import", tmp_path / "nowhere", "--into", tmp_path)[0] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    place = tmp_path / "source"
    place.mkdir()
    for name in (b"a\xff.csv", b"b\xff.csv"):
        (place / os.fsdecode(name)).write_text(CSV if name[0] == 97 else "step,loss\n1\n")
    code, out, _ = headway("import", place, "--into", tmp_path / "logs", "--json")
    told = json.loads(out)["runs"]
    assert (code, told[0]["run"], told[0]["points"]) == (1, "a_", 2)
    assert "b?.csv:2" in told[1]["error"]
    code, out, err = headway("import", place, "--into", tmp_path / "other")
    assert "a_: 2 points" in out
    assert "b_: not imported" in err


def test_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("run,tag,step,value\n\x1b[31mred,loss,1,2\n")
    _, out, _ = headway("import", tmp_path / "a.csv", "--into", tmp_path / "logs")
    assert "\x1b" not in out
    assert out.startswith("_[31mred: 1 point")

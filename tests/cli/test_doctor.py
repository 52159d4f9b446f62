from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import headway
from events.frames import scalar, version, write
from headway.cli import main

DATA = Path(__file__).parents[3] / "shared" / "data" / "events"
LATER = 1000.0


def doctor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["doctor", *map(str, arguments)])


def document(*arguments: str | Path, code: int = 0) -> Any:
    result = doctor("--json", *arguments)
    assert (result.exit_code, result.stderr) == (code, "")
    return json.loads(result.stdout)


def old(path: Path) -> Path:
    os.utime(path, (LATER, LATER))
    return path


def test_a_log_directory_in_health(tmp_path: Path) -> None:
    for name in ("a", "b/c"):
        with headway.init(tmp_path / name, {"lr": 1}) as run:
            run.log({"loss": 1.0}, step=1)
    result = doctor(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert ": damaged" not in result.stdout
    assert "1 point of 1 tag, steps 1 to 1" in lines[0]
    assert lines[-1].startswith("2 files, ")
    assert lines[-1].endswith(": none damaged")
    told = document(tmp_path / "b")
    assert (told["damaged"], told["refused"], told["same_second"], told["missing_pieces"]) == (0, [], [], [])
    (file,) = told["files"]
    assert (file["points"], file["tags"], file["version"], file["damage"]) == (1, 1, "brain.Event:2", [])


def test_everything_that_is_wrong_is_said(tmp_path: Path) -> None:
    values = [1.0, float("nan"), float("inf"), 2.0]
    walls = [1000.0, 1001.0, 900.0, 9000.0]
    steps = [1, 2, 3, 1]
    frames = [scalar("a\x1b[31m", v, s, w) for v, s, w in zip(values, steps, walls, strict=True)]
    content = b"".join([version(1000.0), *frames, version(9000.0), frames[0], frames[1], frames[2][:-4]])
    damaged = bytearray(content)
    damaged[content.rindex(frames[0]) + 14] ^= 1
    path = old(write(tmp_path / "events.out.tfevents.1.a", [bytes(damaged)]))
    result = doctor(path)
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "\x1b" not in result.stdout
    for words in (
        f"damage {len(frames[0])} bytes at {content.rindex(frames[0]):,}",
        f"end ends inside a record: {len(frames[2]) - 4} bytes",
        "clock back by 101.0 s at step 3: from ",
        "clock a pause, or ahead by 8,100.0 s at step 1: from ",
        "steps 1 step back, first of each tag:",
        "a�[31m: back from 3 to 1",
        "not finite a�[31m: 2 NaN, 1 +∞",
        "writers 2 writers wrote into this one file",
        "TensorBoard behind byte ",
        "1 damaged",
    ):
        assert words in said, result.stdout
    (file,) = document(path, code=1)["files"]
    assert file["damage"] == [{"offset": content.rindex(frames[0]), "bytes": len(frames[0])}]
    assert [(jump["step"], jump["before"], jump["after"]) for jump in file["jumps"]][:2] == [
        (3, 1001.0, 900.0),
        (1, 900.0, 9000.0),
    ]
    assert file["not_finite"] == {"a\x1b[31m": {"nan": 2, "plus": 1, "minus": 0}}


def test_a_file_that_grows_is_not_damaged(tmp_path: Path) -> None:
    path = write(tmp_path / "events.out.tfevents.1.a", [version(), scalar("a", 1, 1)[:-4]])
    result = doctor(path)
    assert (result.exit_code, "it may be growing" in result.stdout) == (0, True)
    assert doctor(old(path)).exit_code == 1


def test_what_is_no_event_file(tmp_path: Path) -> None:
    pointer = old(
        write(tmp_path / "a" / "events.out.tfevents.1.a", [b"version https://git-lfs.github.com/spec/v1\n"])
    )
    result = doctor(tmp_path)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].startswith(f"{pointer}: a Git LFS pointer, not an event file")


def test_many_lines_are_cut_and_counted(tmp_path: Path) -> None:
    frames = [scalar("a", 1, i, 9000.0 - 100 * i) for i in range(1, 50)]
    path = write(tmp_path / "events.out.tfevents.1.a", [version(9000.0), *frames])
    lines = doctor(path).stdout.splitlines()
    assert sum("clock" in line for line in lines) == 10
    assert lines[11].endswith("… and 39 more")


def test_names_tell_of_missing_pieces_and_of_one_second(tmp_path: Path) -> None:
    for number in (0, 2):
        write(
            tmp_path / f"events.out.tfevents.1700000000.h.1.0.0a1b2c3d.p{number:06d}", [version(), scalar("a", 1, 1)]
        )
    write(tmp_path / "events.out.tfevents.1700000000.other", [version(), scalar("a", 1, 1)])
    result = doctor(tmp_path)
    assert result.exit_code == 0
    assert "2 files were begun in one second" in result.stdout
    assert "1 piece missing: 1" in result.stdout
    assert document(tmp_path)["missing_pieces"][0]["numbers"] == [1]


def test_a_url(tmp_path: Path) -> None:
    write(tmp_path / "a" / "events.out.tfevents.1.a", [version(), scalar("a", 1, 1)])
    (file,) = document(f"file://{tmp_path}")["files"]
    assert (file["path"], file["points"]) == (f"file://{tmp_path}/a/events.out.tfevents.1.a", 1)
    assert "no event files below" in doctor("memory://nothing").stderr
    assert "fsspec knows no" in doctor("what://is/this").stderr


@pytest.mark.parametrize(("name", "message"), [("none", "nothing is at"), (".", "no event files below")])
def test_nothing_to_check(tmp_path: Path, name: str, message: str) -> None:
    result = doctor(tmp_path / name)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {message}")


def test_a_loop_of_links(tmp_path: Path) -> None:
    write(tmp_path / "a" / "events.out.tfevents.1.a", [version(), scalar("a", 1, 1)])
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert len(document(tmp_path, tmp_path / "a")["files"]) == 1


@pytest.mark.skipif(not DATA.exists(), reason="the real event files are not here")
def test_real_files_in_a_process_of_its_own() -> None:
    began = time.monotonic()
    command = [sys.executable, "-m", "headway", "doctor", str(DATA)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].endswith(": none damaged")
    assert time.monotonic() - began < 30

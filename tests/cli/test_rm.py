from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import headway
from cli.command import document, error, run, said


def runs(logdir: Path) -> list[str]:
    return [one["run"] for one in document("ls", logdir)["runs"]]


def test_a_run_goes_and_comes_back(logdir: Path) -> None:
    text = said("rm", logdir, "fork", "--yes")
    assert text.splitlines()[0].startswith("sweep/fork: 1 event file, ")
    assert text.splitlines()[0].endswith(", with its directory")
    assert runs(logdir) == ["base", "sweep/failed", "基线 ∞"]
    assert not (logdir / "sweep" / "fork").exists()
    command = text.splitlines()[-1].removeprefix("  back with: ")
    subprocess.run(command, shell=True, check=True)
    assert runs(logdir) == ["base", "sweep/failed", "sweep/fork", "基线 ∞"]


def test_it_asks(logdir: Path) -> None:
    refused = run("rm", logdir, "sweep/*", answer="n\n")
    assert refused.exit_code == 1
    assert "Move 2 runs to the trash? [y/N]" in refused.output
    assert run("rm", logdir, "sweep/*", answer="").exit_code == 1
    assert len(runs(logdir)) == 4
    assert run("rm", logdir, "sweep/*", answer="y\n").exit_code == 0
    assert runs(logdir) == ["base", "基线 ∞"]


def test_what_else_lies_there_stays(logdir: Path) -> None:
    (logdir / "base" / "checkpoint.pt").write_bytes(b"weights")
    assert "what else lies there stays" in said("rm", logdir, "base", "--yes")
    assert [path.name for path in (logdir / "base").iterdir()] == ["checkpoint.pt"]


def test_a_live_run_is_refused(tmp_path: Path) -> None:
    with headway.init(tmp_path / "a") as run_:
        run_.log({"x": 1}, step=0)
        run_.flush()
        assert "still being written: a; --force" in error("rm", tmp_path, "a", "--yes")
        assert (tmp_path / "a").exists()
    assert said("rm", tmp_path, "a", "--yes", "--force")
    assert not (tmp_path / "a").exists()


def test_nothing_through_a_link(logdir: Path, tmp_path: Path) -> None:
    (tmp_path / "outer").mkdir()
    (tmp_path / "outer" / "linked").symlink_to(logdir / "base")
    assert "is reached by a link" in error("rm", tmp_path / "outer", "linked", "--yes")
    assert len(list((logdir / "base").iterdir())) == 1


def test_no_such_run(logdir: Path) -> None:
    assert "no run 'nothing'" in error("rm", logdir, "base", "nothing", "--yes")
    assert (logdir / "base").exists()
    assert "cannot be removed from here" in error("rm", "s3://bucket/logs", "a", "--yes")


@pytest.mark.parametrize("name", [".", "../logs", "./"])
def test_a_log_directory_by_any_name(logdir: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(logdir)
    command = said("rm", name, "fork", "--yes").splitlines()[-1].removeprefix("  back with: ")
    assert not (logdir / "sweep" / "fork").exists()
    subprocess.run(command, shell=True, check=True)
    assert len(list((logdir / "sweep" / "fork").iterdir())) == 1


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    directory = tmp_path / "logs"
    with headway.init(directory / "a") as run_:
        run_.log({"x": 1}, step=0)
    try:
        (directory / "a").rename(os.fsdecode(bytes(directory) + b"/a\xff"))
    except OSError:
        pytest.skip("this file system has only names in Unicode")
    assert runs(directory) == ["a\\xff"]
    said("rm", directory, "a\\xff", "--yes", "--force")
    assert runs(directory) == []

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from headway.record.about import git
from headway.record.about.git import find_checkout

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("HOME", str(tmp_path))
    directory = tmp_path / "repository"
    directory.mkdir()
    call(directory, "init", "-q", "-b", "trunk")
    (directory / "train.py").write_text("lr = 1\n")
    (directory / "weights.bin").write_bytes(bytes(range(256)))
    (directory / ".gitignore").write_text("runs/\n")
    call(directory, "add", ".")
    call(directory, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "first")
    return directory


def call(directory: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=directory, check=True, capture_output=True, text=True).stdout


def test_what_is_checked_out(repository: Path, tmp_path: Path) -> None:
    (repository / "below").mkdir()
    commit = call(repository, "rev-parse", "HEAD").strip()
    found = find_checkout([tmp_path / "not there", tmp_path, repository / "below"])
    assert found is not None
    assert (found.commit, found.branch, found.diff, found.is_dirty, found.untracked) == (
        commit,
        "trunk",
        "",
        False,
        [],
    )
    call(repository, "checkout", "-q", "--detach")
    detached = find_checkout([repository])
    assert detached is not None
    assert detached.branch is None


def test_changes_are_shown_and_files_that_git_does_not_have_are_only_named(repository: Path) -> None:
    (repository / "train.py").write_text("lr = 2\n")
    call(repository, "add", "train.py")
    (repository / "train.py").write_text("lr = 3\n")
    (repository / "weights.bin").write_bytes(bytes(reversed(range(256))))
    (repository / "脚本.py").write_text("SECRET TO GIT")
    (repository / "data").mkdir()
    (repository / "data" / "huge").write_text("x")
    (repository / "runs").mkdir()
    (repository / "runs" / "events").write_text("x")
    before = (repository / ".git" / "index").stat().st_mtime_ns
    found = find_checkout([repository])
    assert found is not None
    assert "-lr = 1\n+lr = 3\n" in found.diff
    assert "Binary files a/weights.bin and b/weights.bin differ" in found.diff
    assert len(found.diff) < 1000
    assert sorted(found.untracked) == ["data/", "脚本.py"]
    assert (repository / ".git" / "index").stat().st_mtime_ns == before


def test_a_long_diff_is_cut_between_characters(repository: Path) -> None:
    (repository / "train.py").write_text("损失" * git.MAX_DIFF)
    found = find_checkout([repository])
    assert found is not None
    diff, _, said = found.diff.rpartition("\n")
    assert said == "... cut after 256 KiB"
    assert git.MAX_DIFF - 3 <= len(diff.encode()) <= git.MAX_DIFF
    assert "\N{REPLACEMENT CHARACTER}" not in diff


def test_keys_in_the_diff_are_masked(repository: Path) -> None:
    (repository / "train.py").write_text("token = 'hf_" + "aB3" * 11 + "'\n")
    found = find_checkout([repository])
    assert found is not None
    assert "+token = '***'" in found.diff


def test_programs_that_the_repository_names_are_not_run(repository: Path) -> None:
    trap = repository.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {repository.parent}/sprung\n")
    trap.chmod(0o755)
    for name in ("diff.external", "core.fsmonitor", "core.pager", "diff.t.textconv", "diff.t.command"):
        call(repository, "config", name, str(trap))
    (repository / ".gitattributes").write_text("*.py diff=t\n")
    (repository / "train.py").write_text("lr = 2\n")
    found = find_checkout([repository])
    assert found is not None
    assert "+lr = 2" in found.diff
    assert not (repository.parent / "sprung").exists()


def test_a_git_that_hangs_or_fails(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    false = tmp_path / "bin" / "git"
    false.parent.mkdir()
    false.write_text("#!/bin/sh\necho a b\nexec sleep 30\n")
    false.chmod(0o755)
    monkeypatch.setenv("PATH", str(false.parent), prepend=os.pathsep)
    monkeypatch.setattr(git, "TIMEOUT", 0.2)
    started = time.monotonic()
    assert find_checkout([repository]) is None
    assert time.monotonic() - started < 5
    false.write_text("#!/bin/sh\necho a b\nexit 3\n")
    assert find_checkout([repository]) is None
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert find_checkout([repository]) is None


def test_a_repository_without_a_commit(tmp_path: Path, repository: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    call(empty, "init", "-q")
    assert find_checkout([empty]) is None
    found = find_checkout([empty, repository])
    assert found is not None

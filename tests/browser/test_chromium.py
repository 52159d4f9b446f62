from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from browser import chromium


def run_program(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, chromium.__file__],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_nothing_is_said_when_there_is_one() -> None:
    found = chromium.find()
    assert found is not None
    result = run_program({chromium.VARIABLE: found})
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_one_chosen_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv(chromium.VARIABLE, str(mine))
    assert chromium.find() == str(mine)


def test_a_wrong_choice_is_one_line(tmp_path: Path) -> None:
    result = run_program({chromium.VARIABLE: str(tmp_path / "none")})
    assert result.returncode == 1
    assert result.stderr.startswith("HEADWAY_CHROMIUM is set to ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="there a browser is found without PATH")
def test_without_one_it_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    result = run_program({"PATH": str(tmp_path), chromium.VARIABLE: ""})
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "the browser tests need Chromium: install it, or set HEADWAY_CHROMIUM to its path\n"

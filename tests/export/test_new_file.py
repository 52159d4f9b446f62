from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.export.new_file import new_file


def test_it_is_there_when_it_is_whole(tmp_path: Path) -> None:
    with new_file(tmp_path / "x") as unfinished:
        unfinished.write_text("half")
        assert not (tmp_path / "x").exists()
        assert "x" not in unfinished.stem
        unfinished.write_text("whole")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x", "whole")]


def write(path: Path, text: str, meanwhile: str | None = None) -> None:
    with new_file(path) as unfinished:
        unfinished.write_text(text)
        if meanwhile is not None:
            path.write_text(meanwhile)
        if text == "broken":
            raise RuntimeError(text)


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"):
        write(tmp_path / "x", "broken")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_who_comes_first_stays(links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if not links:
        monkeypatch.setattr(os, "link", refused)
    with pytest.raises(HeadwayError, match="is there already"):
        write(tmp_path / "x", "second", meanwhile="first")
    write(tmp_path / "y", "alone")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"x": "first", "y": "alone"}

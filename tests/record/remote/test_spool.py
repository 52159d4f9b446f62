from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

import headway.record.remote.spool as spool_module
from headway.record.remote.spool import Mark, Spool, leftovers, spools


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADWAY_SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


def left(url: str = "memory://run") -> Spool:
    """What a dead process leaves."""
    spool = Spool.new(url)
    spool.claim()
    (spool.files / "sub").mkdir()
    (spool.files / "sub" / "file").write_bytes(b"12345")
    spool.set_mark("sub/file", Mark(3, 1))
    spool.leave()
    return spool


def test_a_dead_process_spool_is_taken_over_with_what_it_knows() -> None:
    spool = left("memory://a b/ä")
    [taken] = leftovers()
    assert (taken.place, taken.url) == (spool.place, "memory://a b/ä")
    assert taken.names() == ["sub/file"]
    assert taken.mark("sub/file") == Mark(3, 1)
    assert taken.mark("other") == Mark(0, 0)
    assert not list(leftovers())
    assert taken.remove(taken.names())
    assert not spool.place.exists()


def test_the_journal_outlives_a_torn_line() -> None:
    spool = left()
    for torn in (b'\n["sub/file", 5', b'\n["sub/fi'):
        with (spool.place / "uploaded").open("ab") as journal:
            journal.write(torn)
        spool.claim()
        assert spool.mark("sub/file") == Mark(3, 1)
    spool.set_mark("sub/file", Mark(5, 2))
    spool.leave()
    spool.claim()
    assert spool.mark("sub/file") == Mark(5, 2)
    spool.leave()


def test_what_came_in_between_is_not_deleted() -> None:
    spool = left()
    spool.claim()
    names = spool.names()
    (spool.files / "sub" / "new").write_bytes(b"1")
    assert not spool.remove(names)
    assert spool.claimed
    assert spool.names() == ["sub/new"]
    assert spool.remove(spool.names())
    assert not spool.claimed
    assert not spool.place.exists()


def test_another_machine_is_believed_to_live_until_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    spool = left()
    monkeypatch.setattr(socket, "gethostname", lambda: "another")
    assert not list(leftovers())
    monkeypatch.setattr(spool_module, "SILENCE", -1.0)
    [taken] = leftovers()
    assert taken.place == spool.place
    taken.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no owners")
def test_another_user_spool_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    left()
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert not list(leftovers())


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"url": 1}'])
def test_rubbish_is_no_spool(root: Path, rubbish: str) -> None:
    place = root / "0badcafe"
    place.mkdir(parents=True)
    assert not list(leftovers())
    (place / "url").write_text(rubbish)
    (root / "file").touch()
    assert not list(leftovers())


def test_without_a_place_of_its_own_it_lies_in_the_temporary_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEADWAY_SPOOL")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if sys.platform == "linux":
        assert spools()[0] == tmp_path / "cache" / "headway" / "spool"
    (tmp_path / "cache").touch()
    monkeypatch.setattr(spool_module, "_cache", lambda: tmp_path / "cache")
    spool = Spool.new("memory://run")
    spool.claim()
    assert spool.place.is_relative_to(tmp_path / "temporary")
    spool.remove([])

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from headway.errors import HeadwayError
from headway.marks import journal as module
from headway.marks.journal import Edit, Journal, parsed

FOREIGN = [
    b"not JSON",
    b"[1, 2]",
    b'"a text"',
    b"3",
    b"{}",
    b'{"time": 1, "run": "a", "field": "name"}',
    b'{"time": "1", "run": "a", "field": "name", "value": "x"}',
    b'{"time": NaN, "run": "a", "field": "name", "value": "x"}',
    b'{"time": 1, "run": 7, "field": "name", "value": "x"}',
    b'{"time": 1, "run": "\\ud800", "field": "name", "value": "x"}',
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"time": 1, "run": "a", "field": "name", "va',
]


def edit(run: str, value: Any, time: float = 1.0, field: str = "name") -> Edit:
    return Edit(time, "run", run, field, value)


def values(journal: Journal) -> dict[str, Any]:
    journal.refresh()
    return {edit.name: edit.value for edit in journal.last.values()}


def test_the_last_line_of_a_field_counts_whatever_the_clocks_say(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "marks.jsonl")
    journal.append([edit("a", "first", 9.0), edit("b", 1)])
    journal.append([edit("a", "second", 1.0)])
    assert values(Journal(journal.path)) == {"a": "second", "b": 1}


@pytest.mark.parametrize("line", FOREIGN, ids=lambda line: repr(line[:20]))
def test_lines_that_are_no_edits_are_passed_over_and_stay(tmp_path: Path, line: bytes) -> None:
    assert parsed(line) is None
    journal = Journal(tmp_path / "marks.jsonl")
    journal.append([edit("a", 1)])
    with journal.path.open("ab") as file:
        file.write(line + b"\n\n")
    journal.append([edit("b", 2)])
    for reader in (journal, Journal(journal.path)):
        assert values(reader) == {"a": 1, "b": 2}
        assert reader.skipped == 1
    assert line in journal.path.read_bytes()


def test_a_torn_line_takes_no_other_with_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "marks.jsonl")
    journal.append([edit("a", 1)])
    line = edit("b", 2).line()
    for cut in range(1, len(line)):
        with journal.path.open("ab") as file:
            file.write(line[:cut])
        assert values(journal) == ({"a": 1} | ({"b": 2} if cut == len(line) - 1 else {}))
        journal.append([edit("a", 1)])
        assert values(Journal(journal.path))["a"] == 1
    anew = Journal(journal.path)
    assert values(anew) == values(journal) == {"a": 1, "b": 2}
    assert anew.skipped == journal.skipped == len(line) - 2


def test_a_line_whose_end_is_written_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An append is seen page by page: what comes after a torn line, in the same look, is its end."""
    path = tmp_path / "marks.jsonl"
    line = edit("a", "x" * 9000).line()
    path.write_bytes(line[:4096])
    lines = module._lines

    def slowly(file: int, offset: int) -> Any:
        for line_and_end in lines(file, offset):
            yield line_and_end
            if path.stat().st_size == 4096:
                with path.open("ab") as writer:
                    writer.write(line[4096:])

    monkeypatch.setattr(module, "_lines", slowly)
    journal = Journal(path)
    values(journal)
    assert values(journal) == {"a": "x" * 9000}
    assert journal.skipped == 0


def test_a_line_that_comes_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "marks.jsonl"
    journal = Journal(path)
    line = edit("基", "∞").line()
    with path.open("ab", buffering=0) as file:
        for byte in line:
            file.write(bytes([byte]))
            journal.refresh()
    assert values(journal) == {"基": "∞"}
    assert journal.skipped == 0


@pytest.mark.parametrize("name", ["x", "longer than before"])
def test_somebody_edits_it_by_hand(tmp_path: Path, name: str) -> None:
    journal = Journal(tmp_path / "marks.jsonl")
    journal.append([edit("a", "name"), edit("b", "other")])
    assert values(journal) == {"a": "name", "b": "other"}
    text = journal.path.read_text().replace('"name"}', f'"{name}"}}').replace("other", "another")
    journal.path.write_text(text)  # in place: it is the same file
    assert values(journal) == {"a": name, "b": "another"}
    journal.append([edit("b", 1)])
    assert values(journal) == {"a": name, "b": 1}


def test_it_is_written_anew_when_most_is_superseded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPACT_ABOVE", 10_000)
    journal, reader = Journal(tmp_path / "marks.jsonl"), Journal(tmp_path / "marks.jsonl")
    journal.append([edit("b", "kept")])
    with journal.path.open("ab") as file:
        file.write(b'{"of": "a later version"}\n')
    journal.path.chmod(0o640)
    for i in range(400):
        journal.append([edit("a", i)])
        if i % 50 == 0:
            assert values(reader) == {"a": i, "b": "kept"}
    assert journal.path.stat().st_size < 11_000
    assert journal.path.stat().st_mode & 0o777 == 0o640
    assert values(reader) == values(Journal(journal.path)) == {"a": 399, "b": "kept"}
    assert reader.skipped == 1
    assert b'{"of": "a later version"}\n' in journal.path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["marks.jsonl"]


def test_it_is_left_alone_when_little_is_superseded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPACT_ABOVE", 1000)
    journal = Journal(tmp_path / "marks.jsonl")
    for i in range(100):
        journal.append([edit(f"{i}", i)])
    assert len(journal.path.read_bytes().splitlines()) == 100


def test_nothing_is_lost_while_it_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPACT_ABOVE", 500)

    def write(name: str) -> None:
        journal = Journal(tmp_path / "marks.jsonl")
        for i in range(100):
            journal.append([edit(name, i), edit(f"{name}-{i % 5}", i)])

    threads = [threading.Thread(target=write, args=[name]) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = values(Journal(tmp_path / "marks.jsonl"))
    assert found == dict.fromkeys("abc", 99) | {f"{n}-{i}": 95 + i for n in "abc" for i in range(5)}


def test_a_process_that_does_not_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    journal = Journal(tmp_path / "marks.jsonl")
    with journal.path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(HeadwayError, match="does not let go of"):
            journal.append([edit("a", 1)])
    journal.append([edit("a", 1)])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("kind", ["pipe", "link", "directory", "linked directory"])
def test_only_a_plain_file_is_a_journal(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "folder"
    journal = Journal(folder / "marks.jsonl")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "marks.jsonl").write_bytes(edit("a", 1).line())
    if kind == "linked directory":
        folder.symlink_to(outside)
    else:
        folder.mkdir()
        if kind == "pipe":
            os.mkfifo(journal.path)
        elif kind == "link":
            journal.path.symlink_to(outside / "marks.jsonl")
        else:
            journal.path.mkdir()
    assert values(journal) == {}
    with pytest.raises(OSError):  # noqa: PT011 - which one depends on the system
        journal.append([edit("b", 1)])
    assert len((outside / "marks.jsonl").read_bytes().splitlines()) == 1


def test_what_stands_in_a_line(tmp_path: Path) -> None:
    assert json.loads(edit("a/基", ["x"], 1764000000.25, "tags").line()) == {
        "time": 1764000000.25,
        "run": "a/基",
        "field": "tags",
        "value": ["x"],
    }

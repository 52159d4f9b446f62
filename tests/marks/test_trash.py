from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.marks.trash import Removed, removal, remove


def run(logdir: Path, name: str, *others: str) -> list[Path]:
    directory = logdir / name
    directory.mkdir(parents=True, exist_ok=True)
    files = [directory / f"events.out.tfevents.{i}.host" for i in range(2)]
    for file in files:
        file.write_bytes(b"12345")
    for other in others:
        (directory / other).parent.mkdir(parents=True, exist_ok=True)
        (directory / other).write_text("mine")
    return files


def removed(logdir: Path, name: str, files: list[Path]) -> Removed:
    return remove(logdir, removal(logdir, name, files))


def tree(logdir: Path) -> set[str]:
    return {
        str(path.relative_to(logdir))
        for path in logdir.rglob("*")
        if path.is_file() and ".headway" not in path.relative_to(logdir).parts
    }


def test_a_run_goes_with_its_directory_and_comes_back(tmp_path: Path) -> None:
    files = run(tmp_path, "a/it's 基")
    run(tmp_path, "a/b")
    before = tree(tmp_path)
    what = removal(tmp_path, "a/it's 基", files)
    assert (what.whole, what.bytes, what.files) == (True, 10, files)
    gone = remove(tmp_path, what)
    assert tree(tmp_path) == {f"a/b/{file.name}" for file in files}
    assert not files[0].parent.exists()
    assert gone.place.relative_to(tmp_path).parts[:2] == (".headway", "trash")
    assert gone.place.parts[-2:] == ("a", "it's 基")
    subprocess.run(gone.restore(), shell=True, check=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("other", ["checkpoint.pt", "sub/events.out.tfevents.1.x", "sub/notes.txt"])
def test_what_else_lies_there_stays(tmp_path: Path, other: str) -> None:
    files = run(tmp_path, "a b", other)
    before = tree(tmp_path)
    gone = removed(tmp_path, "a b", files)
    assert tree(tmp_path) == {f"a b/{other}"}
    assert sorted(file.name for file in gone.place.iterdir()) == [file.name for file in files]
    subprocess.run(gone.restore(), shell=True, check=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "name", ["new\nline", "\x1b[31m%d%%\\'\"$HOME`ls` ", "\u202e基 线", os.fsdecode(b"\xff\xfe"), "-rf"]
)
@pytest.mark.parametrize("others", [[], ["checkpoint.pt"]])
def test_the_command_brings_back_what_it_cannot_show(tmp_path: Path, name: str, others: list[str]) -> None:
    files = run(tmp_path, name, *others)
    before = tree(tmp_path)
    command = removed(tmp_path, name, files).restore()
    assert command.isprintable()
    subprocess.run(command, shell=True, check=True)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["-rf", "-x\ny"])
@pytest.mark.parametrize("others", [[], ["checkpoint.pt"]])
def test_the_command_takes_no_name_for_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, others: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = run(Path(), name, *others)
    before = tree(tmp_path)
    subprocess.run(removed(Path(), name, files).restore(), shell=True, check=True)
    assert tree(tmp_path) == before


def test_the_log_directory_itself_stays(tmp_path: Path) -> None:
    logdir = tmp_path / "logs"
    files = run(logdir, ".")
    gone = removed(logdir, ".", files)
    assert tree(logdir) == set()
    assert len(list(gone.place.iterdir())) == 2


def test_twice_in_one_second(tmp_path: Path) -> None:
    places = set()
    for _ in range(3):
        places.add(removed(tmp_path, "a", run(tmp_path, "a")).place)
    assert len(places) == 3


def test_a_linked_run_is_refused(tmp_path: Path) -> None:
    outside, logdir = tmp_path / "outside", tmp_path / "logs"
    files = run(outside, "a")
    logdir.mkdir()
    (logdir / "link").symlink_to(outside)
    linked = [logdir / "link" / "a" / file.name for file in files]
    with pytest.raises(HeadwayError, match="reached by a link"):
        removal(logdir, "link/a", linked)
    assert tree(outside) == {f"a/{file.name}" for file in files}


def test_a_linked_log_directory_is_none(tmp_path: Path) -> None:
    run(tmp_path / "real", "a")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files = sorted((tmp_path / "link" / "a").iterdir())
    removed(tmp_path / "link", "a", files)
    assert tree(tmp_path / "real") == set()


def test_a_linked_file_goes_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    logdir = tmp_path / "logs"
    files = run(logdir, "a")
    (tmp_path / "kept").write_text("precious")
    files[1].unlink()
    files[1].symlink_to(tmp_path / "kept")
    gone = removed(logdir, "a", files)
    assert (tmp_path / "kept").read_text() == "precious"
    assert (gone.place / files[1].name).is_symlink()


@pytest.mark.parametrize("link", [".headway", ".headway/trash"])
def test_a_linked_trash_is_refused(tmp_path: Path, link: str) -> None:
    logdir = tmp_path / "logs"
    files = run(logdir, "a")
    (tmp_path / "elsewhere").mkdir()
    (logdir / link).parent.mkdir(exist_ok=True)
    (logdir / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HeadwayError, match="is a link"):
        removed(logdir, "a", files)
    assert len(tree(logdir)) == 2
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_all_or_nothing(tmp_path: Path) -> None:
    files = run(tmp_path, "a", "other")
    what = removal(tmp_path, "a", files)
    files[1].unlink()
    with pytest.raises(HeadwayError, match="run 'a' cannot be removed"):
        remove(tmp_path, what)
    assert files[0].exists()


def test_what_cannot_be_removed(tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match="cannot be removed from here"):
        removal("s3://bucket/logs", "a", [])
    with pytest.raises(HeadwayError, match="nothing to remove"):
        removal(tmp_path, "a", [])
    files = run(tmp_path, "a")
    for file in files:
        file.unlink()
    with pytest.raises(HeadwayError, match="gone already"):
        removal(tmp_path, "a", files)
    (tmp_path / "logs").mkdir()
    with pytest.raises(HeadwayError, match="is not in"):
        removal(tmp_path / "logs", "a", run(tmp_path, "b"))

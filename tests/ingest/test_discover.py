from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path

import pytest

from headway.ingest import discover as module
from headway.ingest.discover import Tree, discover


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


class Later:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.passed = 0.0
        self._monotonic = time.monotonic

    def monotonic(self) -> float:
        return self._monotonic() + self.passed


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Later:
    clock = Later()
    monkeypatch.setattr("time.monotonic", clock.monotonic)
    return clock


@pytest.fixture
def never_thorough(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is found is found by the times of directories."""
    monkeypatch.setattr(module, "THOROUGH_FASTEST", 1e9)


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Directories that were listed."""
    listed: list[str] = []
    real = module._list

    def count(place: str, version: tuple[int, ...]) -> module._Listing:
        listed.append(Path(place).name)
        return real(place, version)

    monkeypatch.setattr(module, "_list", count)
    return listed


def test_runs_are_directories_that_hold_event_files(tmp_path: Path) -> None:
    touch(tmp_path / "events.out.tfevents.1.h", tmp_path / "a" / "b" / "x.tfevents.2", tmp_path / "a" / "notes.txt")
    found = discover(tmp_path)
    assert {path: run for path, (run, _) in found.files.items()} == {
        "events.out.tfevents.1.h": ".",
        "a/b/x.tfevents.2": "a/b",
    }
    assert found.refused == {}


def test_links_are_followed_once(tmp_path: Path) -> None:
    touch(tmp_path / "logs" / "real" / "tfevents", tmp_path / "elsewhere" / "tfevents")
    (tmp_path / "logs" / "real" / "loop").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "logs" / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "logs" / "me.tfevents").symlink_to("me.tfevents")
    (tmp_path / "logs" / "to_a_file.tfevents").symlink_to(tmp_path / "elsewhere" / "tfevents")
    assert [*discover(tmp_path / "logs").files] == ["to_a_file.tfevents", "real/tfevents", "out/tfevents"]


def test_a_directory_keeps_its_own_name(tmp_path: Path) -> None:
    touch(tmp_path / "z" / "deep" / "run" / "tfevents")
    (tmp_path / "a").symlink_to(tmp_path / "z" / "deep" / "run")
    (tmp_path / "b").symlink_to(tmp_path / "z" / "deep")
    assert [*discover(tmp_path).files] == ["z/deep/run/tfevents"]


def test_links_among_links_end(tmp_path: Path) -> None:
    for name in "abcdefgh":
        touch(tmp_path / name / "tfevents")
        for other in "abcdefgh":
            (tmp_path / name / f"to_{other}").symlink_to(f"../{other}")
    assert len(discover(tmp_path).files) == 8


def test_a_missing_directory_is_empty(tmp_path: Path) -> None:
    assert discover(tmp_path / "nothing").files == {}


def test_our_own_directory_holds_no_runs(tmp_path: Path) -> None:
    touch(tmp_path / ".headway" / "trash" / "1" / "a" / "tfevents", tmp_path / "a" / ".headway" / "tfevents")
    touch(tmp_path / "a" / "tfevents", tmp_path / ".hidden" / "tfevents")
    assert [*discover(tmp_path).files] == [".hidden/tfevents", "a/tfevents"]


def test_names_that_are_not_utf8_become_readable(tmp_path: Path) -> None:
    for name in (b"run-\xff", b"run-\xfe"):
        directory = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - pathlib takes no bytes
        os.mkdir(directory)  # noqa: PTH102
        Path(os.fsdecode(directory), "tfevents").touch()
    found = discover(tmp_path)
    assert sorted(found.files) == ["run-\\xfe/tfevents", "run-\\xff/tfevents"]
    assert all(Path(place).exists() for _, place in found.files.values())


def test_of_two_names_that_read_the_same_the_true_one_counts(tmp_path: Path) -> None:
    touch(tmp_path / "tfevents\\xff")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/tfevents\xff")).touch()
    ((path, (_, place)),) = discover(tmp_path).files.items()
    assert Path(place).name == path == "tfevents\\xff"


@pytest.mark.parametrize(
    "name", ["a\nb", "מימין לשמאל", "層\u202egnp", "e\u0301", "🏃‍♀️", " ", "-rf", "%2e%2e", "x" * 255]
)
def test_any_name_is_a_run(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name / "tfevents")
    assert discover(tmp_path).files == {f"{name}/tfevents": (name, str(tmp_path / name / "tfevents"))}


def test_what_is_no_regular_file_is_no_event_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.tfevents")
    (tmp_path / "null.tfevents").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s.tfevents"))
        touch(tmp_path / "dir.tfevents.d" / "tfevents")
        assert [*discover(tmp_path).files] == ["dir.tfevents.d/tfevents"]


def test_a_path_longer_than_the_system_takes(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "tfevents")
    here = Path.cwd()
    try:
        os.chdir(tmp_path)
        for _ in range(20):
            Path("x" * 250).mkdir()
            os.chdir("x" * 250)
    finally:
        os.chdir(here)
    found = discover(tmp_path)
    assert [*found.files] == ["a/tfevents"]
    ((directory, reason),) = found.refused.items()
    assert len(directory) > 3_000
    assert "too long" in reason
    shutil.rmtree(tmp_path / ("x" * 250))


def test_the_same_is_the_same_object(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "tfevents")
    tree = Tree(str(tmp_path))
    found = tree.look(thorough=True)
    assert tree.look(thorough=True) is found
    assert tree.look(thorough=False) is found
    touch(tmp_path / "b" / "tfevents")
    assert [*tree.look(thorough=True).files] == ["a/tfevents", "b/tfevents"]


@pytest.mark.usefixtures("never_thorough")
def test_what_comes_is_found_by_the_times_of_directories(tmp_path: Path, clock: Later, listed: list[str]) -> None:
    for i in range(50):
        touch(tmp_path / f"run{i}" / "tfevents")
        os.utime(tmp_path / f"run{i}", (1000, 1000))
    os.utime(tmp_path, (1000, 1000))
    tree = Tree(str(tmp_path))
    assert len(tree.look(thorough=False).files) == 50
    listed.clear()
    clock.passed += 100
    tree.look(thorough=False)
    assert listed == []
    touch(tmp_path / "new" / "tfevents", tmp_path / "run7" / "tfevents.2")
    clock.passed += 100
    found = tree.look(thorough=False)
    assert {"new/tfevents", "run7/tfevents.2"} <= {*found.files}
    assert sorted(listed) == sorted([tmp_path.name, "new", "run7"])
    shutil.rmtree(tmp_path / "run8")
    clock.passed += 100
    assert "run8/tfevents" not in tree.look(thorough=False).files


@pytest.mark.usefixtures("never_thorough")
def test_a_new_run_is_found_soon_however_old_the_rest_is(tmp_path: Path, clock: Later) -> None:
    touch(tmp_path / "a" / "tfevents")
    os.utime(tmp_path, (1000, 1000))
    tree = Tree(str(tmp_path))
    tree.look(thorough=False)
    touch(tmp_path / "b" / "tfevents")
    clock.passed += module.ROOT_PAUSE + 0.2
    assert tree.soonest() <= time.monotonic()
    assert "b/tfevents" in tree.look(thorough=False).files


@pytest.mark.usefixtures("never_thorough")
def test_coarse_times_hide_nothing(tmp_path: Path, clock: Later) -> None:
    """The second file comes within the same tick of the file system's clock."""
    touch(tmp_path / "tfevents.1")
    status = tmp_path.stat()
    tree = Tree(str(tmp_path))
    tree.look(thorough=False)
    touch(tmp_path / "tfevents.2")
    os.utime(tmp_path, ns=(status.st_atime_ns, status.st_mtime_ns))
    clock.passed += 1
    assert len(tree.look(thorough=False).files) == 2


def test_a_file_system_without_times_of_directories(
    tmp_path: Path, clock: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_version", lambda _: ((1, hash(_), 0, 0), 1e9))
    touch(tmp_path / "a" / "tfevents")
    tree = Tree(str(tmp_path))
    tree.look(thorough=False)
    touch(tmp_path / "b" / "tfevents")
    clock.passed += 10
    assert len(tree.look(thorough=False).files) == 2


@pytest.mark.usefixtures("never_thorough")
@pytest.mark.parametrize("mtime", [0, 1, 2**33])
def test_times_that_jump_do_not_starve(tmp_path: Path, clock: Later, mtime: int) -> None:
    touch(tmp_path / "a" / "tfevents")
    for path in (tmp_path, tmp_path / "a"):
        os.utime(path, (mtime, mtime))
    tree = Tree(str(tmp_path))
    tree.look(thorough=False)
    touch(tmp_path / "a" / "tfevents.2")
    os.utime(tmp_path / "a", (mtime - 0.5, mtime - 0.5))
    clock.passed += 31
    assert len(tree.look(thorough=False).files) == 2


@pytest.mark.usefixtures("never_thorough")
def test_a_link_whose_target_comes_later(tmp_path: Path, clock: Later) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "latest").symlink_to(tmp_path / "later")
    tree = Tree(str(tmp_path / "logs"))
    assert tree.look(thorough=False).files == {}
    touch(tmp_path / "later" / "tfevents")
    clock.passed += 100
    assert [*tree.look(thorough=False).files] == ["latest/tfevents"]


@pytest.mark.usefixtures("never_thorough")
def test_a_directory_that_cannot_be_listed_for_a_while(
    tmp_path: Path, clock: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "a" / "tfevents", tmp_path / "b" / "tfevents")
    tree = Tree(str(tmp_path))
    tree.look(thorough=False)
    scandir = os.scandir

    def refuse(place: str) -> object:
        if place.endswith("/a"):
            raise PermissionError(13, "Permission denied", place)
        return scandir(place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        os.utime(tmp_path / "a")
        clock.passed += 100
        found = tree.look(thorough=False)
        assert ([*found.files], found.refused) == (["b/tfevents"], {"a": "Permission denied"})
    clock.passed += 100
    found = tree.look(thorough=False)
    assert ([*found.files], found.refused) == (["a/tfevents", "b/tfevents"], {})


def test_thousands_of_files_in_one_directory(tmp_path: Path) -> None:
    for i in range(1_500):
        (tmp_path / f"tfevents.{i:04}").touch()
    assert [*discover(tmp_path).files] == [f"tfevents.{i:04}" for i in range(1_500)]


def test_whether_the_directory_itself_is_there(tmp_path: Path) -> None:
    tree = Tree(str(tmp_path / "runs"))
    assert not tree.look(thorough=True).is_there
    touch(tmp_path / "runs" / "a" / "tfevents")
    assert tree.look(thorough=True).is_there
    shutil.rmtree(tmp_path / "runs")
    found = tree.look(thorough=True)
    assert (found.is_there, found.files) == (False, {})

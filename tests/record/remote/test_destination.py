"""Writer factories, as tensorboardX has them; what fsspec does is in `test_remote.py`."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

import headway.record.remote.destination as destination
import headway.record.remote.rhythm as rhythm
from headway.errors import HeadwayError
from headway.events.framing import frame
from headway.record.files.event_file import EventFile
from headway.record.record_writer import RecordWriter
from headway.record.remote.destination import is_remote, register_writer_factory
from headway.record.remote.mirror import Mirror
from record.drive import log, wait_for
from record.observe import points, warned


class Folder:
    """A factory that writes below a directory; its writers fail as often as they are told."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.checked: list[str] = []
        self.opened: list[str] = []
        self.to_fail = 0

    def directory_check(self, path: str) -> None:
        self.checked.append(path)

    def open(self, path: str) -> File:
        self.opened.append(path)
        return File(self, self.place / path.partition(":")[2])


class File:
    def __init__(self, folder: Folder, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.file = path.open("wb")

    def write(self, data: bytes) -> None:
        if self.folder.to_fail:
            self.folder.to_fail -= 1
            self.file.write(data[: len(data) // 2])
            raise ConnectionError
        self.file.write(data)

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        self.file.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setenv("HEADWAY_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setattr(rhythm, "TICK", 0.02)
    monkeypatch.setattr(rhythm, "SHORTEST", 0.05)
    monkeypatch.setattr(destination, "FACTORIES", {})
    folder = Folder(tmp_path / "there")
    register_writer_factory("mine", folder)
    return folder


def test_an_event_file_is_one_stream(folder: Folder, tmp_path: Path) -> None:
    run = Mirror("mine:a/b")
    run.start()
    file = EventFile(run.local)
    for step in range(3):
        log(file, step)
        wait_for(lambda: len(points(folder.place / "a" / "b")) > step)  # noqa: B023
    file.close()
    assert run.close()
    assert folder.checked == ["mine:a/b"]
    assert len(folder.opened) == 1
    assert folder.opened[0].startswith("mine:a/b/events.out.tfevents.")


def test_a_stream_that_failed_is_begun_anew(folder: Folder, tmp_path: Path) -> None:
    run = Mirror("mine:run")
    run.start()
    file = EventFile(run.local)
    log(file, 1)
    wait_for(lambda: points(folder.place / "run"))
    folder.to_fail = 2
    with warned("cannot deliver to mine:run .ConnectionError"):
        log(file, 2)
        wait_for(lambda: len(points(folder.place / "run")) == 2)
    file.close()
    assert run.close()
    assert points(folder.place / "run") == [("t", 1, 1), ("t", 2, 2)]
    assert len(folder.opened) == 3


def test_other_files_are_written_whole(folder: Folder) -> None:
    run = Mirror("mine:run")
    run.start()
    (run.local / "projector_config.pbtxt").write_text("x")
    assert run.close()
    assert (folder.place / "run" / "projector_config.pbtxt").read_text() == "x"


def test_a_prefix_makes_a_directory_remote(folder: Folder) -> None:
    assert is_remote("mine:run")
    assert is_remote("mine://run")
    assert not is_remote("other:run")
    with pytest.raises(ValueError, match="colon"):
        register_writer_factory("mine:", folder)
    with pytest.raises(HeadwayError, match="no writer factory"):
        Mirror("other:run")


@pytest.mark.parametrize("kind", ["local", "factory", "url"])
def test_record_writer(folder: Folder, tmp_path: Path, kind: str) -> None:
    paths = {"local": f"{tmp_path}/records", "factory": "mine:records", "url": f"file://{tmp_path}/there/records"}
    writer = RecordWriter(paths[kind])
    writer.write(b"one")
    writer.flush()
    writer.write(b"two")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        writer.close()
    there = tmp_path / "records" if kind == "local" else folder.place / "records"
    assert there.read_bytes() == frame(b"one") + frame(b"two")

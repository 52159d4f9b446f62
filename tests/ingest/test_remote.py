"""Log directories at URLs, in the file systems that fsspec brings along; S3 is in `test_s3.py`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from events.frames import scalar, session_start, version
from headway.errors import HeadwayError
from headway.ingest import remote
from headway.ingest.follow import FollowedFile
from headway.ingest.index import Index
from headway.ingest.remote import RemoteDirectory, RemoteFile
from headway.store.place import default_path
from headway.store.rows import FileState
from headway.urls import is_url, without_secrets


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def url() -> Iterator[str]:
    url = f"memory://{uuid4().hex}/runs"
    yield url
    store = fsspec.filesystem("memory").store
    for key in [key for key in store if key.startswith(url.rpartition("/")[0].removeprefix("memory:/"))]:
        del store[key]


def put(url: str, *frames: bytes) -> None:
    fsspec.filesystem("memory").pipe_file(url, b"".join(frames))


def values(index: Index, run: str, tag: str) -> list[float]:
    return [value for some in index.points(index.series(run, tag)) for value in some.values.tolist()]


def test_what_a_url_is() -> None:
    assert is_url("s3://bucket/runs")
    assert not is_url("C:\\runs")
    assert not is_url("runs/a://b")
    assert not is_url(Path("s3://bucket"))
    assert without_secrets("ftp://me:secret@host/runs") == "ftp://***@host/runs"
    assert without_secrets("s3://bucket/a@b") == "s3://bucket/a@b"


def test_each_url_has_an_index_of_its_own() -> None:
    assert default_path("s3://bucket/runs/") == default_path("s3://bucket/runs")
    assert default_path("s3://bucket/runs") != default_path("s3://bucket/others")
    assert default_path("ftp://me:old@host/runs") == default_path("ftp://me:new@host/runs")


def test_an_index_of_a_url(url: str) -> None:
    put(f"{url}/a/x.tfevents.1", version(), scalar("x", 1, 1))
    put(f"{url}/b/c/x.tfevents.1", version(), scalar("x", 2, 1))
    put(f"{url}/x.tfevents.1", scalar("y", 3, 1))
    put(f"{url}/a/notes.txt", b"no event file")
    put(f"{url}/.headway/trash/1/a/x.tfevents.1", scalar("x", 4, 1))
    index = Index(url)
    assert (index.place, index.notice, index.logdir, index.name) == ("disk", None, url, url)
    assert not index.has_read
    index.refresh()
    assert index.has_read
    assert index.run_names() == [".", "a", "b/c"]
    assert values(index, "b/c", "x") == [2]
    assert not index.refresh()
    put(f"{url}/a/x.tfevents.2", scalar("x", 5, 2))
    assert index.refresh()
    assert values(index, "a", "x") == [1, 5]
    index.close()
    again = Index(url)
    assert values(again, "a", "x") == [1, 5]
    assert not again.refresh()
    again.close()


def test_an_object_that_is_written_anew_with_more_goes_on(url: str) -> None:
    frames = [version(1), scalar("x", 1, 1)]
    put(f"{url}/a/tfevents", *frames)
    index = Index(url, ":memory:")
    index.refresh()
    put(f"{url}/a/tfevents", *frames, scalar("x", 2, 2))
    index.refresh()
    assert values(index, "a", "x") == [1, 2]
    assert index.problems() == []
    index.close()


@pytest.mark.parametrize("more", [0, 1, 5])
def test_an_object_that_is_another_is_read_anew(url: str, more: int) -> None:
    put(f"{url}/a/tfevents", version(1), scalar("x", 1, 1), scalar("x", 2, 2))
    index = Index(url, ":memory:")
    index.refresh()
    put(f"{url}/a/tfevents", version(2), *[scalar("x", 7, i) for i in range(more)])
    index.refresh()
    assert values(index, "a", "x") == [7] * more
    assert [problem.kind for problem in index.problems()] == ["replaced"]
    index.close()


def test_what_is_gone_is_gone_but_not_all_at_once(url: str) -> None:
    put(f"{url}/a/tfevents", scalar("x", 1, 1))
    put(f"{url}/b/tfevents", scalar("x", 2, 1))
    index = Index(url, ":memory:")
    index.refresh()
    fsspec.filesystem("memory").rm(f"{url}/a/tfevents")
    index.refresh()
    assert index.run_names() == ["b"]
    fsspec.filesystem("memory").rm(f"{url}/b/tfevents")  # as if it were away
    index.refresh()
    assert values(index, "b", "x") == [2]
    assert [problem.kind for problem in index.problems()] == ["unreadable"]
    put(f"{url}/b/tfevents", scalar("x", 2, 1))
    index.refresh()
    assert index.problems() == []
    index.close()


def test_content_is_read_on_demand(url: str) -> None:
    frames = [version(1), scalar("x", 1, 1), session_start(2)]
    whole = b"".join(frames)
    put(f"{url}/a/tfevents", *frames)
    index = Index(url, ":memory:")
    index.refresh()
    assert index.content("a/tfevents", 5, 20) == whole[5:25]
    with pytest.raises(HeadwayError, match=r"a/tfevents.*shortened"):
        index.content("a/tfevents", 5, 2000)
    put(f"{url}/a/tfevents", version(2), *frames)
    with pytest.raises(HeadwayError, match="a/tfevents was replaced"):
        index.content("a/tfevents", 5, 20)
    fsspec.filesystem("memory").rm(f"{url}/a/tfevents")
    with pytest.raises(HeadwayError, match="a/tfevents cannot be read"):
        index.content("a/tfevents", 5, 20)
    index.close()


@pytest.mark.parametrize("chunk", [40, 100, 1 << 20])
def test_reading_ahead_gives_what_is_there(url: str, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(remote, "CHUNK", chunk)
    monkeypatch.setattr("headway.ingest.follow.CHUNK", chunk)
    put(f"{url}/a/tfevents", *[scalar("x" * (i % 50 + 1), i, i) for i in range(200)], scalar("y" * 1000, 1, 1))
    files = RemoteDirectory(url)
    files.find(thorough=True)
    file = FollowedFile(files, "a/tfevents", FileState("a/tfevents", "a"), {})
    assert file.has_changed()
    assert sum(reading.scan.records for reading in file.read()) == 201
    assert not file.has_changed()
    assert list(file.problems(time.time() + 60)) == []


def test_any_place_of_a_file_can_be_read(url: str) -> None:
    data = bytes(range(256)) * 40
    put(f"{url}/a/tfevents", data)
    files = RemoteDirectory(url)
    files.find(thorough=True)
    file = RemoteFile(files, "a/tfevents")
    for offset, length in [(0, 10), (5, 100), (9_000, 10), (100, 1), (10_239, 50), (10_240, 5), (0, 20_000)]:
        assert bytes(file.read(offset, length)) == data[offset : offset + length]
    assert file.pieces((3, 4), (0, 0), (10_239, 9)) == [data[3:7], b"", data[10_239:]]
    file.close()


def test_keys_that_are_no_paths_are_left_out(url: str) -> None:
    for name in ("../tfevents", "a//tfevents", "a/../b/tfevents", "./tfevents", "good/tfevents"):
        fsspec.filesystem("memory").store[f"{url.removeprefix('memory:/')}/{name}"] = fsspec.filesystem(
            "memory"
        ).open("/t", "wb")
    assert [*RemoteDirectory(url).find(thorough=True).files] == ["good/tfevents"]


def test_a_url_that_nobody_knows() -> None:
    with pytest.raises(HeadwayError, match="nosuch://runs: fsspec knows no nosuch://"):
        Index("nosuch://runs")


def test_a_directory_that_is_not_there_yet(url: str) -> None:
    index = Index(url, ":memory:")
    index.refresh()
    assert (index.runs(), index.problems(), index.directory.is_there()) == ([], [], False)
    put(f"{url}/a/tfevents", scalar("x", 1, 1))
    index.refresh()
    assert index.directory.is_there()
    assert values(index, "a", "x") == [1]
    index.close()


def test_listings_become_rare_when_nothing_happens(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"{url}/a/tfevents", scalar("x", 1, 1))
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    files = RemoteDirectory(url)
    files.find(thorough=False)
    assert files.pause() == remote.FASTEST
    clock[0] += 300
    files.find(thorough=False)
    assert files.pause() == 30
    clock[0] += 30_000
    files.find(thorough=False)
    assert files.pause() == remote.SLOWEST
    put(f"{url}/a/tfevents", scalar("x", 1, 1), scalar("x", 1, 2))
    files.find(thorough=False)
    assert files.pause() == remote.FASTEST


def test_a_failing_store_is_asked_less_and_less(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(f"{url}/a/tfevents", scalar("x", 1, 1))
    files = RemoteDirectory(url)
    found = files.find(thorough=False)

    class BrokenError(Exception):
        """As clients have them, of no family."""

    def fail(*_: object, **__: object) -> None:
        raise BrokenError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(fsspec.implementations.memory.MemoryFileSystem, "find", fail)
        pauses = []
        for _ in range(6):
            failed = files.find(thorough=False)
            pauses.append(files.pause())
    assert failed.refused == {".": "BrokenError: no route"}
    assert failed.files == found.files
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert files.find(thorough=False) == found
    assert files.pause() == remote.FASTEST


def test_file_urls_are_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "FASTEST", 0.1)
    url = f"file://{tmp_path}/runs"
    index = Index(url, ":memory:")
    index.follow()
    path = tmp_path / "runs" / "a" / "tfevents"
    path.parent.mkdir(parents=True)
    for n in (1, 2):
        with path.open("ab") as file:
            file.write(scalar("x", n, n))
        deadline = time.monotonic() + 10
        while len(values(index, "a", "x") if index.run_names() else []) < n and time.monotonic() < deadline:
            index.wait(index.revision, 0.1)
        assert values(index, "a", "x") == [1, 2][:n]
    index.close()

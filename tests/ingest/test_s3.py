"""A log directory in S3: what is asked of the store, and what happens when it does not answer."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

import headway
from events.frames import scalar, version
from headway.errors import HeadwayError
from headway.ingest import remote
from headway.ingest.index import Index
from headway.record.remote import rhythm
from record.remote.s3 import Bucket, Proxy, point_to, serving

_numbers = itertools.count()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as port:
        yield port


@pytest.fixture
def proxy(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    proxy = Proxy(port)
    point_to(proxy.url, tmp_path / "spool", monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    yield proxy
    proxy.stop()


@pytest.fixture
def bucket(proxy: Proxy) -> Bucket:
    return Bucket(proxy.behind, f"logs-{next(_numbers)}")


@pytest.fixture
def put(bucket: Bucket, proxy: Proxy) -> Callable[..., None]:
    client: Any = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{proxy.behind}", region_name="us-east-1")

    def put(name: str, *frames: bytes) -> None:
        client.put_object(Bucket=bucket.name, Key=name, Body=b"".join(frames))

    return put


def values(index: Index, run: str, tag: str) -> list[float]:
    return [value for some in index.points(index.series(run, tag)) for value in some.values.tolist()]


def until_values(index: Index, run: str, tag: str, expected: list[float]) -> None:
    deadline = time.monotonic() + 20
    while values(index, run, tag) != expected and time.monotonic() < deadline:
        index.wait(index.revision, 0.1)
    assert values(index, run, tag) == expected


def asked(proxy: Proxy) -> list[tuple[str, str, str]]:
    requests, proxy.requests = proxy.requests, []
    return sorted((method, path.partition("?")[0].rpartition("/")[2], ranged) for method, path, ranged in requests)


def test_one_listing_and_only_new_bytes(proxy: Proxy, bucket: Bucket, put: Callable[..., None]) -> None:
    first, more = [version(), scalar("x", 1, 1)], scalar("x", 2, 2)
    for run in "abc":
        put(f"runs/{run}/tfevents", *first)
    size = len(b"".join(first))
    index = Index(f"s3://{bucket.name}/runs", ":memory:")
    index.refresh()
    assert index.run_names() == ["a", "b", "c"]
    assert asked(proxy) == [("GET", bucket.name, ""), *[("GET", "tfevents", f"bytes=0-{size - 1}")] * 3]
    index.refresh()
    assert asked(proxy) == [("GET", bucket.name, "")]
    put("runs/b/tfevents", *first, more)  # what cannot append writes anew
    index.refresh()
    assert values(index, "b", "x") == [1, 2]
    assert asked(proxy) == [
        ("GET", bucket.name, ""),
        ("GET", "tfevents", "bytes=0-63"),  # is it still the same?
        ("GET", "tfevents", f"bytes={size}-{size + len(more) - 1}"),
    ]
    index.close()


def test_a_run_of_ours_is_read_while_it_is_written(
    proxy: Proxy, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rhythm, "TICK", 0.02)
    monkeypatch.setattr(rhythm, "SHORTEST", 0.1)
    monkeypatch.setattr(remote, "FASTEST", 0.1)
    url = f"s3://{bucket.name}/runs"
    index = Index(url)
    index.follow()
    with headway.init(f"{url}/mine", rank=(3, 8)) as run:
        for step in range(5):
            run.log({"x": step}, step=step)
            run.flush()
            until_values(index, "mine", "x", list(range(step + 1)))
    pieces = bucket.names("runs/mine/events")
    assert len(pieces) > 1
    assert set(index.ranks("mine").values()) == {3}
    assert index.runs()[0].live
    index.close()
    logs = headway.open(url)
    assert logs["mine"].scalars("x").values.tolist() == [0, 1, 2, 3, 4]
    assert url in repr(logs)


def test_several_files_are_fetched_at_once(proxy: Proxy, bucket: Bucket, put: Callable[..., None]) -> None:
    for i in range(20):
        put(f"runs/{i:02}/tfevents", scalar("x", i, 1))
    together = threading.Barrier(remote.READERS, timeout=10)
    fetched = remote.RemoteDirectory.fetch

    def fetch(*arguments: Any) -> Any:
        future = fetched(*arguments)
        together.wait()
        return future

    index = Index(f"s3://{bucket.name}/runs", ":memory:")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remote.RemoteDirectory, "fetch", fetch)
        index.refresh()
    assert [values(index, f"{i:02}", "x") for i in range(20)] == [[i] for i in range(20)]
    index.close()


@pytest.mark.parametrize("fault", ["unavailable", "reset"])
def test_a_network_that_fails_loses_nothing(
    proxy: Proxy, bucket: Bucket, put: Callable[..., None], monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr(remote, "FASTEST", 0.1)
    monkeypatch.setattr(remote, "SLOWEST", 0.3)
    put("runs/a/tfevents", scalar("x", 1, 1))
    index = Index(f"s3://{bucket.name}/runs", ":memory:")
    index.follow()
    until_values(index, "a", "x", [1])
    proxy.fault = fault
    deadline = time.monotonic() + 20
    while not index.problems() and time.monotonic() < deadline:
        index.wait(index.revision, 0.1)
    (problem,) = index.problems()
    assert (problem.run, problem.kind) == (".", "unreadable")
    assert values(index, "a", "x") == [1]
    put("runs/a/tfevents", scalar("x", 1, 1), scalar("x", 2, 2))
    put("runs/b/tfevents", scalar("x", 3, 1))
    proxy.heal()
    until_values(index, "a", "x", [1, 2])
    until_values(index, "b", "x", [3])
    while index.problems() and time.monotonic() < deadline:
        index.wait(index.revision, 0.1)
    assert index.problems() == []
    index.close()


def test_what_was_read_before_is_there_without_a_network(
    proxy: Proxy, bucket: Bucket, put: Callable[..., None]
) -> None:
    for n in range(3):
        put(f"runs/{n}/tfevents", scalar("x", n, 1))
    url = f"s3://{bucket.name}/runs"
    index = Index(url)
    index.refresh()
    index.close()
    proxy.fault = "unavailable"
    index = Index(url)
    index.refresh()
    assert [values(index, str(n), "x") for n in range(3)] == [[0], [1], [2]]
    assert [problem.run for problem in index.problems()] == ["."]
    index.close()


def test_thousands_of_files_do_not_wait_for_a_dead_network(
    proxy: Proxy, bucket: Bucket, put: Callable[..., None]
) -> None:
    for n in range(40):
        put(f"runs/{n}/tfevents", scalar("x", n, 1))
    index = Index(f"s3://{bucket.name}/runs", ":memory:")
    index.directory.find(thorough=True)
    proxy.fault = "unavailable"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index.directory, "find", lambda **_: index.directory._found)  # type: ignore[attr-defined]
        index.refresh()
    assert proxy.failed < 40
    assert len(index.problems()) == 40
    proxy.heal()
    index.refresh()
    assert index.problems() == []
    assert values(index, "39", "x") == [39]
    index.close()


def test_a_store_that_never_answers_does_not_hold_up_the_end(
    proxy: Proxy, bucket: Bucket, put: Callable[..., None]
) -> None:
    put("runs/a/tfevents", scalar("x", 1, 1))
    proxy.fault = "hang"
    index = Index(f"s3://{bucket.name}/runs", ":memory:")
    index.follow()
    while not proxy.failed:
        time.sleep(0.01)
    began = time.monotonic()
    index.close()
    assert time.monotonic() - began < 5


def test_a_bucket_that_is_not_there(proxy: Proxy) -> None:
    with pytest.raises(HeadwayError, match="no log directory 's3://nobody-has-this/runs'"):
        headway.open("s3://nobody-has-this/runs", index=":memory:")


def test_a_server_that_is_not_there(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HeadwayError, match=r"no log directory 's3://bucket/runs'.*(C|c)onnect"):
        headway.open("s3://bucket/runs", index=":memory:")

"""A mirror before an S3 server: what arrives, when, and what becomes of it when the network or the process fails."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway
import headway.record.remote.rhythm as rhythm
from headway.errors import HeadwayError, HeadwayImportError, HeadwayWarning
from headway.record.files.event_file import EventFile
from headway.record.remote.mirror import Mirror, is_remote
from headway.record.remote.spool import Spool, leftovers
from record.drive import answer, finish, log, python, wait_for
from record.observe import events_in, files, points, warned
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
    yield proxy
    proxy.stop()


@pytest.fixture
def bucket(proxy: Proxy) -> Bucket:
    return Bucket(proxy.behind, f"bucket-{next(_numbers)}")


@pytest.fixture
def mirror(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Mirror]]:
    """Begin a mirror to a directory of the bucket."""
    monkeypatch.setattr(rhythm, "TICK", 0.02)
    monkeypatch.setattr(rhythm, "SHORTEST", 0.1)
    begun: list[Mirror] = []

    def begin(url: str) -> Mirror:
        begun.append(Mirror(url if "://" in url else f"s3://{bucket.name}/{url}"))
        begun[-1].start()
        return begun[-1]

    yield begin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HeadwayWarning)
        for one in begun:
            one.close(5)


def spools(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "spool").glob("*"))


def test_what_is_there_is_what_was_written(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    run = mirror("some/run")
    file = EventFile(run.local, ".suffix")
    for step in range(0, 40, 10):
        log(file, *range(step, step + 10))
        log(file, 0, tag="again")
        wait_for(lambda: len(points(bucket.download(tmp_path, "some/run"))) == 11 * (step // 10 + 1))  # noqa: B023
    file.close()
    [written] = [path.read_bytes() for path in files(run.local)]
    assert run.close()
    pieces = files(bucket.download(tmp_path, "some/run"))
    assert 4 <= len(pieces) <= 5
    assert all(path.name.endswith(f".p{number:06d}.suffix") for number, path in enumerate(pieces))
    assert [events_in(path)[0].file_version for path in pieces] == ["brain.Event:2"] * len(pieces)
    assert [point for point in points(tmp_path / "some/run") if point[0] == "t"] == [("t", s, s) for s in range(40)]
    reader = EventAccumulator(str(tmp_path / "some/run")).Reload()
    assert [(e.step, e.value) for e in reader.Scalars("t")] == [(step, step) for step in range(40)]
    logs = headway.open(tmp_path / "some", index=":memory:")
    assert logs["run"].scalars("t").steps.tolist() == list(range(40))
    assert logs["run"].scalars("again").steps.tolist() == [0] * 4  # a piece is no session
    # Nothing went over the network twice, but for the few bytes that make each piece a file.
    version = written[: 12 + written[0] + 4]
    assert len({name for name, _ in proxy.uploads}) == len(proxy.uploads) == len(pieces)
    assert version + b"".join(body.removeprefix(version) for _, body in proxy.uploads) == written
    assert not spools(tmp_path)


def test_tensorboard_follows_a_run_where_it_is(bucket: Bucket, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
    run = Mirror(f"s3://{bucket.name}/run")
    run.start()
    file = EventFile(run.local)
    reader = EventAccumulator(f"s3://{bucket.name}/run")
    for step in range(3):
        log(file, step)
        wait_for(lambda: bucket.names() and "t" in reader.Reload().Tags()["scalars"])
        wait_for(lambda: [e.step for e in reader.Reload().Scalars("t")] == [*range(step + 1)])  # noqa: B023
    file.close()
    assert run.close()


def test_a_run_that_is_taken_up_again(mirror: Callable[[str], Mirror], bucket: Bucket, tmp_path: Path) -> None:
    for start, purge_step in ((0, None), (7, 5)):
        run = mirror("run")
        file = EventFile(run.local, "", purge_step)
        for step in range(start, start + 10):
            log(file, step, tag=f"{start}")
            log(file, step)
            if step % 3 == 0:
                wait_for(lambda: (f"{start}", step, step) in points(bucket.download(tmp_path, "run")))  # noqa: B023
        file.close()
        assert run.close()
    steps = [*range(5), *range(7, 17)]
    assert len(files(bucket.download(tmp_path, "run"))) >= 6
    reader = EventAccumulator(str(tmp_path / "run")).Reload()
    assert [e.step for e in reader.Scalars("t")] == steps
    assert [e.step for e in reader.Scalars("0")] == list(range(5))
    logs = headway.open(tmp_path, index=":memory:")
    assert logs["run"].scalars("t").steps.tolist() == steps


@pytest.mark.parametrize("fault", ["unavailable", "reset", "refused"])
def test_a_network_that_fails_for_a_time(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path, fault: Any
) -> None:
    run = mirror("run")
    file = EventFile(run.local)
    log(file, *range(10))
    wait_for(lambda: len(points(bucket.download(tmp_path, "run"))) == 10)
    place = proxy.server_port
    with warned("cannot deliver to s3://.*; everything is kept in ") as said:
        if fault == "refused":
            proxy.stop()
        else:
            proxy.fault = fault
        log(file, *range(10, 20))
        wait_for(lambda: said.list)
        log(file, *range(20, 30))
        if fault != "refused":
            wait_for(lambda: proxy.failed >= 3)
    other = Proxy(proxy.behind, place) if fault == "refused" else None
    proxy.heal()
    log(file, *range(30, 40))
    file.close()
    assert run.close()
    assert len(said.list) == 1
    assert points(bucket.download(tmp_path, "run")) == [("t", step, step) for step in range(40)]
    uploaded = [name for name, _ in (*proxy.uploads, *(other.uploads if other else ()))]
    assert len(uploaded) == len(set(uploaded))
    if other:
        other.stop()


def test_a_network_that_hangs_holds_up_nobody(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    proxy.fault = "hang"
    run = mirror("run")
    file = EventFile(run.local)
    log(file, -1)
    wait_for(lambda: proxy.failed)
    for step in range(2000):
        log(file, step)
        run.poke()
    file.close()
    with warned("not everything has reached s3://.* yet; what is missing is kept in ") as said:
        assert not run.close(0.2)
    assert str(run.local.parent) in str(said.list[0].message)
    assert not proxy.healed.is_set()  # it hangs still: nothing above has waited for it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HeadwayWarning)  # whether it is one depends on what the client tries itself
        proxy.heal()
        wait_for(lambda: not spools(tmp_path))
    assert points(bucket.download(tmp_path, "run")) == [("t", step, step) for step in range(-1, 2000)]


LOG = """
import os, sys, threading
from headway.record.files.event_file import EventFile
from headway.record.remote.mirror import Mirror

run = Mirror(sys.argv[1])
run.start()
file = EventFile(run.local)
for step in range(int(sys.argv[2])):
    file.buffer.add_scalar("t", step, step)
"""
AND_WAIT = LOG + "file.flush(); print('logged', flush=True); threading.Event().wait(60)"


@pytest.mark.parametrize(
    ("end", "code"), [("", 0), ("sys.exit(3)", 3), ("raise ValueError", 1), ("os.fork() or 1/0", 0)]
)
def test_the_end_of_the_process_delivers_everything(
    bucket: Bucket, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, code: int
) -> None:
    # By name: what resolves it must not have ended yet.
    monkeypatch.setenv("S3_ENDPOINT", proxy.url.replace("127.0.0.1", "localhost"))
    process = python(LOG + end, f"s3://{bucket.name}/run", 100)
    process.communicate(timeout=30)
    assert process.returncode == code
    assert points(bucket.download(tmp_path, "run")) == [("t", step, step) for step in range(100)]
    assert "fork" in end or not spools(tmp_path)  # while a child lives, it may write into the spool


def test_what_a_killed_process_left_is_delivered_by_the_next(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    process = python(AND_WAIT, f"s3://{bucket.name}/killed", 100)
    assert process.stdout
    assert process.stdout.readline() == "logged\n"
    [left] = spools(tmp_path)
    wait_for((left / "uploaded").exists)
    proxy.fault = "unavailable"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with (next((left / "files").iterdir())).open("ab") as file:
        file.write(b"\x17\x00\x00")  # it was writing a record
    proxy.fault = ""
    mirror("another")
    wait_for(lambda: not left.exists())
    assert points(bucket.download(tmp_path, "killed")) == [("t", step, step) for step in range(100)]
    assert len({name for name, _ in proxy.uploads}) == len(proxy.uploads)


def test_what_a_living_process_has_is_left_alone(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    process = python(AND_WAIT, f"s3://{bucket.name}/living", 100)
    assert process.stdout
    assert process.stdout.readline() == "logged\n"
    [its] = spools(tmp_path)
    assert not list(leftovers())
    assert Spool.adopt(its) is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    spool = Spool.adopt(its)
    assert spool
    assert not list(leftovers())  # it is ours
    spool.leave()


def test_a_forked_child_writes_and_its_parent_delivers(
    mirror: Callable[[str], Mirror], bucket: Bucket, tmp_path: Path
) -> None:
    run = mirror("run")
    file = EventFile(run.local)
    log(file, 1)
    file.flush()
    child = os.fork()
    if not child:
        with contextlib.suppress(BaseException):
            log(file, 2)
            file.close()
            run.start()
            run.poke()
            os._exit(0 if run.close() and run.local.exists() else 1)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    file.close()
    assert run.close()
    assert sorted(points(bucket.download(tmp_path, "run"))) == [("t", 1, 1), ("t", 2, 2)]
    # Another child may live for longer: what it writes is still delivered.
    log(file, 3)
    file.close()
    wait_for(lambda: len(points(bucket.download(tmp_path, "run"))) == 3)


def test_a_child_that_ends_does_not_take_its_parent_connection_along(
    bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    proxy.fault = "slow"
    script = (
        LOG
        + """
sys.stdin.readline()
child = os.fork()
if child:
    os.waitpid(child, 0)
    print("it has ended", flush=True)
    sys.stdin.readline()
    sys.exit(0 if file.close() or run.close(5) else 1)
"""
    )
    process = python(script, f"s3://{bucket.name}/run", 100)
    wait_for(lambda: proxy.failed)
    assert answer(process, "fork") == "it has ended"
    proxy.heal()
    process.communicate("go on\n", timeout=30)
    assert process.returncode == 0
    assert points(bucket.download(tmp_path, "run")) == [("t", step, step) for step in range(100)]


def test_a_writer_that_goes_on_after_close(mirror: Callable[[str], Mirror], bucket: Bucket, tmp_path: Path) -> None:
    run = mirror("run")
    file = EventFile(run.local)
    for step in range(3):
        run.start()
        log(file, step)
        file.close()
        assert run.close()
        assert not spools(tmp_path)
    assert points(bucket.download(tmp_path, "run")) == [("t", step, step) for step in range(3)]


def test_what_came_after_close_is_delivered_at_the_end(bucket: Bucket, proxy: Proxy, tmp_path: Path) -> None:
    script = LOG + "file.close(); run.close(); file.add_again(file.buffer.add_scalar, 't', 100, 100)"
    finish(python(script, f"s3://{bucket.name}/run", 100))
    assert len(points(bucket.download(tmp_path, "run"))) == 101


def test_other_files_are_replaced_as_a_whole(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy, tmp_path: Path
) -> None:
    run = mirror("run")
    (run.local / "00001").mkdir(parents=True)
    for text in (b"1\t2\n", b"3\t4\n5\t6\n"):
        (run.local / "00001" / "tensors.tsv").write_bytes(text)
        wait_for(lambda: "run/00001/tensors.tsv" in bucket.names() and bucket.read("run/00001/tensors.tsv") == text)  # noqa: B023
    assert run.close()
    assert len(proxy.uploads) == 2


def test_the_projector_keeps_what_earlier_sessions_put_there(mirror: Callable[[str], Mirror], bucket: Bucket) -> None:
    for text in ("embeddings { tensor_name: 'a' }", "embeddings { tensor_name: 'b' }\n"):
        run = mirror("run")
        (run.local / "projector_config.pbtxt").write_text(text)
        assert run.close()
    kept = bucket.read("run/projector_config.pbtxt")
    assert kept == b"embeddings { tensor_name: 'a' }\nembeddings { tensor_name: 'b' }\n"


@pytest.mark.parametrize("scheme", ["file", "memory"])
def test_any_file_system_of_fsspec(mirror: Callable[[str], Mirror], tmp_path: Path, scheme: str) -> None:
    fsspec = pytest.importorskip("fsspec")
    url = f"{scheme}://{tmp_path}/a/b"
    run = mirror(url)
    file = EventFile(run.local / "sub run")
    log(file, *range(10))
    file.close()
    assert run.close()
    fsspec.filesystem(scheme).get(url, str(tmp_path / "got"), recursive=True)
    assert points(tmp_path / "got" / "sub run") == [("t", step, step) for step in range(10)]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(HeadwayImportError, match="gs:// need fsspec gcsfs: pip install fsspec gcsfs"):
        Mirror("gs://bucket/run")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(HeadwayImportError, match="s3:// need fsspec s3fs: pip install fsspec s3fs"):
        Mirror("s3://bucket/run")


def test_an_unknown_kind_of_url() -> None:
    with pytest.raises(HeadwayError, match="cannot record to nosuch://run: fsspec knows no nosuch://"):
        Mirror("nosuch://run")


def test_a_bucket_that_does_not_exist_is_not_made(
    mirror: Callable[[str], Mirror], bucket: Bucket, proxy: Proxy
) -> None:
    with warned("cannot deliver to s3://no-such-bucket/run .FileNotFoundError: .*bucket"):
        run = mirror("s3://no-such-bucket/run")
        file = EventFile(run.local)
        log(file, 1)
        file.close()
        wait_for(lambda: run._complained)
    assert all("no-such-bucket/run/" in name for name, _ in proxy.uploads)
    assert Bucket(proxy.behind, "no-such-bucket").names() == []


@pytest.mark.parametrize(
    ("logdir", "remote"),
    [
        ("s3://bucket/run", True),
        ("memory://run", True),
        ("file:///tmp/run", True),
        ("C:\\runs\\1", False),
        ("C://runs", False),
        ("runs/s3://x", False),
        ("runs", False),
        (Path("runs"), False),
        ("", False),
    ],
)
def test_what_is_remote(logdir: str | Path, remote: bool) -> None:
    assert is_remote(logdir) is remote

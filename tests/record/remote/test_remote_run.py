"""A run at a URL, before an S3 server."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from tensorboard.compat.proto.summary_pb2 import Summary

import headway
from headway.errors import HeadwayError
from headway.record.about.lineage import read_past
from headway.record.remote import rhythm
from record.drive import finish, python, wait_for
from record.observe import files, points, texts
from record.remote.s3 import Bucket, point_to, serving


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.setattr(rhythm, "TICK", 0.02)
    monkeypatch.setattr(rhythm, "SHORTEST", 0.1)
    with serving() as port:
        point_to(f"http://127.0.0.1:{port}", tmp_path / "spool", monkeypatch)
        yield Bucket(port, f"run{port}")


def test_a_run_goes_there_and_on_from_there(bucket: Bucket, tmp_path: Path) -> None:
    url = f"s3://{bucket.name}/runs/a"
    with headway.init(url, {"lr": 1}) as run:
        assert run.logdir == url
        for _ in range(10):
            run.log({"t": 1.0})
        run.flush()
        wait_for(lambda: len(points(bucket.download(tmp_path, "runs/a"))) == 10)
        run.log({"t": 1.0})
        run.rewind(5)
        run.log({"t": 2.0})
    assert len(files(bucket.download(tmp_path, "runs/a"))) >= 2
    assert len(points(tmp_path / "runs/a")) == 12
    assert texts(tmp_path / "runs/a", "headway/state") == ["running", "finished"]
    assert read_past(url) == (run.id, 6)
    with headway.init(url, resume=True) as again:
        assert (again.id, again.step) == (run.id, 6)
        again.log({"t": 3.0})
        again.close()
        again.log({"t": 3.0})
    assert len(points(bucket.download(tmp_path, "runs/a"))) == 14
    with headway.init(tmp_path / "fork", fork_from=f"{url}@3") as fork:
        assert fork.step == 4
    with pytest.raises(HeadwayError, match="itself"):
        headway.init(url, fork_from=f"{url}/")
    new = headway.init(f"s3://{bucket.name}/new", resume=True)
    assert new.step == 0
    del new
    gc.collect()
    wait_for(lambda: texts(bucket.download(tmp_path, "new"), "headway/state") == ["running", "finished"])


def test_a_summary_writer_with_sub_runs_and_files_beside(bucket: Bucket, tmp_path: Path) -> None:
    url = f"s3://{bucket.name}/runs/b"
    with headway.SummaryWriter(url) as writer:
        assert writer.get_logdir() == url
        writer.add_scalar("t", 1.0, 1)
        writer.add_scalars("group", {"a": 2.0}, 2)
        writer.add_hparams({"lr": 0.1}, {"best": 3.0}, "trial")
        writer.add_embedding([[1.0, 2.0], [3.0, 4.0]], metadata=["x", "y"])
        writer.flush()
        here = tmp_path / "runs/b"
        wait_for(lambda: points(bucket.download(tmp_path, "runs/b")) == [("t", 1, 1.0)])
        writer.add_scalar("t", 2.0, 2)
        assert set(writer.scalar_dict) == {f"{url}/t", f"{url}/group/a"}
    bucket.download(tmp_path, "runs/b")
    assert points(here) == [("t", 1, 1.0), ("t", 2, 2.0)]
    assert points(here / "group" / "a") == [("group", 2, 2.0)]
    assert ("best", 0, 3.0) in points(here / "trial")
    assert (here / "00000" / "default" / "tensors.tsv").read_text() == "1.0\t2.0\n3.0\t4.0\n"
    assert 'tensor_name: "default:00000"' in (here / "projector_config.pbtxt").read_text()
    writer.add_scalar("t", 3.0, 3)  # begins a new file, which is delivered without being asked for
    wait_for(lambda: points(bucket.download(tmp_path, "runs/b"))[-1:] == [("t", 3, 3.0)])
    writer.add_scalar("t", 4.0, 4)
    del writer
    gc.collect()
    wait_for(lambda: points(bucket.download(tmp_path, "runs/b"))[-1:] == [("t", 4, 4.0)])


def test_nothing_is_written_where_nothing_shall_be(bucket: Bucket, tmp_path: Path) -> None:
    with headway.SummaryWriter(f"s3://{bucket.name}/none", write_to_disk=False) as writer:
        writer.add_scalar("t", 1.0)
    assert not (tmp_path / "spool").exists()
    assert bucket.names("none") == []


def test_a_file_writer(bucket: Bucket, tmp_path: Path) -> None:
    writer = headway.FileWriter(f"s3://{bucket.name}/file")
    writer.add_summary(Summary(value=[Summary.Value(tag="t", simple_value=1.0)]), 4)
    writer.close()
    assert writer.get_logdir() == f"s3://{bucket.name}/file"
    assert points(bucket.download(tmp_path, "file")) == [("t", 4, 1.0)]


def test_sigterm_is_no_loss(bucket: Bucket, tmp_path: Path) -> None:
    script = """
import os, signal, sys, headway
run = headway.init(sys.argv[1])
run.log({"t": 1.0})
os.kill(os.getpid(), signal.SIGTERM)
"""
    process = python(script, f"s3://{bucket.name}/killed")
    process.communicate(timeout=30)
    assert process.returncode == -15
    assert points(bucket.download(tmp_path, "killed")) == [("t", 0, 1.0)]
    assert texts(tmp_path / "killed", "headway/state")[-1] == "killed: SIGTERM"


def test_what_cannot_be_read_is_not_gone_on_with(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S3_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HeadwayError, match="cannot be read"):
        headway.init(f"s3://{bucket.name}/a", resume=True)
    assert finish(python("import headway.record.files.place")) == ""

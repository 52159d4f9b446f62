from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from headway import SummaryWriter
from server.asked import Asked, asking

RUN = "a/ünï run"
NAMED = """
embeddings {{ tensor_path: "ok.tsv" metadata_path: "{}" bookmarks_path: "directory" }}
embeddings {{ tensor_path: "link.tsv" metadata_path: "linked/x.tsv" }}
embeddings {{ tensor_path: "pipe" metadata_path: "gone.tsv" }}
"""
HOSTILE = [
    "../secret",
    "../../secret",
    "a/../../../secret",
    "..\\..\\secret",
    "/etc/passwd",
    "./../secret",
    "ok.tsv/../../secret",
    "\\\\host\\share",
    "file:///etc/passwd",
]


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("files")
    run = root / "logs" / RUN
    with SummaryWriter(run) as writer:
        writer.add_scalar("s", 1.0, 0)
        writer.add_embedding(np.eye(3), metadata=["é", "b", "c"], label_img=np.zeros((3, 3, 4, 4)), global_step=2)
    with SummaryWriter(root / "logs" / "none") as writer:
        writer.add_scalar("s", 1.0, 0)
    for path in (root / "secret", root / "logs" / "secret", root / "logs" / "a" / "secret", run / "unnamed.tsv"):
        path.write_text("secret")
    (run / "ok.tsv").write_text("1\t2\n")
    (run / "directory").mkdir()
    os.mkfifo(run / "pipe")
    (run / "link.tsv").symlink_to(root / "secret")
    (run / "linked").symlink_to(root / "outside", target_is_directory=True)
    (root / "outside").mkdir()
    (root / "outside" / "x.tsv").write_text("secret")
    return root / "logs"


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


@pytest.fixture
def hostile(logdir: Path) -> Iterator[None]:
    """Name everything that must not be served."""
    config = logdir / RUN / "projector_config.pbtxt"
    before = config.read_text(encoding="utf-8")
    paths = "".join(f'embeddings {{ tensor_path: "{path}" }}\n'.replace("\\", "\\\\") for path in HOSTILE)
    config.write_text(NAMED.format("ok.tsv") + paths, encoding="utf-8")
    yield
    config.write_text(before, encoding="utf-8")


def test_what_the_configuration_names(asked: Asked, logdir: Path) -> None:
    run = logdir / RUN
    config = asked.get("file", run=asked.id(RUN))
    assert config.body == (run / "projector_config.pbtxt").read_bytes()
    for name in ("tensors.tsv", "metadata.tsv", "sprite.png"):
        answer = asked.get("file", run=asked.id(RUN), path=f"00002/default/{name}")
        assert (answer.status, answer.body) == (200, (run / "00002/default" / name).read_bytes())
        is_picture = name.endswith("png")
        assert answer.headers["content-type"] == ("image/png" if is_picture else "application/octet-stream")
        how = "inline" if is_picture else "attachment"
        assert answer.headers["content-disposition"] == f"{how}; filename*=UTF-8''{name}"
        again = asked.get(
            "file", {"If-None-Match": answer.headers["etag"]}, run=asked.id(RUN), path=f"00002/default/{name}"
        )
        assert again.status == 304
        assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("path", [*HOSTILE, "link.tsv", "linked/x.tsv", "pipe", "gone.tsv", "directory"])
def test_what_it_must_not_name(asked: Asked, path: str) -> None:
    answer = asked.get("file", run=asked.id(RUN), path=path)
    assert answer.status == 404
    assert b"secret\n" not in answer.body.replace(path.encode(), b"")
    assert answer.text.count("\n") == 1
    assert asked.get("file", run=asked.id(RUN), path="ok.tsv").text == "1\t2\n"


@pytest.mark.parametrize(
    "path", [*HOSTILE, "unnamed.tsv", "", ".", "\x00", "ok.tsv\x00", "x" * 5000, "00002/default/"]
)
def test_what_it_does_not_name(asked: Asked, path: str) -> None:
    answer = asked.get("file", run=asked.id(RUN), path=path)
    assert answer.status == 404
    assert not answer.body.startswith(b"secret")


def test_a_run_without_one(asked: Asked) -> None:
    assert asked.get("file", run=asked.id("none")).status == 404
    assert asked.get("file", run=asked.id("none"), path="secret").status == 404
    assert asked.get("file", run=99).status == 404


@pytest.mark.parametrize("content", [b"embeddings {", b"\xff\xfe\x00", b"embeddings { tensor_shape: x }"])
def test_a_configuration_that_is_none(asked: Asked, logdir: Path, content: bytes) -> None:
    config = logdir / "none" / "projector_config.pbtxt"
    config.write_bytes(content)
    answer = asked.get("file", run=asked.id("none"), path="secret")
    config.unlink()
    assert (answer.status, answer.text.count("\n")) == (422, 1)


def test_a_configuration_that_is_a_link(asked: Asked, logdir: Path) -> None:
    config = logdir / "none" / "projector_config.pbtxt"
    config.symlink_to(logdir.parent / "secret")
    answer = asked.get("file", run=asked.id("none"))
    config.unlink()
    assert answer.status == 404


def test_a_run_that_is_reached_by_a_link(tmp_path: Path) -> None:
    run = tmp_path / "elsewhere"
    with SummaryWriter(run) as writer:
        writer.add_scalar("s", 1.0, 0)
        writer.add_embedding(np.eye(3), global_step=1)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "link").symlink_to(run, target_is_directory=True)
    with asking(tmp_path / "logs") as linked:
        assert linked.get("file", run=linked.id("link"), path="00001/default/tensors.tsv").status == 200

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from headway import SummaryWriter
from headway.server import folder
from server.asked import Asked, asking


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("folder")
    logs = root / "logs"
    for name in ("a", "a/inner", "."):
        with SummaryWriter(logs / name) as writer:
            writer.add_scalar("s", 1.0, 0)
            if name == "a":
                writer.add_embedding(np.eye(3), metadata=["x", "y", "z"], global_step=2)
    run = logs / "a"
    for path in (
        "model.pt",
        "deep/1/2/3/4/far.txt",
        "deep/ünï.txt",
        ".secret",
    ):
        (run / path).parent.mkdir(parents=True, exist_ok=True)
        (run / path).write_bytes(b"x" * 10)
    (run / "deep/1/2/near.txt").write_text("12345")
    (run / "inner" / "mine.txt").write_text("x")
    (root / "outside").mkdir()
    (root / "outside" / "secret.txt").write_text("secret")
    (run / "link").symlink_to(root / "outside", target_is_directory=True)
    (run / "linked.txt").symlink_to(root / "outside" / "secret.txt")
    os.mkfifo(run / "pipe")
    (logs / "unrelated").mkdir()
    (logs / "unrelated" / "taxes.txt").write_text("private")
    (logs / "beside.txt").write_text("x")
    return logs


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def of(asked: Asked, run: str) -> dict[str, tuple[str, int]]:
    return {one["path"]: (one["kind"], one["size"]) for one in asked.json("files", run=asked.id(run))["files"]}


def test_the_files_of_a_run(asked: Asked, logdir: Path) -> None:
    found = of(asked, "a")
    events = [path for path, (kind, _) in found.items() if kind == "events"]
    assert len(events) == 1
    assert found[events[0]][1] == (logdir / events[0]).stat().st_size
    assert found["a/model.pt"] == ("other", 10)
    assert found["a/deep/1/2/near.txt"] == ("other", 5)
    assert found["a/projector_config.pbtxt"][0] == "projector"
    assert found["a/00002/default/tensors.tsv"][0] == "projector"


def test_what_is_hidden_linked_too_deep_another_run_s_or_no_file_is_left_out(asked: Asked) -> None:
    found = " ".join(of(asked, "a"))
    for name in ("secret", "link", "pipe", "far", "mine", "inner", "taxes"):
        assert name not in found


def test_of_the_log_directory_itself_only_what_lies_in_it(asked: Asked) -> None:
    assert [path for path, (kind, _) in of(asked, ".").items() if kind == "other"] == ["beside.txt"]


def test_so_many_files_and_no_more(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST", 2)
    answer = asked.json("files", run=asked.id("a"))
    assert (len(answer["files"]), answer["cut"]) == (3, True)


def test_a_run_that_is_not_there(asked: Asked) -> None:
    assert asked.get("files", run=99).status == 404

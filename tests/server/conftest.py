from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from headway.ingest.index import Index
from headway.server.serve import Server
from server.client import Client


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs by tensorboardX: `a` with 5 points of two tags, `b/c` with 3 points of one."""
    logdir = tmp_path_factory.mktemp("logs")
    with SummaryWriter(str(logdir / "a")) as writer:
        for step in range(5):
            writer.add_scalar("loss", 1 / (1 + step), step)
            writer.add_scalar("accuracy", step / 4, step)
    with SummaryWriter(str(logdir / "b" / "c")) as writer:
        for step in range(3):
            writer.add_scalar("loss", 2.0 + step, 10 * step)
    return logdir


@pytest.fixture(scope="session")
def index(logdir: Path) -> Iterator[Index]:
    index = Index(logdir, ":memory:")
    index.refresh()
    yield index
    index.close()


@pytest.fixture(scope="session")
def client(index: Index) -> Iterator[Client]:
    """Asks a server of `logdir` that stays for all tests."""
    with Server(index, port=0) as server:
        yield Client(server.port)

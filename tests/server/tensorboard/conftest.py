"""The same log directory behind TensorBoard itself and behind our routes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

import pytest
from starlette.applications import Starlette

from headway.ingest.index import Index
from headway.marks import Marks
from headway.server.endpoint import routes
from headway.server.serve import listen
from headway.server.served import Served
from headway.server.tensorboard import endpoints
from server.client import Client, serving
from server.tensorboard.written import write

KINDS = ("scalars", "images", "audio", "histograms", "text", "pr_curves")


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("written")
    write(logdir)
    return logdir


@pytest.fixture(scope="session")
def index(written: Path) -> Iterator[Index]:
    with closing(Index(written, ":memory:")) as index:
        index.refresh()
        yield index


@pytest.fixture(scope="session")
def ours(index: Index) -> Iterator[Client]:
    app = Starlette(routes=routes(endpoints(Served(index, Marks(index.logdir)))))
    with serving(app) as client:
        yield client


@pytest.fixture(scope="session")
def theirs(written: Path) -> Iterator[Client]:
    """TensorBoard, once it has read everything; it keeps every sample."""
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
    samples = ",".join(f"{kind}=10000" for kind in KINDS)
    flags = ["--host", "127.0.0.1", "--port", str(port), "--samples_per_plugin", samples]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(written), *flags]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=os.environ | {"TZ": "UTC"}) as process:
        try:
            yield _ready(Client(port))
        finally:
            process.terminate()


def _ready(client: Client) -> Client:
    for _ in range(300):
        time.sleep(0.1)
        try:
            text = client.get("/data/plugin/text/tags").json()
            if len(text) == 2 and len(client.get("/data/plugin/scalars/tags").json()) == 4:
                return client
        except (OSError, HTTPException, json.JSONDecodeError):
            continue
    raise TimeoutError("TensorBoard does not answer")

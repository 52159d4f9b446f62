from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

import headway

OLD = 1_700_000_000.0


@pytest.fixture(autouse=True)
def own_directories(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Indices and marks of a test are its own."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.delenv("COLUMNS", raising=False)
    return home


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("recorded") / "logs"
    with headway.init(logdir / "base", {"lr": 1e-3, "model": {"layers": 12}}, notes="the first", tags=["sft"]) as run:
        for step in range(100):
            run.log({"train/loss": 2 - step / 100, "val/acc": step / 200}, step=step)
    fork_from = f"{logdir / 'base'}@49"
    with headway.init(logdir / "sweep" / "fork", {"lr": 3e-3, "new": True}, fork_from=fork_from) as run:
        for step in range(50, 80):
            run.log({"train/loss": 1.0 - step / 200}, step=step)
    with contextlib.suppress(ValueError), headway.init(logdir / "sweep" / "failed", {"lr": 1}) as run:
        run.log({"train/loss": 5.0}, step=0)
        run.log({"train/loss": float("nan")}, step=1)
        raise ValueError("loss is NaN")
    with SummaryWriter(str(logdir / "基线 ∞")) as writer:
        writer.add_scalar("loss", 0.5, 7, walltime=OLD)
        writer.add_scalar("loss", 0.25, 8, walltime=OLD + 7200)
        writer.add_text("words", "hello", 7)
    for path in logdir.rglob("*tfevents*"):
        os.utime(path, (OLD, OLD))
    return logdir


@pytest.fixture
def logdir(recorded: Path, tmp_path: Path) -> Path:
    """Four runs that are over: finished, forked and finished, failed, and one of another writer."""
    return shutil.copytree(recorded, tmp_path / "logs")

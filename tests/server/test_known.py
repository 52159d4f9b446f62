"""What is kept of runs is what they are, also when they grow."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

import headway
from headway import SummaryWriter
from headway.ingest.index import Index
from headway.marks import Mark
from headway.query.facts import Accounts, Facts
from headway.server.known import MOST_TAGS, NONE, Known, Values

VALUES = [3.0, float("nan"), 1.0, float("inf"), 2.0, float("nan")]


def test_values_follow_a_run(tmp_path: Path) -> None:
    with closing(Index(tmp_path, ":memory:")) as index, SummaryWriter(str(tmp_path / "a")) as writer:
        known = Known(index)
        best: list[float] = []
        for step, value in enumerate(VALUES):
            writer.add_scalar("loss", value, step)
            writer.flush()
            index.refresh()
            (run,) = index.runs()
            if value == value and abs(value) < 10:
                best.append(value)
            found = known.values(run, "loss")
            assert (found.points, found.last_step, found.min, found.max) == (step + 1, step, min(best), max(best))
            assert found.last == (value if value in best else None)
            assert found is known.values(run, "loss")
        assert known.values(run, "nothing") == NONE


@pytest.mark.parametrize("values", [VALUES, [float("nan")], [1.0, 2.0]])
def test_facts_are_those_of_a_filter_without_memory(tmp_path: Path, values: list[float]) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step, value in enumerate(values):
            writer.add_scalar("loss", value, step)
            writer.add_scalar("accuracy", value, step)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        (run,) = index.runs()
        with_memory = Known(index).facts(run, Mark(), 0.0)
        without = Facts(index, run, Accounts(index), Mark(), 0.0)
        for tag in ("loss", "accuracy", "nothing"):
            for function in ("last", "first", "min", "max", "best"):
                assert with_memory.value(function, tag) == without.value(function, tag), (function, tag)


def test_a_series_without_a_finite_point(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", float("-inf"), 4)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        assert Known(index).values(index.runs()[0], "loss") == Values(None, 4, None, None, None, None, 1)


def test_old_tags_go(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, 0)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        (run,) = index.runs()
        known = Known(index)
        first = known.values(run, "loss")
        for i in range(MOST_TAGS - 1):
            known.values(run, f"nothing {i}")
        assert known.values(run, "loss") is first
        known.values(run, "one more")
        assert known.values(run, "loss") is not first
        assert known.values(run, "loss") == first


def test_accounts_follow_a_run(tmp_path: Path) -> None:
    with closing(Index(tmp_path, ":memory:")) as index:
        known = Known(index)

        def state() -> str | None:
            index.refresh()
            (run,) = index.runs()
            said = known.accounts.of(run.name, run.revision)
            assert said is known.accounts.of(run.name, run.revision)
            return said.state.word if said.state else None

        run = headway.init(tmp_path / "a", config={"lr": 1})
        run.log({"loss": 1.0}, step=0)
        run.flush()
        assert state() == "running"
        run.log({"loss": 1.0}, step=1)
        run.close()
        assert state() == "finished"

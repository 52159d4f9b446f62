from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headway import SummaryWriter
from server.asked import Asked, asking

BLOCKS, LINES = 40, 25
TAG = "headway/console"


def line(n: int) -> str:
    return f"ValueError: no {n}" if n % 100 == 77 else f"step {n} Löss {n / 7:.3f}"


def text(block: int) -> str:
    return "```text\n" + "\n".join(line(block * LINES + n) for n in range(LINES)) + "\n```"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`printed`: a thousand lines in two lives, the second of which went back in steps; `silent` prints nothing."""
    logdir = tmp_path_factory.mktemp("console")
    for first, last, purge in ((0, 30, None), (30, BLOCKS, 5)):
        with SummaryWriter(logdir / "printed", purge_step=purge) as writer:
            for block in range(first, last):
                step = block if purge is None else block - 25
                value = text(block)
                writer.add_text("x", "other", step, walltime=1000.0 + block)
                _tell(writer, value, step, 1000.0 + block)
    with SummaryWriter(logdir / "silent") as writer:
        writer.add_scalar("s", 1.0, 0)
    return logdir


def _tell(writer: SummaryWriter, value: str, step: int, wall: float) -> None:
    from headway.events.messages import summary_event, text_value

    writer._file.append(summary_event([text_value(TAG, value)], wall, step))  # as a run does


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def test_any_lines_by_their_numbers(asked: Asked) -> None:
    run = asked.id("printed")
    every = [line(n) for n in range(BLOCKS * LINES)]
    for start, limit in ((0, 10), (20, 10), (24, 1), (25, 25), (990, 500), (0, 1000), (1000, 5), (5000, 5)):
        answer = asked.json("console", run=run, start=start, limit=limit)
        assert answer["total"] == 1000
        assert answer["start"] == min(start, 1000)
        assert answer["lines"] == every[start : start + limit]
        assert len(answer["steps"]) == len(answer["walls"]) == len(answer["lines"])
    tail = asked.json("console", run=run, start=-3)
    assert (tail["start"], tail["lines"]) == (997, every[-3:])
    assert tail["steps"] == [14] * 3
    assert tail["walls"] == [1039.0] * 3
    assert asked.json("console", run=run, start=-5000, limit=1)["start"] == 0


def test_what_stands_where(asked: Asked) -> None:
    run = asked.id("printed")
    assert asked.json("console/found", run=run, q="LÖSS 1.000")["numbers"] == [7]
    assert asked.json("console/found", run=run, q="step 99 ")["numbers"] == [99]
    errors = asked.json("console/found", run=run, errors=True)
    assert (errors["stop"], errors["total"], errors["numbers"]) == (1000, 10, [*range(77, 1000, 100)])
    later = asked.json("console/found", run=run, errors=True, start=878)
    assert (later["total"], later["numbers"]) == (1, [977])
    assert asked.json("console/found", run=run, errors=True, start=5000)["total"] == 0
    assert asked.json("console/found", run=run)["total"] == 0
    assert asked.json("console/found", run=run, q=".*")["total"] == 0  # a text, no pattern


def test_found_lines_are_counted_beyond_the_limit(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    from headway.server import console

    monkeypatch.setattr(console, "MOST_FOUND", 4)
    answer = asked.json("console/found", run=asked.id("printed"), q="s")
    assert (answer["numbers"], answer["total"]) == ([0, 1, 2, 3], 990)


def test_a_run_that_told_nothing(asked: Asked) -> None:
    answer = asked.json("console", run=asked.id("silent"))
    assert (answer["total"], answer["lines"]) == (0, [])
    assert asked.json("console/found", run=asked.id("silent"), q="x")["total"] == 0


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 5001}, {"start": "x"}, {"run": 99}, {"run": -1}])
def test_what_makes_no_sense(asked: Asked, query: dict[str, Any]) -> None:
    assert asked.get("console", None, **{"run": asked.id("printed"), **query}).status in (400, 404)


def test_a_search_for_a_novel(asked: Asked) -> None:
    assert asked.get("console/found", run=asked.id("printed"), q="x" * 201).status == 400


def test_what_is_printed_later_is_there_later(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        _tell(writer, text(0), 0, 1.0)
        writer.flush()
        with asking(tmp_path) as asked:
            run = asked.id("run")
            assert asked.json("console", run=run, start=-1)["lines"] == [line(24)]
            _tell(writer, text(1), 1, 2.0)
            writer.flush()
            asked.index.refresh()
            answer = asked.json("console", run=run, start=-1)
            assert (answer["total"], answer["lines"]) == (50, [line(49)])

from __future__ import annotations

from pathlib import Path

import pytest

import headway
from events.frames import scalar, version
from headway.events.framing import frame
from headway.events.messages import file_version
from headway.ingest.index import Index
from headway.ingest.writer import rank, said_writer

SAID = "headway 1.2 run=0123456789abcdef rank=3 world_size=8"


def test_the_first_record_says_who_writes() -> None:
    assert said_writer(frame(file_version(1.0, writer=SAID)) + scalar("x", 1, 1)) == SAID
    assert said_writer(version()) == ""
    assert said_writer(scalar("x", 1, 1)) == ""


@pytest.mark.parametrize("length", [0, 5, 12, 30])
def test_half_a_record_says_nothing(length: int) -> None:
    assert said_writer(frame(file_version(1.0, writer=SAID))[:length]) == ""


def test_rubbish_says_nothing() -> None:
    assert said_writer(b"\xff" * 100) == ""
    assert said_writer(b"\x20" + b"\0" * 11 + b"\xff" * 50) == ""
    assert len(said_writer(frame(file_version(1.0, writer="x" * 100_000)))) == 1_000


@pytest.mark.parametrize(
    ("writer", "name", "expected"),
    [
        (SAID, "events.out.tfevents.1.host.1.0", 3),
        (SAID, "events.out.tfevents.1.host.1.0.rank4", 3),
        ("headway 1.2 run=0123456789abcdef", "events.out.tfevents.1.host.1.0", None),
        ("", "events.out.tfevents.1.host.1.0.rank12", 12),
        ("", "events.out.tfevents.1.host.1.0.rank12.mine", 12),
        ("", "events.out.tfevents.1.node.rank9.cluster.1.0.rank12", 12),
        ("", "events.out.tfevents.1.host.1.0.rankle", None),
        ("", "events.out.tfevents.1.frank3.1.0", None),
        ("rank=99999999999999999999", "tfevents", None),
    ],
)
def test_the_rank(writer: str, name: str, expected: int | None) -> None:
    assert rank(writer, name) == expected


def test_an_index_knows_the_ranks_of_a_run(tmp_path: Path) -> None:
    for number in range(3):
        with headway.init(tmp_path / "runs" / "a", rank=(number, 3)) as run:
            run.log({"x": number}, step=1)
    index = Index(tmp_path / "runs", tmp_path / "index")
    index.refresh()
    assert sorted(index.ranks("a").values(), key=str) == [0, 1, 2]
    index.close()
    again = Index(tmp_path / "runs", tmp_path / "index")
    assert sorted(again.ranks("a").values(), key=str) == [0, 1, 2]
    again.close()

from __future__ import annotations

from pathlib import Path

from headway.examine.names import gaps, twins
from headway.record.remote.pieces import piece_name

NAME = "events.out.tfevents.1700000000.host.42.0000.rank1"


def test_files_of_one_second() -> None:
    paths = [
        Path("a/events.out.tfevents.1700000000.host.1.0"),
        Path("a/events.out.tfevents.1700000000.other.2.0"),
        Path("a/events.out.tfevents.1700000001.host.1.1"),
        Path("b/events.out.tfevents.1700000000.host.1.0"),
        Path("b/tfevents"),
        *(Path("c") / piece_name(NAME, "0a1b2c3d", i) for i in range(3)),
    ]
    (found,) = twins(paths)
    assert (found.directory, found.second) == (Path("a"), 1700000000)
    assert found.names == ["events.out.tfevents.1700000000.host.1.0", "events.out.tfevents.1700000000.other.2.0"]


def test_pieces_that_are_missing() -> None:
    there = [Path("a") / piece_name(NAME, "0a1b2c3d", i) for i in (1, 2, 5)]
    there += [Path("b") / piece_name(NAME, "0a1b2c3d", i) for i in (0, 1)]
    (found,) = gaps([*there, Path("a/events.out.tfevents.1.host")])
    assert (found.file.parent, found.missing, found.numbers) == (Path("a"), 3, [0, 3, 4])


def test_numbers_out_of_all_bounds() -> None:
    (found,) = gaps([Path(f"tfevents.1.h.p{10**15}"), Path(f"tfevents.1.h.p{10**15 + 10**9}")])
    assert found.missing == 10**15 + 10**9 - 1
    assert len(found.numbers) == 100

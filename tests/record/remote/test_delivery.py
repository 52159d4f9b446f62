from __future__ import annotations

from pathlib import Path

import pytest

from headway.events.framing import frame
from headway.events.messages import file_version, scalar_value, summary_event
from headway.record.remote.delivery import Delivery
from headway.record.remote.destination import find
from headway.record.remote.spool import Mark, Spool

EVENTS = "events.out.tfevents.1700000000.host.1.0000"
VERSION = frame(file_version(1.0))
ONE, TWO = (frame(summary_event([scalar_value("t", step)], 2.0, step)) for step in (1, 2))


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spool:
    monkeypatch.setenv("HEADWAY_SPOOL", str(tmp_path / "spool"))
    spool = Spool.new(f"file://{tmp_path}/there")
    spool.claim()
    return spool


def write(spool: Spool, data: bytes, name: str = EVENTS) -> None:
    with (spool.files / name).open("ab") as file:
        file.write(data)


def arrived(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((tmp_path / "there").iterdir())]


def test_a_kill_between_the_upload_and_its_record_doubles_nothing(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(spool, VERSION + ONE)
    Delivery(spool, find(spool.url)).round(everything=False)
    write(spool, TWO)

    def killed(name: str, mark: Mark) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(spool, "set_mark", killed)
    with pytest.raises(KeyboardInterrupt):
        Delivery(spool, find(spool.url)).round(everything=False)
    assert arrived(tmp_path) == [VERSION + ONE, VERSION + TWO]
    spool.leave()
    taken = Spool.adopt(spool.place)
    assert taken
    assert Delivery(taken, find(taken.url)).round(everything=True)
    assert arrived(tmp_path) == [VERSION + ONE, VERSION + TWO]
    assert not Delivery(taken, find(taken.url)).round(everything=True)
    taken.leave()


def test_a_full_disk_here_stops_the_delivery_and_doubles_nothing(spool: Spool, tmp_path: Path) -> None:
    delivery = Delivery(spool, find(spool.url))
    write(spool, VERSION + ONE)
    (spool.place / "uploaded").mkdir()  # not to be written
    with pytest.raises(IsADirectoryError):
        delivery.round(everything=False)
    (spool.place / "uploaded").rmdir()
    write(spool, TWO)
    delivery.round(everything=False)
    assert b"".join(arrived(tmp_path)).count(ONE) == 1
    assert b"".join(arrived(tmp_path)).count(TWO) == 1
    spool.leave()


def test_one_file_that_cannot_be_delivered_does_not_hold_up_the_others(spool: Spool, tmp_path: Path) -> None:
    for name in "abc":
        write(spool, b"1", name)
    (tmp_path / "there" / "b").mkdir(parents=True)
    delivery = Delivery(spool, find(spool.url))
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            delivery.round(everything=True)
    assert delivery.waiting() == 2
    assert (tmp_path / "there" / "c").read_bytes() == b"1"
    spool.leave()


def test_a_file_that_is_still_changing_waits(spool: Spool, tmp_path: Path) -> None:
    delivery = Delivery(spool, find(spool.url))
    write(spool, b"1", "sprite.png")
    assert not delivery.round(everything=False)
    write(spool, b"2", "sprite.png")
    assert not delivery.round(everything=False)
    assert delivery.round(everything=False)
    assert arrived(tmp_path) == [b"12"]
    assert delivery.waiting() == 0
    assert not delivery.round(everything=True)
    spool.leave()

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

import headway.record.remote.pieces as pieces
from headway.events.framing import frame
from headway.events.messages import file_version, heartbeat, scalar_value, session_start, summary_event
from headway.record.remote.pieces import is_event_file, new_records, piece_name

VERSION = frame(file_version(1.0))
NAME = "events.out.tfevents.1700000000.node-1.42.0007"


@given(
    st.lists(st.binary(max_size=300), max_size=30), st.lists(st.integers(0, 900), max_size=10), st.integers(12, 400)
)
def test_pieces_are_event_files_and_together_the_whole(payloads: list[bytes], growth: list[int], limit: int) -> None:
    whole = VERSION + b"".join(map(frame, payloads))
    boundaries = {0, len(VERSION)}
    for payload in payloads:
        boundaries.add(max(boundaries) + len(frame(payload)))
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", limit)
        path = Path(folder, "file")
        path.write_bytes(b"")
        taken, size = 0, 0
        for more in [*growth, len(whole)]:
            with path.open("ab") as file:
                file.write(whole[size : size + more])
            size = min(size + more, len(whole))
            while True:
                version, records = new_records(path, taken, everything=True)
                if not records:
                    break
                assert version == (VERSION if taken else b"")
                assert records == whole[taken : taken + len(records)]
                assert len(records) <= limit or not any(taken < end < taken + len(records) for end in boundaries)
                taken += len(records)
                assert taken in boundaries
            assert taken == max(end for end in boundaries if end <= size)


def test_a_length_that_reaches_beyond_the_file_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(VERSION + b"\xff" * 20)
    assert new_records(path, 0, everything=True) == (b"", VERSION)
    assert new_records(path, len(VERSION), everything=True) == (b"", b"")


def test_a_file_that_begins_otherwise_gets_nothing_before_its_pieces(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(frame(b"one") + frame(b"two"))
    assert new_records(path, len(frame(b"one")), everything=False) == (b"", frame(b"two"))


POINT = frame(summary_event([scalar_value("t", 1.0)], 2.0, 7))
START = frame(file_version(3.0, 5)) + frame(session_start(3.0, 5))
BEAT = frame(heartbeat(4.0, "headway"))


@pytest.mark.parametrize(
    ("written", "now"),
    [
        (VERSION, b""),
        (VERSION + START, b""),
        (VERSION + START + BEAT, b""),
        (VERSION + START + POINT, VERSION + START + POINT),
        (VERSION + POINT + START, VERSION + POINT),
        (VERSION + POINT + START + BEAT + BEAT, VERSION + POINT),
        (VERSION + POINT + BEAT, VERSION + POINT + BEAT),
    ],
)
def test_a_session_start_is_in_one_piece_with_what_follows_it(tmp_path: Path, written: bytes, now: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(written)
    assert new_records(path, 0, everything=False) == (b"", now)
    assert new_records(path, 0, everything=True) == (b"", written)


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        (NAME, f"{NAME}.0badcafe.p000003"),
        (f"a/b/{NAME}.suffix", f"a/b/{NAME}.0badcafe.p000003.suffix"),
        ("events.out.tfevents.1700000000.host", "events.out.tfevents.1700000000.host.0badcafe.p000003"),
        ("my.tfevents", "my.tfevents.0badcafe.p000003"),
    ],
)
def test_names(name: str, piece: str) -> None:
    assert piece_name(name, "0badcafe", 3) == piece
    assert is_event_file(name)
    assert is_event_file(piece)


def test_names_sort_in_the_order_of_the_records() -> None:
    names = [
        piece_name(f"{NAME[:-4]}{file:04d}.x", "0badcafe", piece) for file in (7, 8) for piece in range(0, 2000, 7)
    ]
    assert names == sorted(names)


def test_what_is_no_event_file() -> None:
    assert not is_event_file("tfevents/projector_config.pbtxt")

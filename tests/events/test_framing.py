from __future__ import annotations

import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.summary.writer.record_writer import RecordWriter

from headway.events.framing import FOOTER, HEADER, frame


@given(st.binary(max_size=300))
def test_the_same_bytes_as_tensorboard(payload: bytes) -> None:
    peer = io.BytesIO()
    RecordWriter(peer).write(payload)
    assert frame(payload) == peer.getvalue()
    assert len(frame(payload)) == HEADER + len(payload) + FOOTER


def test_tensorboard_reads_the_records(tmp_path: Path) -> None:
    payloads = [b"", b"a", bytes(range(256)) * 20]
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(b"".join(map(frame, payloads)))
    assert list(RawEventFileLoader(str(file)).Load()) == payloads

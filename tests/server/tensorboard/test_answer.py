from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headway.server.tensorboard.answer import LEAST, gathered


def test_many_rows_are_few_pieces() -> None:
    rows = [b'{"step":%d}' % step for step in range(100_000)]
    pieces = list(gathered(iter(rows)))
    assert b"".join(pieces) == b"".join(rows)
    assert len(pieces) < 25


@given(st.lists(st.integers(0, 3 * LEAST).map(bytes), max_size=8))
def test_pieces_hold_the_same_bytes_and_are_none_too_short(rows: list[bytes]) -> None:
    pieces = list(gathered(iter(rows)))
    assert b"".join(pieces) == b"".join(rows)
    assert all(len(piece) >= LEAST for piece in pieces[:-1])
    assert all(len(piece) < LEAST + max(map(len, rows)) for piece in pieces)

from __future__ import annotations

import numpy as np

from headway.store.places import Places, Ranges


def ranges(*rows: tuple[int, int, int]) -> Ranges:
    segment, first, last = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return segment, first, last


def test_ranges_come_in_the_order_they_were_written() -> None:
    places = Places(ranges((7, 0, 4), (3, 5, 5)))
    assert places.of(7) == [(0, 4)]
    places.add(ranges((3, 6, 9), (7, 10, 10)))
    places.add(ranges((7, 11, 20)))
    assert places.of(7) == [(0, 4), (10, 10), (11, 20)]
    assert places.of(3) == [(5, 5), (6, 9)]
    assert places.of(5) == []


def test_of_nothing() -> None:
    assert Places(ranges()).of(1) == []

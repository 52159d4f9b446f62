from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from headway.store.schema import TICKS
from headway.store.stretch import Stretch, clustered, odd_times, odd_values, stretch

FLOATS = st.floats(allow_nan=True, width=64) | st.floats(width=32) | st.sampled_from([0.1, 1e300, -0.0, 5e-324])
TIMES = st.floats(1e9, 2.1e9) | st.floats() | st.integers(0, 2**31).map(float)


def of(segments: list[int], counts: list[int], times: list[float], values: list[float]) -> Stretch:
    bounds = np.cumsum([0, *counts])
    steps = np.arange(bounds[-1], dtype=np.int64)
    return stretch(np.array(segments), bounds, steps, np.array(times), np.array(values))


@given(st.lists(st.tuples(TIMES, FLOATS), min_size=1, max_size=20))
def test_what_is_packed_is_exact_or_said_to_be_odd(points: list[tuple[float, float]]) -> None:
    times, values = (list(column) for column in zip(*points, strict=True))
    packed = of([1], [len(points)], times, values)
    late, large = odd_times(packed.wall_times, packed.ticks), odd_values(packed.values, packed.floats)
    assert packed.exact == (not late.any() and not large.any())
    np.testing.assert_array_equal((packed.ticks / TICKS)[~late], packed.wall_times[~late])
    np.testing.assert_array_equal(packed.floats.astype(np.float64)[~large], packed.values[~large])


def test_the_odd_ones() -> None:
    packed = of([1], [5], [1.5e9, 1.5e9 + 2**-22, 1e-9, np.nan, np.inf], [1.0, 0.1, np.nan, -np.inf, 1e300])
    assert odd_times(packed.wall_times, packed.ticks).tolist() == [False, False, True, True, True]
    assert odd_values(packed.values, packed.floats).tolist() == [False, True, False, False, True]


def test_points_come_together_by_segment_in_their_own_order() -> None:
    first = of([5, 2], [2, 1], [1.0, 2.0, 3.0], [10.0, 11.0, 12.0])
    second = of([2, 9], [1, 1], [4.0, 5.0], [13.0, 14.0])
    segments, bounds, columns = clustered([first, second])
    assert (segments.tolist(), bounds.tolist()) == ([2, 5, 9], [0, 2, 4, 5])
    assert columns["value"].tolist() == [12.0, 13.0, 10.0, 11.0, 14.0]
    assert columns["segment"].tolist() == [2, 2, 5, 5, 9]
    assert columns["wall_time"].tolist() == [3.0, 4.0, 1.0, 2.0, 5.0]

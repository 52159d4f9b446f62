from __future__ import annotations

import numpy as np

from headway.store.cache import PointCache
from headway.store.rows import Points


def points(n: int) -> Points:
    return Points(np.zeros(n, np.int64), np.zeros(n), np.zeros(n))


def test_the_least_recently_used_goes_first() -> None:
    cache = PointCache(limit=24 * 10)
    for key in "abc":
        cache.put(key, points(4))
        cache.get("a")
    assert [key for key in "abc" if cache.get(key) is not None] == ["a", "c"]
    cache.put("a", points(2))
    cache.put("b", points(4))
    assert [key for key in "abc" if cache.get(key) is not None] == ["a", "b", "c"]


def test_what_is_too_large_is_not_kept() -> None:
    cache = PointCache(limit=24 * 10)
    cache.put("a", points(4))
    cache.put("b", points(6))
    assert cache.get("b") is None
    assert cache.get("a") is not None

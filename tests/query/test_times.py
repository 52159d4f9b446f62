from __future__ import annotations

from datetime import datetime

import pytest

from headway.query.times import moment, seconds


def test_moments() -> None:
    assert moment("2026-11-24T13:30:00+00:00") == 1795527000
    assert moment("2026-11-24") == datetime(2026, 11, 24).timestamp()
    for wrong in ("yesterday", "2026-13-01", "", "12"):
        with pytest.raises(ValueError, match="no date"):
            moment(wrong)


def test_lengths() -> None:
    assert [seconds(text) for text in ("90s", "15m", "15min", "2.5h", "3d")] == [90, 900, 900, 9000, 259200]
    for wrong in ("90", "h", "1w", "-1s", "1e3s"):
        with pytest.raises(ValueError, match="no length of time"):
            seconds(wrong)

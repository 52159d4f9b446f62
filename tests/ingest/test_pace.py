from __future__ import annotations

from headway.ingest.pace import DISCOVERY_FASTEST, FASTEST, LONGEST_REST, REST_SHARE, SLOWEST, Pace


def pause_after(age: float) -> float:
    pace = Pace()
    pace.looked("f", changed_at=1000 - age, wall=1000, now=0)
    return next(t / 100 for t in range(1, 10_000) if pace.is_due("f", t / 100))


def test_a_growing_file_is_looked_at_often_and_a_quiet_one_rarely() -> None:
    assert pause_after(0) == FASTEST
    assert FASTEST < pause_after(60) <= 1
    assert pause_after(1e6) == SLOWEST
    assert pause_after(-50) == FASTEST  # a clock that is ahead


def test_looking_through_slow_directories_leaves_time() -> None:
    pace = Pace()
    assert pace.discovery_is_due(0)
    pace.discovered(0, 0.001)
    assert not pace.discovery_is_due(DISCOVERY_FASTEST / 2)
    assert pace.discovery_is_due(1)
    pace.discovered(0, 1)
    assert not pace.discovery_is_due(20)


def test_the_pause_ends_when_something_is_due() -> None:
    pace = Pace()
    pace.discovered(0, 0)
    pace.looked("f", 1000, 1000, 0)
    assert 0 < pace.pause(0.05, 0.05) <= FASTEST


def test_much_to_look_at_leaves_time_for_others() -> None:
    pace = Pace()
    pace.looked("f", 1000, 1000, 0)
    assert pace.pause(0, 0.15) == 0.15 * REST_SHARE
    assert pace.pause(0, 60) == LONGEST_REST

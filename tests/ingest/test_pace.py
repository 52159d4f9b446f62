from __future__ import annotations

import pytest

from headway.ingest.pace import DAY, FASTEST, FINISHED, LONGEST_REST, REST_SHARE, SLOWEST, Schedule, interval, rest


def test_a_growing_file_is_looked_at_often_and_a_quiet_one_rarely() -> None:
    assert interval(0) == interval(-50) == FASTEST
    assert FASTEST < interval(60) <= 1
    assert interval(3600) == SLOWEST
    assert interval(DAY) == interval(1e9) == FINISHED


def test_what_is_due_is_taken_once() -> None:
    schedule = Schedule()
    schedule.put("late", 100.0)
    schedule.put("early", 10.0)
    assert schedule.soonest() == pytest.approx(10.0)
    assert schedule.take(9.0) == []
    assert schedule.take(11.0) == ["early"]
    assert schedule.take(11.0) == []
    assert schedule.soonest() == pytest.approx(100.0)


def test_the_last_word_counts() -> None:
    schedule = Schedule()
    for at in (10.0, 50.0, 10.0, 20.0):
        schedule.put("a", at)
    assert schedule.take(15.0) == []
    assert schedule.take(25.0) == ["a"]
    assert schedule.take(100.0) == []


def test_what_is_new_is_due_at_once_and_what_is_gone_never() -> None:
    schedule = Schedule()
    schedule.put("gone", 5.0)
    schedule.put("kept", 50.0)
    for now in (1.0, 1.04, 1.14):  # however it is rounded
        schedule.keep(["kept", "new"], now)
        assert schedule.take(now) == ["new"]
    assert schedule.take(49.0) == []
    assert "kept" in schedule


def test_thousands_that_begin_together_drift_apart() -> None:
    schedule = Schedule()
    for i in range(1_000):
        schedule.put_back(str(i), FINISHED, now=0.0)
    counts = [len(schedule.take(t / 5)) for t in range(1, int(FINISHED * 5) + 2)]
    assert sum(counts) == 1_000
    assert max(counts) < 150


def test_the_pause_ends_when_something_is_due() -> None:
    assert 0 < rest(1.0, began=0.9, now=0.9) <= 0.11
    assert rest(float("inf"), began=0.0, now=0.0) == LONGEST_REST
    assert rest(0.0, began=5.0, now=5.0) > 0


def test_much_to_look_at_leaves_time_for_others() -> None:
    assert rest(0.0, began=0.0, now=0.15) == pytest.approx(0.15 * REST_SHARE)
    assert rest(0.0, began=0.0, now=60.0) == LONGEST_REST

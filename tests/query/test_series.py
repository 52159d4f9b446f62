"""Sessions and parts, on segments made by hand; `tests/test_logs.py` compares with TensorBoard on real files."""

from __future__ import annotations

import numpy as np

from headway.query.lives import writers
from headway.query.series import Loaded, Series, resolve, superseded
from headway.store.rows import Extent, Segment, Session, Sessions


def segment(path: str, steps: list[int], wall: float, session: int = 0, start: int | None = None) -> Loaded:
    column = np.array(steps, dtype=np.int64)
    walls = wall + np.arange(len(steps), dtype=np.float64)
    extent = Extent(len(steps), min(steps), max(steps), walls[0], walls[-1])
    return Loaded(Segment(1, path, session, start, "r", "t", "scalars"), extent, Series(column, walls, walls))


def sessions(*given: Loaded) -> Sessions:
    return {
        (p.segment.path, p.segment.session): Session(
            p.segment.start, p.extent.first_wall, p.extent.last_wall, None, p.extent.min_step, p.extent.max_step
        )
        for p in given
    }


def steps(*given: Loaded) -> list[int]:
    return list(resolve(given, sessions(*given)).steps.tolist())


def test_a_later_file_goes_on() -> None:
    assert steps(segment("b", [3, 4], 200), segment("a", [1, 2], 100)) == [1, 2, 3, 4]


def test_a_later_file_that_goes_back_wins() -> None:
    assert steps(segment("a", [1, 2, 3, 4], 100), segment("b", [3, 4, 5], 200)) == [1, 2, 3, 4, 5]
    joined = [segment("a", [1, 2, 3, 4], 100), segment("b", [3, 4, 5], 200)]
    assert resolve(joined, sessions(*joined)).wall_times.tolist() == [100, 101, 200, 201, 202]


def test_three_lives() -> None:
    assert steps(segment("a", [1, 2, 3], 100), segment("b", [2, 3, 4], 200), segment("c", [4, 5], 300)) == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert steps(segment("a", [1, 2, 3], 100), segment("b", [3, 4], 200), segment("c", [1, 2], 300)) == [1, 2]


def test_a_later_file_of_one_step_is_no_rewind() -> None:
    """The metric of torch's add_hparams, a last evaluation: its point is added, and hides nothing."""
    assert steps(segment("a", [1, 2, 3], 100), segment("b", [0], 200)) == [1, 2, 3, 0]
    assert steps(segment("a", [1, 2, 3], 100), segment("b", [0, 0], 200)) == [1, 2, 3, 0, 0]


def test_ranks_that_are_known_supersede_only_themselves() -> None:
    lives = [
        segment("rank0", [1, 2, 3], 100),
        segment("rank1", [1, 2, 3], 200),
        segment("again0", [3, 4], 300),
        segment("again1", [3, 4], 400),
    ]
    ranks = {key: session._replace(rank=int(key[0][-1])) for key, session in sessions(*lives).items()}
    assert resolve(lives, ranks).steps.tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert writers(ranks) == {("rank0", 0): 0, ("rank1", 0): 1, ("again0", 0): 0, ("again1", 0): 1}
    assert [branch.wall_times.tolist() for branch in superseded(lives, ranks)] == [[102.0], [202.0]]


def test_writers_that_say_no_rank_are_numbered() -> None:
    a, b, c = segment("a", [1, 2], 100), segment("b", [1, 2], 100.5), segment("c", [3, 4], 200)
    assert writers(sessions(a, b, c)) == {("a", 0): 0, ("b", 0): 1, ("c", 0): 0}


def test_a_declared_start_supersedes_even_what_is_not_logged_again() -> None:
    old, other = segment("a", [1, 5, 9], 100), segment("b", [7], 200, start=4)
    known = sessions(old, other)
    assert resolve([old], known).steps.tolist() == [1]


def test_sessions_of_one_file() -> None:
    first, second = segment("a", [1, 2, 3], 100), segment("a", [2], 50, session=1, start=2)
    assert steps(second, first) in ([1, 2], [2, 1])


def test_parts_that_grow_together_supersede_nothing() -> None:
    a, b = segment("rank0", [1, 2, 3], 100), segment("rank1", [1, 2, 3], 100.5)
    assert steps(a, b) == [1, 1, 2, 2, 3, 3]


def test_steps_that_go_back_within_one_session_stay() -> None:
    assert steps(segment("a", [1, 2, 1, 2], 100)) == [1, 2, 1, 2]


def remote(file: str, number: int) -> str:
    return f"{file}.0123abcd.p{number:06d}.rank0"


def test_the_pieces_of_a_file_are_one_session() -> None:
    same_step = [segment(remote("a", n), [0, 0], 100 + 10 * n) for n in range(3)]
    assert steps(*same_step) == [0] * 6
    back_and_forth = [segment(remote("a", 0), [1, 2, 3], 100), segment(remote("a", 1), [2, 3, 4], 200)]
    assert steps(*reversed(back_and_forth)) == [1, 2, 3, 2, 3, 4]


def test_a_start_said_in_a_piece_counts_for_all_before_it() -> None:
    before, after = segment(remote("a", 0), [1, 2, 3], 100), segment(remote("a", 1), [4, 5], 200)
    again = segment(remote("a", 1), [2, 3], 210, session=1, start=2)
    rest = segment(remote("a", 2), [4], 220)
    assert steps(before, after, again, rest) == [1, 2, 3, 4]


def test_ranks_in_pieces_supersede_nothing() -> None:
    ranks = [
        segment(remote(f"rank{rank}", n), [10 * n, 10 * n + 1], 100 + 10 * n + rank)
        for rank in (0, 1)
        for n in range(3)
    ]
    assert steps(*ranks) == sorted([0, 1, 10, 11, 20, 21] * 2)


def test_a_later_file_in_pieces_wins() -> None:
    first = [segment(remote("a", n), [10 * n, 10 * n + 1], 100 + 10 * n) for n in range(3)]
    second = [segment(remote("b", n), [10 * n + 11], 500 + 10 * n) for n in range(2)]
    assert steps(*first, *second) == [0, 1, 10, 11, 21]

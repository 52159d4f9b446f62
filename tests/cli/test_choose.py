from __future__ import annotations

import pytest

from headway.cli.choose import one_run, several_runs
from headway.errors import HeadwayError
from headway.marks import Mark

RUNS = ["a", "a/b", "sweep/lr[1]", "sweep/x1", "sweep/x2", "x/a/b", "基线"]
MARKS = {"sweep/x1": Mark(name="the best"), "gone": Mark(name="lost"), "sweep/x2": Mark(name="基")}


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("a", "a"),
        ("a/b", "a/b"),
        ("a/b/", "a/b"),
        ("the best", "sweep/x1"),
        ("x1", "sweep/x1"),
        ("x/a/b", "x/a/b"),
        ("lr[1]", "sweep/lr[1]"),
        ("sweep/lr[1]", "sweep/lr[1]"),
        ("sweep/?2", "sweep/x2"),
        ("线", "基线"),
        ("基", "sweep/x2"),
    ],
)
def test_one_run(text: str, run: str) -> None:
    assert one_run(text, RUNS, MARKS) == run


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("b", "'b' may be any of 2 runs: a/b, x/a/b"),
        ("sweep/*", "'sweep/*' may be any of 3 runs: sweep/lr[1], sweep/x1, sweep/x2"),
        ("lost", "no run 'lost'; there are a, "),
        ("sweep/x3", "no run 'sweep/x3'; did you mean 'sweep/x2', 'sweep/x1', "),
        ("", "no run ''; there are "),
        ("\x1b", "no run '�'; there are "),
    ],
)
def test_none_or_several(text: str, message: str) -> None:
    with pytest.raises(HeadwayError) as caught:
        one_run(text, RUNS, MARKS)
    assert str(caught.value).startswith(message)


def test_several_runs() -> None:
    assert several_runs(["sweep/x*", "a", "sweep/x1"], RUNS, MARKS) == ["sweep/x1", "sweep/x2", "a"]
    assert several_runs(["sweep/lr[1]"], RUNS, MARKS) == ["sweep/lr[1]"]
    for text in ("b", "y*"):
        with pytest.raises(HeadwayError):
            several_runs(["a", text], RUNS, MARKS)
    with pytest.raises(HeadwayError, match="there are none"):
        several_runs(["a"], [], {})


def test_many_candidates_are_counted() -> None:
    with pytest.raises(HeadwayError, match=r"any of 50 runs: r0, .* and 40 more"):
        one_run("r*", [f"r{i}" for i in range(50)], {})

from __future__ import annotations

import pytest

from headway.query.console import LONGEST, is_error, lines_of


def test_lines_of_a_fenced_block_and_of_none() -> None:
    assert lines_of("```text\nstep 1\n\n  loss 2\n```") == ["step 1", "", "  loss 2"]
    assert lines_of("\nplain\ntext\n") == ["plain", "text"]


def test_a_bar_that_was_drawn_over_is_what_it_was_in_the_end() -> None:
    assert lines_of("```text\n  1%\r 50%\r100% done\n 3%\r\n\r\r\n```") == ["100% done", " 3%", ""]


def test_a_line_without_end_is_cut() -> None:
    assert [len(line) for line in lines_of("x" * 3 * LONGEST)] == [LONGEST]


@pytest.mark.parametrize(
    "line",
    [
        "Traceback (most recent call last):",
        "torch.cuda.OutOfMemoryError: CUDA out of memory.",
        "\x1b[31mValueError\x1b[0m: no",
        "2026-01-01 ERROR worker 3 is gone",
        "error: could not compile",
        "Segmentation fault (core dumped)",
    ],
)
def test_errors(line: str) -> None:
    assert is_error(line)


@pytest.mark.parametrize("line", ["", "train error 0.31", "0 errors", "step 3 ok", "error=0.2", "xError1"])
def test_no_errors(line: str) -> None:
    assert not is_error(line)

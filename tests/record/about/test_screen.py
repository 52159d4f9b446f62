from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.record.about.screen import MAX_LINE, Screen


def shown(*texts: str) -> list[str]:
    screen = Screen()
    lines = []
    for text in texts:
        screen.feed(text)
        lines += screen.take()
    return lines + screen.rest()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one\ntwo", ["one", "two"]),
        ("one\n\ntwo\n", ["one", "", "two"]),
        ("windows\r\nlines\r\n", ["windows", "lines"]),
        ("\r 10%\r 50%\r100%\ndone\n", ["100%", "done"]),
        ("abc\rx", ["x"]),
        ("\x1b[31mred\x1b[0m and \x1b[1;38;5;200mbold\x1b[m", ["red and bold"]),
        ("\x1b]0;a title\x07text", ["text"]),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", ["link"]),
        ("5/9\b\b\b6/9", ["6/9"]),
        ("old\x1b[2Knew", ["new"]),
        ("bell\x07\x00 tab\there", ["bell tab\there"]),
        ("损失 ▇▇▇", ["损失 ▇▇▇"]),
        ("x" * (MAX_LINE + 5), ["x" * MAX_LINE]),
    ],
)
def test_what_is_left_on_the_screen(text: str, lines: list[str]) -> None:
    assert shown(text) == lines


@given(st.text(st.sampled_from("ab\n\r\b\t\x1b[]m2AK;\x07\\"), max_size=40), st.randoms())
def test_pieces_are_as_good_as_the_whole(text: str, chance: random.Random) -> None:
    pieces, rest = [], text
    while rest:
        size = chance.randint(1, len(rest))
        pieces.append(rest[:size])
        rest = rest[size:]
    whole, parts = Screen(), Screen()
    whole.feed(text)
    for piece in pieces:
        parts.feed(piece)
    assert parts.take() + parts.rest() == whole.take() + whole.rest()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bars_of_tqdm_one_below_another() -> None:
    from tqdm import tqdm  # type: ignore[import-untyped]

    stream, screen, seen = Terminal(), Screen(), []
    for epoch in tqdm(range(3), desc="epochs", file=stream, mininterval=0, ncols=60):
        for _ in tqdm(range(20), desc=f"batches {epoch}", file=stream, mininterval=0, ncols=60):
            screen.feed(stream.getvalue())
            stream.seek(0)
            stream.truncate()
            seen += screen.take()
    screen.feed(stream.getvalue())
    seen += screen.take() + screen.rest()
    lines = [line.split(":")[0] for line in seen if line]
    assert sorted(lines) == ["batches 0", "batches 1", "batches 2", "epochs"]
    assert all("100%" in line for line in seen if line)


def test_a_screen_that_is_never_left_does_not_grow() -> None:
    screen = Screen()
    lines = 0
    for number in range(2000):
        screen.feed(f"{number}\n" * 50 + "\x1b[50A")
        lines += len(screen.take())
    assert lines + len(screen.rest()) <= 2000 * 50

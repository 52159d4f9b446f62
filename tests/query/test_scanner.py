"""Words, numbers and quotes, and errors that point at the character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.query.scanner import Scanner, named


def scanner(text: str) -> Scanner:
    return Scanner(text, "text")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("train/loss + 1", "train/loss"),
        ("a-b-c d", "a-b-c"),
        ("a- b", "a"),
        ("a--b", "a--b"),
        ("val:0@x%#$\\_. ", "val:0@x%#$\\_."),
        ("损失/训练 - x", "损失/训练"),
        ("x*2", "x"),
        ("(x)", None),
        ("-x", None),
    ],
)
def test_a_word_goes_on_as_long_as_it_can(text: str, word: str | None) -> None:
    assert scanner(text).word() == word


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("1.5e-3 x", 1.5e-3),
        (".5", 0.5),
        ("2.", 2),
        ("1e+16", 1e16),
        ("2nd", None),
        ("3-2", None),
        ("x", None),
    ],
)
def test_a_number_is_no_part_of_a_word(text: str, number: float | None) -> None:
    assert scanner(text).number() == number


@given(st.text(max_size=20))
def test_every_name_can_be_written(name: str) -> None:
    written = scanner(named(name))
    quoted = written.quoted()
    assert (written.word() if quoted is None else quoted) == name
    assert written.ended


@given(st.text(max_size=20), st.sampled_from("`'\""))
def test_every_quote_will_do(name: str, quote: str) -> None:
    assert scanner(quote + name.replace(quote, quote * 2) + quote).quoted() == name


def test_reserved_words_are_quoted() -> None:
    assert (named("step", ["step"]), named("steps", ["step"]), named("1e5")) == ("`step`", "steps", "`1e5`")


def test_an_error_points_at_its_character() -> None:
    lines = str(scanner("a\n损b").error("what", 3)).splitlines()
    assert lines == ["what (character 4 of the text)", "    a 损b", "        ^"]
    far = str(scanner("x" * 500).error("what", 400)).splitlines()
    assert far[1][far[2].index("^")] == "x"
    assert len(far[1]) < 130


def test_what_is_never_closed_and_what_is_too_long() -> None:
    with pytest.raises(HeadwayError, match="never closed"):
        scanner("`abc").quoted()
    with pytest.raises(HeadwayError, match="10,001 characters"):
        scanner("x" * 10_001)

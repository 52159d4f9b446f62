from __future__ import annotations

import re

import pytest

from headway.query.pattern import compiled


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|ab)*$", "(a?)+", "((a*))*", "(a{0,16}){0,16}", "(?:ab*)*", "(?=(a*))+"]
)
def test_a_choice_within_a_repeat_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="for ever"):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["a*b*c*d*", "a?" * 60 + "a" * 60, "(aa|a)" * 30])
def test_too_many_choices_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="very long"):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "(?P<", "x" * 201, "a{99999999999999999999}"])
def test_what_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="regular expression"):
        compiled(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^sft-.*\\d+$",
        "(a|b)*c",
        "(foo|bar)-(sft|rl)",
        "\\d{4}-\\d{2}",
        "(?i)SFT",
        "a.*b.*c",
        "(ab){3}",
        "(?:ab)+",
    ],
)
def test_the_others_find_what_they_find(pattern: str) -> None:
    for text in ("sft-77", "abc", "foo-rl", "2026-11", "abababx", ""):
        assert compiled(pattern)(text) is (re.search(pattern, text) is not None)


def test_the_worst_that_is_allowed_ends() -> None:
    assert not compiled("a*a*a*b")("a" * 100_000)

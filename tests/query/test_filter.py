from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.query.filter import parse_filter


class Facts:
    """Facts out of a dictionary, which remember what was asked."""

    def __init__(self, **known: Any) -> None:
        self.known = known
        self.asked: list[str] = []

    def field(self, name: str) -> Any:
        return self._of(name)

    def config(self, key: str) -> Any:
        return self._of(f"config.{key}")

    def value(self, function: str, tag: str) -> float | None:
        found = self._of(f"{function}({tag})")
        assert found is None or isinstance(found, float)
        return found

    def _of(self, key: str) -> Any:
        self.asked.append(key)
        return self.known.get(key)


RUN = Facts(
    **{
        "name": "sweep/sft-7b",
        "state": "finished",
        "steps": 1000,
        "duration": 7200.0,
        "started": 1_790_000_000.0,
        "tags": ["sft", "7 b"],
        "archived": False,
        "config.lr": 3e-4,
        "config.optim.name": "adamw",
        "config.seed": "17",
        "config.amp": True,
        "config.odd key": 1,
        "last(val/loss)": 1.5,
        "min(val/loss)": 1.25,
        "last(a b)": math.nan,
    }
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", True),
        ("config.lr < 1e-3 and last(val/loss) < 2", True),
        ("config.lr<1e-3 and last(val/loss)<1.5", False),
        ("last(val/loss) <= 1.5 and last(val/loss) >= 1.5 and last(val/loss) == 1.5", True),
        ("last(val/loss) > min(val/loss)", True),
        ("last(`a b`) < 1 or last('a b') > 1", False),
        ("state == finished", True),
        ("state != 'finished'", False),
        ("state in [running, finished]", True),
        ("state not in [running, failed]", True),
        ("group not in [a]", False),
        ("not group in [a]", True),
        ("name contains sft", True),
        ("'sft' in name", True),
        ("name contains SFT", False),
        ("tags contains sft and '7 b' in tags", True),
        ("tags contains sf", False),
        ("tags matches /^7/", True),
        ("name matches /sft-\\d+b$/", True),
        ("name matches 'sweep/'", True),
        ("name matches /sweep\\/sft/", True),
        ("name not matches /^baseline/", True),
        ("config.optim.name == adamw", True),
        ("config.seed == 17 and config.seed < 18", True),
        ("config.seed in [16, 17]", True),
        ("config.optim.name < 5", False),
        ("config.amp == true and config.amp", True),
        ("config.`odd key` == 1", True),
        ("config.nothing == 1 or config.nothing != 1", False),
        ("not (config.nothing == 1)", True),
        ("archived", False),
        ("not archived", True),
        ("tags", True),
        ("group or state == failed or steps > 999", True),
        ("state == failed or state == finished and archived", False),
        ("(state == failed or state == finished) and not archived", True),
        ("duration >= 2h and duration < 121m and duration == 7200", True),
        ("started > 2026-09-01 and started < 2027-01-01T12:00", True),
        ("started in [1790000000]", True),
        ("-1 < config.lr", True),
        ("tags == 3", False),
        ("not not not archived", True),
    ],
)
def test_filters(text: str, wanted: bool) -> None:
    assert parse_filter(text).matches(RUN) is wanted


def test_what_need_not_be_known_is_not_asked() -> None:
    facts = Facts(state="failed")
    assert not parse_filter("state == finished and last(val/loss) < 2").matches(facts)
    assert facts.asked == ["state"]


@pytest.mark.parametrize(
    ("text", "message", "character"),
    [
        ("stat == failed", "did you mean state", 1),
        ("loss < 2", "there is no field 'loss'", 1),
        ("mean(x) < 2", "no function 'mean'", 1),
        ("last(a b) < 2", "last\\(tag\\) was expected", 8),
        ("last() < 2", "last\\(tag\\) was expected", 6),
        ("state ==", "a value was expected", 9),
        ("state = failed", "`and`, `or` or the end was expected here; equal is ==", 7),
        ("(state == failed", "closing parenthesis", 17),
        ("state in [a", "a comma or", 12),
        ("state not failed", "`in`, `contains` or `matches`", 11),
        ("name matches x", "a regular expression", 14),
        ("name matches /(a+)+/", "for ever", 14),
        ("name matches /(/", "no regular expression", 14),
        ("'x'", "a comparison was expected", 4),
        ("1 < 2 < 3", "the end was expected", 7),
        ("started > yesterday", "no date", 11),
        ("duration > 3weeks", "no length of time", 12),
        ("not " * 60 + "archived", "within each other", 201),
        ("(" * 60, "within each other", 51),
    ],
)
def test_errors_name_the_character(text: str, message: str, character: int) -> None:
    with pytest.raises(HeadwayError, match=message) as raised:
        parse_filter(text)
    assert f"(character {character} of the filter)" in str(raised.value)


@given(st.text(max_size=40) | st.text("archived statelin ()[]<>=!,'/.0and or not", max_size=50))
def test_any_text_is_a_filter_or_an_error(text: str) -> None:
    try:
        found = parse_filter(text)
    except HeadwayError:
        return
    assert found.matches(RUN) in (True, False)


tests: st.SearchStrategy[tuple[str, Callable[[float, float], bool]]] = st.recursive(
    st.tuples(st.sampled_from(["config.a", "config.b"]), st.sampled_from(["<", ">="]), st.integers(-3, 3)).map(
        lambda t: (
            " ".join(map(str, t)),
            lambda a, b: ((a if t[0] == "config.a" else b) < t[2]) is (t[1] == "<"),
        )
    ),
    lambda inner: st.one_of(
        inner.map(lambda t: (f"not ({t[0]})", lambda a, b: not t[1](a, b))),
        st.tuples(inner, inner).map(
            lambda two: (f"({two[0][0]}) and ({two[1][0]})", lambda a, b: two[0][1](a, b) and two[1][1](a, b))
        ),
        st.tuples(inner, inner).map(
            lambda two: (f"({two[0][0]}) or ({two[1][0]})", lambda a, b: two[0][1](a, b) or two[1][1](a, b))
        ),
    ),
    max_leaves=8,
)


@given(tests, st.integers(-4, 4), st.integers(-4, 4))
def test_and_or_not(test: tuple[str, Callable[[float, float], bool]], a: int, b: int) -> None:
    text, holds = test
    assert parse_filter(text).matches(Facts(**{"config.a": a, "config.b": b})) is holds(a, b)


def test_precedence_is_that_of_python() -> None:
    for a in (0, 1):
        for b in (0, 1):
            for c in (0, 1):
                facts = Facts(**{"config.a": a, "config.b": b, "config.c": c})
                found = parse_filter("config.a or not config.b and config.c").matches(facts)
                assert found is bool(a or (not b and c))

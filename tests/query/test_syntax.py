from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.query.functions import BINARY, FUNCTIONS
from headway.query.syntax import AXES, Binary, Call, Expression, Negative, Number, Place, Tag, constant, parse

numbers = st.floats(0, 1e300).map(Number)
tags = (st.text(max_size=8) | st.sampled_from([*AXES, "ema", "1e5", "a-b", "x/y", "inf"])).map(Tag)
leaves = numbers | tags | st.sampled_from(AXES).map(Place)


def call(name: str, inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    fitting = {"weight": 0.5, "width": 3.0, "n": -2.0, "low": -1.0, "high": 1.0}

    def argument(name: str, runs: bool) -> st.SearchStrategy[Expression]:
        if name == "axis":
            return st.sampled_from(AXES).map(Place)
        if name in fitting:
            value = fitting[name]
            return st.just(Negative(Number(-value)) if value < 0 else Number(value))
        return inner.filter(lambda e: bool(e.tags())) if runs else inner

    parameters = FUNCTIONS[name].parameters
    return st.tuples(*(argument(p.name, p.runs) for p in parameters)).map(lambda given: Call(name, given))


def larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return (
        inner.map(Negative)
        | st.builds(Binary, st.sampled_from(list(BINARY)), inner, inner)
        | st.sampled_from(list(FUNCTIONS)).flatmap(lambda name: call(name, inner))
    )


expressions = st.recursive(leaves, larger, max_leaves=12)


@given(expressions)
def test_what_is_written_is_read_again(expression: Expression) -> None:
    assert parse(str(expression)) == expression


@given(st.text(max_size=60) | st.text("ab +-*/%().,1e`'", max_size=40))
def test_any_text_is_an_expression_or_an_error(text: str) -> None:
    try:
        expression = parse(text)
    except HeadwayError as error:
        shown = str(error).splitlines()
        assert len(shown) == 1 or set(shown[-1]) <= {" ", "^"}
    else:
        assert parse(str(expression)) == expression


X, Y, Z = Tag("x"), Tag("y"), Tag("z")


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("x - y - z", Binary("-", Binary("-", X, Y), Z)),
        ("x + y * z", Binary("+", X, Binary("*", Y, Z))),
        ("x ** y ** z", Binary("**", X, Binary("**", Y, Z))),
        ("-x ** 2", Negative(Binary("**", X, Number(2)))),
        ("x ** -2 * y", Binary("*", Binary("**", X, Negative(Number(2))), Y)),
        ("-x * y", Binary("*", Negative(X), Y)),
        ("+x", X),
        ("(x + y) // z % x", Binary("%", Binary("//", Binary("+", X, Y), Z), X)),
        ("x/y", Tag("x/y")),
        ("x / y", Binary("/", X, Y)),
        ("x /y", Binary("/", X, Y)),
        ("`x` /y", Binary("/", X, Y)),
        ("ema(x, 0.5)/2", Binary("/", Call("ema", (X, Number(0.5))), Number(2))),
        ("ema", Tag("ema")),
        ("step", Place("step")),
        ("`step`", Tag("step")),
        ("'a b'", Tag("a b")),
        ("rate(x, wall)", Call("rate", (X, Place("wall")))),
        ("x*2", Binary("*", X, Number(2))),
        ("x-y", Tag("x-y")),
    ],
)
def test_operators_words_and_functions(text: str, expression: Expression) -> None:
    assert parse(text) == expression


def test_the_tags_of_an_expression() -> None:
    assert parse("ema(val/loss, 0.9) - `train loss` * step + val/loss").tags() == {"val/loss", "train loss"}


def test_constants() -> None:
    assert constant(parse("2 ** -1 + 1 / 0 * 0 + 1")) != constant(parse("1"))  # NaN
    assert constant(parse("-(2 * 3) % 4")) == 2
    assert (constant(parse("x")), constant(parse("1 + step"))) == (None, None)


@pytest.mark.parametrize(
    ("text", "message", "character"),
    [
        ("", "was expected", 1),
        ("x +", "was expected", 4),
        ("x y", "an operator or the end", 3),
        ("(x", "closing parenthesis", 3),
        ("emma(x)", "no function 'emma'", 1),
        ("ema(x)", "comma is missing", 6),
        ("ema(x, 1)", "at least 0 and below 1", 8),
        ("ema(x, y)", "weight must be a number", 8),
        ("median(x, 0)", "width", 11),
        ("gaussian(x, 1e9)", "width", 13),
        ("shift(x, 1.5)", "whole number", 10),
        ("diff(step)", "x must name a tag", 6),
        ("rate(x, y)", "the axis is one of", 9),
        ("log(x, y)", "closing parenthesis", 6),
        ("log()", "was expected", 5),
        ("'x", "never closed", 1),
        ("(" * 60, "within each other", 51),
        ("-" * 60, "within each other", 51),
        ("+".join("x" * 300), "more than 200 parts", 200),
        ("1e999", "too large", 1),
    ],
)
def test_errors_name_the_character(text: str, message: str, character: int) -> None:
    with pytest.raises(HeadwayError, match=message) as raised:
        parse(text)
    assert f"(character {character} of the expression)" in str(raised.value)

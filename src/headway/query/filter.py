"""Filters over runs: `config.lr < 1e-3 and last(val/loss) < 2`.

    any        = all {"or" all}
    all        = test {"and" test}
    test       = "not" test | "(" any ")" | fact [comparison]
    comparison = ("==" | "!=" | "<" | "<=" | ">" | ">=") value
               | ["not"] ("in" (list | fact) | "contains" value | "matches" (/regular expression/ | text))
    fact       = a field of `FIELDS` | config.key | function "(" tag ")"
    value      = number | "true" | "false" | text in quotes | fact | bare word
    list       = "[" value {"," value} "]"

What a run does not have compares as false, with whatever. A fact alone asks whether it is there, and neither false, 0
nor empty. Words, quotes and numbers are those of expressions.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple, Protocol

from headway.query.pattern import compiled
from headway.query.scanner import Scanner
from headway.query.times import moment, seconds

Fact = str | float | bool | Sequence[str] | None
"""None: the run has no such thing."""

FIELDS = ("name", "state", "steps", "duration", "points", "started", "tags", "group", "archived")
"""Of a run. `steps`: its last step; `duration`: seconds from first point to last; `started`: seconds since 1970."""
FUNCTIONS = ("last", "first", "min", "max", "best")
"""Of a tag, over the finite points of a series that count."""

DEEPEST = 50
"""Parentheses and negations within each other."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/")


class RunFacts(Protocol):
    """What a filter asks of a run, when it asks."""

    def field(self, name: str) -> Fact:
        """One of `FIELDS`."""

    def config(self, key: str) -> Fact:
        """What the config has under a dotted key."""

    def value(self, function: str, tag: str) -> float | None:
        """One of `FUNCTIONS` of a scalar series."""


_Get = Callable[[RunFacts], Fact]
_Test = Callable[[RunFacts], bool]


class Filter:
    """Which runs are wanted. Made by `parse_filter`."""

    def __init__(self, text: str, test: _Test, tags: Iterable[str] = ()) -> None:
        self.text = text
        self.tags = frozenset(tags)
        """The tags that it asks of, whether there are any or not."""
        self._test = test

    def __repr__(self) -> str:
        return f"<Filter {self.text!r}>"

    def matches(self, facts: RunFacts) -> bool:
        """Whether the run with these facts is wanted."""
        return self._test(facts)


def parse_filter(text: str) -> Filter:
    """Return the filter that `text` says; an empty one wants every run.

    Raises:
        HeadwayError: it says none; the message points at the character.
    """
    scanner = Scanner(text, "filter")
    if scanner.ended:
        return Filter(text, lambda _: True)
    reader = _Reader(scanner)
    test = reader.any()
    if not scanner.ended:
        hint = "; equal is ==" if text.startswith("=", scanner.at) else ""
        raise scanner.error(f"`and`, `or` or the end was expected here{hint}")
    return Filter(text, test, reader.tags)


class _Operand(NamedTuple):
    """One side of a comparison."""

    get: _Get
    at: int
    field: str = ""
    """Which field it is, if it is one."""
    literal: Fact = None


class _Reader:
    def __init__(self, scanner: Scanner) -> None:
        self.tags: set[str] = set()
        self._scanner = scanner
        self._depth = 0

    def any(self) -> _Test:
        tests = [self._all()]
        while self._keyword("or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda facts: any(test(facts) for test in tests)

    def _all(self) -> _Test:
        tests = [self._one()]
        while self._keyword("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda facts: all(test(facts) for test in tests)

    def _one(self) -> _Test:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._scanner.error(f"more than {DEEPEST} parentheses and negations within each other")
        test = self._negated() if self._keyword("not") else self._bracketed() or self._comparison()
        self._depth -= 1
        return test

    def _negated(self) -> _Test:
        inner = self._one()
        return lambda facts: not inner(facts)

    def _bracketed(self) -> _Test | None:
        if not self._scanner.symbol("("):
            return None
        inner = self.any()
        if not self._scanner.symbol(")"):
            raise self._scanner.error("a closing parenthesis was expected here")
        return inner

    def _comparison(self) -> _Test:
        left = self._operand(word_is_text=False)
        at = self._scanner.at
        symbol = self._scanner.symbol(_COMPARISONS)
        if symbol is not None:
            right = self._operand()
            left, right = _fitting(left, right, self._scanner), _fitting(right, left, self._scanner)
            return partial(_compare, _COMPARISONS[symbol], left.get, right.get)
        negated = self._keyword("not")
        for word, how in (("in", self._in), ("contains", self._contains), ("matches", self._matches)):
            if self._keyword(word):
                holds = how(left)
                return _unless_missing(left.get, holds) if negated else holds
        if negated:
            raise self._scanner.error("`in`, `contains` or `matches` was expected here")
        if left.literal is not None:
            raise self._scanner.error("a comparison was expected here", at)
        get = left.get
        return lambda facts: bool(get(facts))

    def _in(self, left: _Operand) -> _Test:
        if not self._scanner.symbol("["):
            return partial(_contains, self._operand().get, left.get)
        among = [self._operand()]
        while self._scanner.symbol(","):
            among.append(self._operand())
        if not self._scanner.symbol("]"):
            raise self._scanner.error("a comma or ] was expected here")
        tests = [
            partial(
                _compare, operator.eq, _fitting(left, one, self._scanner).get, _fitting(one, left, self._scanner).get
            )
            for one in among
        ]
        return lambda facts: any(test(facts) for test in tests)

    def _contains(self, left: _Operand) -> _Test:
        return partial(_contains, left.get, self._operand().get)

    def _matches(self, left: _Operand) -> _Test:
        at = self._scanner.at
        text = self._scanner.pattern(_REGEX)
        text = self._scanner.quoted() if text is None else text
        if text is None:
            raise self._scanner.error("a regular expression was expected here: /…/")
        try:
            found = compiled(text)
        except ValueError as error:
            raise self._scanner.error(str(error), at) from None
        get = left.get
        return lambda facts: any(found(part) for part in _texts(get(facts)))

    def _operand(self, word_is_text: bool = True) -> _Operand:
        scanner, at = self._scanner, self._scanner.at
        literal: Fact = scanner.quoted()
        if literal is None:
            literal = self._number()
        word = None if literal is not None else scanner.word()
        if word is not None:
            fact = self._fact(word, at)
            if fact is not None:
                return fact
            if not word_is_text and word not in ("true", "false"):
                raise self._unknown(word, at)
            literal = word == "true" if word in ("true", "false") else word
        if literal is None:
            raise scanner.error("a field, config.…, last(tag) or a value was expected here")
        return _Operand(lambda _: literal, at, literal=literal)

    def _number(self) -> float | None:
        at = self._scanner.at
        sign = -1 if self._scanner.symbol("-") else 1
        number = self._scanner.number()
        if number is None:
            self._scanner.at = at
            return None
        return sign * number

    def _fact(self, word: str, at: int) -> _Operand | None:
        if self._scanner.symbol("("):
            if word not in FUNCTIONS:
                raise self._scanner.error(f"there is no function {word!r}; there are {', '.join(FUNCTIONS)}", at)
            tag = self._scanner.quoted()
            tag = self._scanner.word() if tag is None else tag
            if tag is None or not self._scanner.symbol(")"):
                raise self._scanner.error(f"{word}(tag) was expected: one tag, in backticks unless it is one word")
            self.tags.add(tag)
            return _Operand(lambda facts: facts.value(word, tag), at)
        if word.startswith("config."):
            key = word.removeprefix("config.")
            if not key or key.endswith("."):
                key += self._scanner.quoted() or ""
            return _Operand(lambda facts: facts.config(key), at)
        return _Operand(lambda facts: facts.field(word), at, field=word) if word in FIELDS else None

    def _unknown(self, word: str, at: int) -> Exception:
        near = get_close_matches(word, FIELDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(FIELDS)}, config.… and last(tag)"
        return self._scanner.error(f"there is no field {word!r}; {hint}", at)

    def _keyword(self, word: str) -> bool:
        at = self._scanner.at
        if self._scanner.word() == word:
            return True
        self._scanner.at = at
        return False


def _fitting(one: _Operand, other: _Operand, scanner: Scanner) -> _Operand:
    """A date or a length of time beside a field of such: as a number."""
    literal = one.literal
    if not isinstance(literal, str) or other.field not in ("started", "duration"):
        return one
    try:
        number = moment(literal) if other.field == "started" else seconds(literal)
    except ValueError as error:
        raise scanner.error(str(error), one.at) from None
    return _Operand(lambda _: number, one.at, literal=number)


def _compare(holds: Callable[[Any, Any], bool], left: _Get, right: _Get, facts: RunFacts) -> bool:
    a, b = left(facts), right(facts)
    if a is None or b is None:
        return False
    if isinstance(a, str) != isinstance(b, str):  # configs often have their numbers as text
        a, b = _as_number(a), _as_number(b)
        if a is None or b is None:
            return False
    try:
        return bool(holds(a, b))
    except TypeError:
        return False


def _as_number(fact: Fact) -> Fact:
    if not isinstance(fact, str):
        return fact
    try:
        return float(fact)
    except ValueError:
        return None


def _contains(whole: _Get, part: _Get, facts: RunFacts) -> bool:
    a, b = whole(facts), part(facts)
    if isinstance(a, str):
        return b is not None and (b if isinstance(b, str) else f"{b:g}" if isinstance(b, float) else str(b)) in a
    return isinstance(a, Sequence) and b in a


def _texts(fact: Fact) -> Sequence[str]:
    if isinstance(fact, str):
        return (fact,)
    return fact if isinstance(fact, Sequence) else ()


def _unless_missing(get: _Get, holds: _Test) -> _Test:
    return lambda facts: get(facts) is not None and not holds(facts)

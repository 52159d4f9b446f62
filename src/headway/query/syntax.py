r"""What expressions over series are made of, and how they are written. `expression.evaluate` computes them.

    sum      = product {("+" | "-") product}
    product  = signed {("*" | "/" | "//" | "%") signed}
    signed   = ("-" | "+") signed | power
    power    = atom ["**" signed]
    atom     = number | axis | tag | function "(" sum {"," sum} ")" | "(" sum ")"
    axis     = "step" | "wall" | "relative"
    tag      = a bare word of letters, digits and _ . / : @ % # $ \ and hyphens between them, or a text in backticks
               or quotes, within which the same quote twice stands for one

A word goes on as long as it can: `val/loss-best` is one tag. After a word and a space an operator is an operator.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from headway.query.functions import BINARY, FUNCTIONS, Parameter
from headway.query.scanner import Scanner, named

Axis = Literal["step", "wall", "relative"]
AXES: tuple[Axis, ...] = ("step", "wall", "relative")

MOST_PARTS = 200
"""Numbers, names, operators and calls of one expression."""
DEEPEST = 50
"""Parentheses and signs within each other."""

_SIGNED, _POWER, _ATOM = 3, 4, 5
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2, "**": _POWER}
_SYMBOLS = sorted(BINARY, key=len, reverse=True)


class Expression:
    """Something that can be computed of series. `str()` of it is its text, and parses to an equal one."""

    __slots__ = ()

    def parts(self) -> Iterator[Expression]:
        """It and all that it is made of."""
        yield self
        for operand in self.operands:
            yield from operand.parts()

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What it is computed of."""
        return ()

    def tags(self) -> set[str]:
        """The tags that it names."""
        return {part.name for part in self.parts() if isinstance(part, Tag)}


@dataclass(slots=True, frozen=True)
class Number(Expression):
    """A constant."""

    value: float

    def __str__(self) -> str:
        short = self.value.is_integer() and self.value < 1e15
        return str(int(self.value)) if short else repr(self.value)


@dataclass(slots=True, frozen=True)
class Tag(Expression):
    """A series, by its tag."""

    name: str

    def __str__(self) -> str:
        return named(self.name, AXES)


@dataclass(slots=True, frozen=True)
class Place(Expression):
    """Where a point lies: its step, its wall time, or the seconds since the run's first point."""

    axis: Axis

    def __str__(self) -> str:
        return self.axis


@dataclass(slots=True, frozen=True)
class Negative(Expression):
    """−x."""

    operand: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The one."""
        return (self.operand,)

    def __str__(self) -> str:
        return "-" + _within(self.operand, _SIGNED)


@dataclass(slots=True, frozen=True)
class Binary(Expression):
    """Two operands, point by point."""

    operator: str
    left: Expression
    right: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        """Both."""
        return self.left, self.right

    def __str__(self) -> str:
        strength = _STRENGTH[self.operator]
        to_the_right = self.operator == "**"
        left = _within(self.left, strength + to_the_right)
        right = _within(self.right, _SIGNED if to_the_right else strength + 1)
        return f"{left} {self.operator} {right}"


@dataclass(slots=True, frozen=True)
class Call(Expression):
    """A function of `headway.query.functions.FUNCTIONS`."""

    function: str
    arguments: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The arguments."""
        return self.arguments

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


def parse(text: str) -> Expression:
    """Return the expression that `text` says.

    Raises:
        HeadwayError: it says none; the message points at the character.
    """
    reader = _Reader(Scanner(text, "expression"))
    expression = reader.expression()
    if not reader.scanner.ended:
        raise reader.scanner.error("an operator or the end was expected here")
    return expression


def constant(expression: Expression) -> float | None:
    """The number that `expression` is whatever the series are, or None."""
    match expression:
        case Number(value):
            return value
        case Negative(operand):
            value_ = constant(operand)
            return None if value_ is None else -value_
        case Binary(operator, left, right):
            a, b = constant(left), constant(right)
            with np.errstate(all="ignore"):
                return None if a is None or b is None else float(BINARY[operator](a, b))
        case _:
            return None


def _within(operand: Expression, strength: int) -> str:
    """The text of an operand, in parentheses where what it stands in binds more tightly."""
    own = _ATOM
    if isinstance(operand, Binary):
        own = _STRENGTH[operand.operator]
    elif isinstance(operand, Negative):
        own = _SIGNED
    return str(operand) if own >= strength else f"({operand})"


class _Reader:
    """Reads an expression by the strength of its operators (Pratt, POPL 1973)."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self._parts = 0
        self._depth = 0

    def expression(self, strength: int = 0) -> Expression:
        """The longest expression here whose operators are stronger than `strength`."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.scanner.error(f"more than {DEEPEST} parentheses and signs within each other")
        left = self._operand()
        while not self.scanner.ended:
            at = self.scanner.at
            operator = self.scanner.symbol(_SYMBOLS)
            if operator is None:
                break
            own = _STRENGTH[operator]
            if own <= strength:
                self.scanner.at = at
                break
            # A sign binds less than a power, but may stand in its exponent.
            right = self.expression(_SIGNED - 1 if operator == "**" else own)
            left = self._made(Binary(operator, left, right), at)
        self._depth -= 1
        return left

    def _operand(self) -> Expression:
        scanner, at = self.scanner, self.scanner.at
        if scanner.symbol("-"):
            return self._made(Negative(self.expression(_SIGNED)), at)
        if scanner.symbol("+"):
            return self.expression(_SIGNED)
        if scanner.symbol("("):
            inner = self.expression()
            if not scanner.symbol(")"):
                raise scanner.error("a closing parenthesis was expected here")
            return inner
        number = scanner.number()
        if number is not None:
            return self._made(Number(number), at)
        quoted = scanner.quoted()
        if quoted is not None:
            return self._made(Tag(quoted), at)
        word = scanner.word()
        if word is None:
            raise scanner.error("a tag, a number, a function or a parenthesis was expected here")
        if scanner.symbol("("):
            return self._made(self._call(word, at), at)
        for axis in AXES:
            if word == axis:
                return self._made(Place(axis), at)
        return self._made(Tag(word), at)

    def _call(self, name: str, at: int) -> Call:
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.scanner.error(f"there is no function {name!r}; there are {', '.join(FUNCTIONS)}", at)
        arguments: list[Expression] = []
        for parameter in function.parameters:
            if arguments and not self.scanner.symbol(","):
                raise self.scanner.error(f"{function.usage} was expected: a comma is missing here")
            arguments.append(self._argument(parameter, function.usage))
        if not self.scanner.symbol(")"):
            raise self.scanner.error(f"{function.usage} was expected: a closing parenthesis is missing here")
        return Call(name, tuple(arguments))

    def _argument(self, parameter: Parameter, usage: str) -> Expression:
        at = self.scanner.at
        argument = self.expression()
        if parameter.check is not None:
            number = constant(argument)
            wrong = f"{parameter.name} must be a number" if number is None else parameter.check(number)
            if wrong:
                raise self.scanner.error(f"{usage}: {wrong}", at)
        elif parameter.name == "axis" and not isinstance(argument, Place):
            raise self.scanner.error(f"{usage}: the axis is one of {', '.join(AXES)}", at)
        elif parameter.runs and not argument.tags():
            raise self.scanner.error(f"{usage}: {parameter.name} must name a tag", at)
        return argument

    def _made(self, expression: Expression, at: int) -> Expression:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise self.scanner.error(f"more than {MOST_PARTS} parts", at)
        return expression

"""What expressions and filters are written in: numbers, words, quoted names, symbols, and errors that point."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from headway.errors import HeadwayError

LONGEST = 10_000
"""Characters of a text that is read at all."""

_SPACE = re.compile(r"\s*")
_LETTER = r"[\w./:@%#$\\]"
_WORD = re.compile(rf"{_LETTER}+(?:-+{_LETTER}+)*")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = re.compile("|".join(rf"{q}((?:[^{q}]|{q}{q})*){q}" for q in "`'\""))
_SHOWN = 60  # columns of the text on each side of what an error points at


class Scanner:
    """Reads a text from left to right; `at` is the position of what comes next."""

    def __init__(self, text: str, what: str) -> None:
        """`what` it is, for errors: "expression".

        Raises:
            HeadwayError: it is longer than `LONGEST`.
        """
        if len(text) > LONGEST:
            raise HeadwayError(f"this {what} has {len(text):,} characters: {LONGEST:,} are read at most")
        self.text = text
        self.what = what
        self.at = 0
        self.skip()

    @property
    def ended(self) -> bool:
        """Whether nothing comes any more."""
        return self.at == len(self.text)

    def skip(self) -> None:
        """Go past spaces."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def symbol(self, symbols: Iterable[str]) -> str | None:
        """Take the first of `symbols` that comes next, or nothing."""
        for symbol in symbols:
            if self.text.startswith(symbol, self.at):
                self._go(self.at + len(symbol))
                return symbol
        return None

    def number(self) -> float | None:
        """Take a number, without a sign; nothing where a word goes on behind its digits, as in `2nd`."""
        number, word = _NUMBER.match(self.text, self.at), _WORD.match(self.text, self.at)
        if number is None or (word is not None and word.end() > number.end()):
            return None
        value = float(number[0])
        if value == float("inf"):
            raise self.error(f"{number[0]} is too large a number")
        self._go(number.end())
        return value

    def word(self) -> str | None:
        r"""Take a bare word: letters, digits and `_ . / : @ % # $ \`, and hyphens between them."""
        found = _WORD.match(self.text, self.at)
        if found is None:
            return None
        self._go(found.end())
        return found[0]

    def quoted(self) -> str | None:
        """Take a text in backticks or quotes. Within, the same quote twice stands for one."""
        if not self.text.startswith(("`", "'", '"'), self.at):
            return None
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            raise self.error(f"this {self.text[self.at]} is never closed")
        quote = found[0][0]
        self._go(found.end())
        return found[0][1:-1].replace(quote * 2, quote)

    def pattern(self, pattern: re.Pattern[str]) -> str | None:
        """Take what `pattern` matches here: its first group."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self._go(found.end())
        return str(found[1])

    def error(self, message: str, at: int | None = None) -> HeadwayError:
        """An error that points at position `at` (None: at what comes next)."""
        at = self.at if at is None else at
        begin = max(at - _SHOWN, 0)
        before, after = self.text[begin:at], self.text[at : at + _SHOWN]
        line = f"{before}{after}".translate({ord(c): " " for c in "\n\r\t\v\f"})
        column = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in before)
        return HeadwayError(f"{message} (character {at + 1} of the {self.what})\n    {line}\n    {' ' * column}^")

    def _go(self, at: int) -> None:
        self.at = at
        self.skip()


def named(name: str, reserved: Sequence[str] = ()) -> str:
    """How `name` is written: as a bare word where that means the same, else in backticks."""
    number, word = _NUMBER.fullmatch(name), _WORD.fullmatch(name)
    if word and not number and name not in reserved:
        return name
    return "`" + name.replace("`", "``") + "`"

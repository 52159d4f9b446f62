"""What a terminal would show in the end: lines, without colours, each progress bar as it was left."""

from __future__ import annotations

import re

MAX_LINE = 10_000
"""Characters of a line that are kept."""
_MAX_ROWS = 200  # that wait below the cursor
# Text; or an escape: a control sequence (its parameters and its letter), a title or link, another, a half one.
_PART = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+|\t)|\x1b\[(?P<number>[0-?]*)[ -/]*(?P<letter>[@-~])"
    r"|\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|(?P<half>\x1b(?:[\[\]][^\x07\x1b]{0,4096}\x1b?)?\Z)|\x1b.?|(?P<control>.)",
    re.DOTALL,
)


class Screen:
    """One stream: `feed` it what is written there, and `take` the lines that are done."""

    def __init__(self) -> None:
        self._rows = [""]
        self._row = 0
        self._starts_over = False  # at the next character, after a carriage return
        self._half = ""  # an escape sequence whose end has not come

    def feed(self, text: str) -> None:
        """Go on with `text`."""
        text, self._half = self._half + text, ""
        for part in _PART.finditer(text):
            if part["text"]:
                self._put(part["text"])
            elif part["letter"]:
                self._move(part["letter"], part["number"])
            elif part["control"]:
                self._control(part["control"])
            elif part["half"]:
                self._half = part["half"]

    def take(self) -> list[str]:
        """Return the lines above the cursor, once: bars that are drawn below one another stay till they are left."""
        done, self._rows, self._row = self._rows[: self._row], self._rows[self._row :], 0
        if len(self._rows) > _MAX_ROWS:
            done, self._rows = done + self._rows[:-1], self._rows[-1:]
        return [line.rstrip() for line in done]

    def rest(self) -> list[str]:
        """Return all lines that are left, and be empty."""
        lines = [line.rstrip() for line in self._rows]
        self.__init__()  # type: ignore[misc]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _put(self, text: str) -> None:
        line = "" if self._starts_over else self._rows[self._row]
        self._starts_over = False
        self._rows[self._row] = (line + text)[:MAX_LINE]

    def _control(self, control: str) -> None:
        if control == "\n":
            self._starts_over = False
            self._row += 1
            if self._row == len(self._rows):
                self._rows.append("")
            elif self._rows[self._row]:
                self._starts_over = True  # a row that was drawn before is drawn anew
        elif control == "\r":
            self._starts_over = True
        elif control == "\b":
            self._rows[self._row] = self._rows[self._row][:-1]

    def _move(self, letter: str, number: str) -> None:
        if letter in "AF":
            self._row = max(self._row - (int(number) if number.isdigit() else 1), 0)
            self._starts_over = True
        elif letter == "K" and number == "2":
            self._rows[self._row] = ""

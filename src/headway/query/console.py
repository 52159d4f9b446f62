"""What a program printed, as lines: out of the texts that a run has under `headway/console`."""

from __future__ import annotations

import re

from headway.query.account import block

TAG, KIND = "headway/console", "text"
LONGEST = 10_000
"""Characters of a line that are kept."""

# Names of exceptions, and words that loggers and compilers write before what went wrong; not "error 0.31".
_ERROR = re.compile(
    r"Traceback \(most recent|[a-z](?:Error|Exception)\b|\b(?:ERROR|CRITICAL|FATAL|Fatal|PANIC)\b"
    r"|\b(?:[Ee]rror|fatal|panic): |[Oo]ut of memory|Segmentation fault|core dumped"
)
_HINTS = (
    "rror",
    "Exception",
    "Traceback",
    "ERROR",
    "CRITICAL",
    "FATAL",
    "atal",
    "PANIC",
    "panic: ",
    "ut of memory",
    "Segmentation",
    "core dumped",
)


def lines_of(text: str) -> list[str]:
    """Return the lines of one text: those of its fenced block, or of all of it when it has none.

    Of a line that was drawn over and over, as progress bars are, what stood there in the end.
    """
    said = block(text) or text.strip("\n")
    return [_settled(line)[:LONGEST] for line in said.split("\n")]


def is_error(line: str) -> bool:
    """Whether a line tells that something went wrong, as Python, loggers and compilers say it."""
    return may_tell_errors(line) and _ERROR.search(line) is not None


def may_tell_errors(text: str) -> bool:
    """Whether a line of `text` may be one, which is found out a hundred times as fast."""
    return any(hint in text for hint in _HINTS)


def _settled(line: str) -> str:
    if "\r" not in line:
        return line
    return next((part for part in reversed(line.split("\r")) if part.strip()), "")

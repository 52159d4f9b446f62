"""Which runs a person means by what they typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from headway.cli.output import printable
from headway.errors import HeadwayError
from headway.marks import Mark
from headway.query.names import near

MOST = 10
"""Candidates that an error lists."""


def one_run(text: str, runs: Sequence[str], marks: Mapping[str, Mark]) -> str:
    """Return the run that `text` means.

    Raises:
        HeadwayError: none, or several.
    """
    found = _meant(text, runs, marks)
    if len(found) > 1:
        raise HeadwayError(f"{printable(text)!r} may be any of {len(found)} runs: {_listed(found)}")
    return found[0]


def several_runs(texts: Sequence[str], runs: Sequence[str], marks: Mapping[str, Mark]) -> list[str]:
    """Return the runs that any of `texts` means, each once, in the order of the texts. A pattern may mean many.

    Raises:
        HeadwayError: one of them means none, or is no pattern and means several.
    """
    found: dict[str, None] = {}
    for text in texts:
        means = _matching(text, runs) if _is_pattern(text) and text not in runs else [one_run(text, runs, marks)]
        if not means:
            raise HeadwayError(_no_run(text, runs))
        found |= dict.fromkeys(means)
    return list(found)


def _meant(text: str, runs: Sequence[str], marks: Mapping[str, Mark]) -> list[str]:
    """Return the runs of this name; else those that were given it, match it, or end in it."""
    if text in runs:
        return [text]
    there = set(runs)
    tail = text.strip("/")
    ways = (
        [run for run, mark in marks.items() if mark.name == text and run in there],
        [tail] if tail in there else [],
        _matching(text, runs) if _is_pattern(text) else [],
        [run for run in runs if tail and run.endswith(f"/{tail}")],
        [run for run in runs if tail and run.endswith(tail)],
    )
    found = next(filter(None, ways), None)
    if found is None:
        raise HeadwayError(_no_run(text, runs))
    return found


def _is_pattern(text: str) -> bool:
    return any(character in text for character in "*?[")


def _matching(pattern: str, runs: Sequence[str]) -> list[str]:
    return [run for run in runs if fnmatchcase(run, pattern)]


def _no_run(text: str, runs: Sequence[str]) -> str:
    hint = (
        near(printable(text), map(printable, runs)) or f"; there are {_listed(runs)}" if runs else ": there are none"
    )
    return f"no run {printable(text)!r}{hint}"


def _listed(runs: Sequence[str]) -> str:
    names = [printable(run) for run in runs[:MOST]]
    return ", ".join(names) + (f" and {len(runs) - MOST} more" if len(runs) > MOST else "")

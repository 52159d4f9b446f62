"""Which tags say most of a run, where nobody named any; and series by a tag or an expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

from headway.cli.listing import known_tag
from headway.ingest.index import Index
from headway.query.expression import evaluate, parse
from headway.query.scalars import scalars
from headway.query.series import Series

FEW = 3
_TELLING = re.compile(r"loss|acc(uracy)?(?![a-z])|nll|perplexity|reward|(?<![a-z])score", re.IGNORECASE)
_FIRST = re.compile(r"val|eval|test", re.IGNORECASE)


def telling(tags: Iterable[tuple[str, int]], most: int = FEW) -> list[str]:
    """Return a few of `tags` (each with the number of runs that have it): losses, accuracies and the like.

    Those that most runs have come first; of these, what was measured on held-out data; then short names.
    """
    there = list(tags)
    chosen = [(tag, runs) for tag, runs in there if _TELLING.search(tag)] or there
    chosen.sort(key=lambda one: (-one[1], _FIRST.search(one[0]) is None, len(one[0])))
    return [tag for tag, _ in chosen[:most]]


def series_of(index: Index, run: str, text: str) -> Series:
    """Return the series of `run` that `text` is: a tag, or an expression over tags.

    Raises:
        HeadwayError: it is neither, or names a tag that the run has not.
    """
    tags = index.run_tags(run)

    def get(tag: str) -> Series:
        return scalars(index, run, known_tag(tag, tags))

    if text in tags:
        return get(text)
    expression = parse(text)
    return get(text) if not expression.tags() else evaluate(expression, get, index.first_wall(run))

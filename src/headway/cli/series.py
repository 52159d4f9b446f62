"""A series as it is named on the command line: by a tag, or as an expression over tags."""

from __future__ import annotations

from headway.cli.listing import known_tag
from headway.ingest.index import Index
from headway.query.expression import evaluate, parse
from headway.query.scalars import scalars
from headway.query.series import Series


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

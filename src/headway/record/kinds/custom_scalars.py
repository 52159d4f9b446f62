"""The layout of the custom scalars dashboard: a string with an encoded Layout, at a tag of its own.

Layout     category=2 repeated Category
Category   title=1 · chart=2 repeated Chart
Chart      title=1 · multiline=2 {tag=1 repeated} | margin=3 {series=1 {value=1 · lower=2 · upper=3}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from headway.errors import ShapeError
from headway.events.messages import DT_STRING, summary_metadata, summary_value, tensor
from headway.events.wire import message, string_field

TAG = "custom_scalars__config__"

Layout = Mapping[str, Mapping[str, Sequence[str | Sequence[str]]]]
"""Of a category's name: of a chart's name: ["Multiline", tags] or ["Margin", [value, lower, upper]]."""


def layout_value(layout: Layout) -> bytes:
    """Return the Summary.Value of `layout`. A chart that is not "Margin" is one of several lines.

    Raises:
        ShapeError: a chart is no pair, or a margin chart has other than three tags.
        TypeError: the tags are not strings, or the layout or a category no mapping of strings.
    """
    encoded = b"".join(_category(title, charts) for title, charts in _named("the layout", layout))
    string = tensor(DT_STRING, (), message(8, encoded))
    return summary_value(TAG, message(8, string), summary_metadata("custom_scalars"))


def _category(title: str, charts: Mapping[str, Sequence[str | Sequence[str]]]) -> bytes:
    drawn = [message(2, _chart(*chart)) for chart in _named(f"category {title!r}", charts)]
    return message(2, string_field(1, title) + b"".join(drawn))


def _chart(title: str, chart: Sequence[str | Sequence[str]]) -> bytes:
    if not isinstance(chart, (list, tuple)) or len(chart) != 2:
        raise ShapeError(f"chart {title!r} must be a pair of its kind and its tags, not {chart!r}")
    kind: Any
    tags: Any
    kind, tags = chart
    if not isinstance(tags, Sequence) or isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags):
        raise TypeError(f"chart {title!r}: tags must be a list of strings, not {tags!r}")
    if kind != "Margin":
        return string_field(1, title) + message(2, b"".join(message(1, _utf8(tag)) for tag in tags))
    if len(tags) != 3:
        raise ShapeError(f"chart {title!r}: a margin needs 3 tags (value, lower, upper), not {len(tags)}")
    series = b"".join(string_field(field, tag) for field, tag in enumerate(tags, 1))
    return string_field(1, title) + message(3, message(1, series))


def _named(what: str, given: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Return the items of a mapping of strings; TypeError if it is none."""
    if not isinstance(given, Mapping) or not all(isinstance(title, str) for title in given):
        raise TypeError(f"{what} must be a mapping of titles, not {given!r}")
    return given.items()


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")

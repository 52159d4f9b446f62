"""The layout of the custom scalars dashboard: a string with an encoded Layout.

Layout     category=2 repeated Category
Category   title=1 · chart=2 repeated Chart · closed=3
Chart      title=1 · multiline=2 {tag=1 repeated} | margin=3 {series=1 repeated {value=1 · lower=2 · upper=3}}
"""

from __future__ import annotations

from dataclasses import dataclass

from headway.query.kinds.message import Message, each, filled, texts
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import strings_of


@dataclass(frozen=True, slots=True)
class Margin:
    """Three tags: a value and its bounds."""

    value: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of several tags, each a regular expression, or of margins."""

    title: str
    tags: tuple[str, ...]
    margins: tuple[Margin, ...]


@dataclass(frozen=True, slots=True)
class Category:
    """Charts under one title."""

    title: str
    closed: bool
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the dashboard is laid out."""

    categories: tuple[Category, ...]


def layout(summary: Summary) -> Layout:
    """Read a layout.

    Raises:
        ValueError: malformed; other than one string.

    """
    strings = strings_of(summary.tensor())
    if strings.size != 1:
        raise ValueError(f"a layout is one string, not a tensor of {list(strings.shape)}")
    return Layout(tuple(_category(category) for category in filled(strings.item(), 2)))


def _category(encoded: memoryview) -> Category:
    message = Message(encoded)
    return Category(message.text(1), bool(message.integer(3)), tuple(_chart(chart) for chart in filled(encoded, 2)))


def _chart(encoded: memoryview) -> Chart:
    message = Message(encoded)
    margins = [Message(series) for series in each(message.data(3), 1)]
    return Chart(
        message.text(1),
        texts(message.data(2), 1),
        tuple(Margin(margin.text(1), margin.text(2), margin.text(3)) for margin in margins),
    )

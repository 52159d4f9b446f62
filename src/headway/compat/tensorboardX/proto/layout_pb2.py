"""Layout: the charts of the custom scalars plugin."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class MultilineChartContent(Message):
    """Several tags in one chart."""

    tag = Field(1, "string", repeated=True)


class MarginChartContent(Message):
    """Tags between bounds."""

    class Series(Message):
        """Three tags."""

        value = Field(1, "string")
        lower = Field(2, "string")
        upper = Field(3, "string")

    series = Field(1, Series, repeated=True)


class Chart(Message):
    """A chart of one of the two kinds."""

    title = Field(1, "string")
    multiline = Field(2, MultilineChartContent, oneof="content")
    margin = Field(3, MarginChartContent, oneof="content")


class Category(Message):
    """Charts under one title."""

    title = Field(1, "string")
    chart = Field(2, Chart, repeated=True)
    closed = Field(3, "bool")


class Layout(Message):
    """All categories."""

    version = Field(1, "int32")
    category = Field(2, Category, repeated=True)

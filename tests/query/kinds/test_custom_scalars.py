from __future__ import annotations

import numpy as np
import pytest
from tensorboard.plugins.custom_scalar import layout_pb2

from headway.query.kinds import Category, Chart, Layout, Margin, decode, plain
from headway.record.kinds.custom_scalars import layout_value
from query.kinds.samples import strings, value

EXPECTED = Layout(
    (
        Category(
            "losses",
            False,
            (Chart("all", ("loss.*", "val/loss"), ()), Chart("band", (), (Margin("mean", "low", "high"),))),
        ),
    )
)


def test_what_headway_writes_comes_back() -> None:
    layout = {"losses": {"all": ["Multiline", ["loss.*", "val/loss"]], "band": ["Margin", ["mean", "low", "high"]]}}
    assert decode("custom_scalars", layout_value(layout)) == EXPECTED


def test_tensorboards_own_layout() -> None:
    made = layout_pb2.Layout()
    category = made.category.add(title="losses", closed=True)
    category.chart.add(title="all").multiline.tag.extend(["loss.*", "val/loss"])
    margins = category.chart.add(title="band").margin
    margins.series.add(value="mean", lower="low", upper="high")
    margins.series.add(value="a", lower="b", upper="c")
    layout = decode("custom_scalars", value("custom_scalars", made.SerializeToString()))
    assert isinstance(layout, Layout)
    [category] = layout.categories
    assert category.closed
    assert category.charts[0] == EXPECTED.categories[0].charts[0]
    assert category.charts[1].margins == (Margin("mean", "low", "high"), Margin("a", "b", "c"))


def test_other_than_one_string_is_refused() -> None:
    for data in (strings(b"", b""), np.zeros(1)):
        with pytest.raises(ValueError, match="custom_scalars at 'a tag': a"):
            decode("custom_scalars", value("custom_scalars", data))


def test_plain() -> None:
    told = plain(EXPECTED)
    assert told["kind"] == "layout"
    assert told["categories"][0]["charts"][1] == {
        "title": "band",
        "tags": [],
        "margins": [{"value": "mean", "lower": "low", "upper": "high"}],
    }

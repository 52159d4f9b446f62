from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tensorboardX.summary
import torch.utils.tensorboard.summary
from tensorboard.plugins.custom_scalar.layout_pb2 import Layout

from headway.errors import ShapeError
from headway.events.messages import scalar_value
from headway.record.kinds.custom_scalars import layout_value
from record.kinds.peers import CustomScalarsPlugin, context, get, ours, theirs
from record.kinds.shown import event_file

LAYOUT: dict[str, dict[str, Any]] = {
    "Taiwan": {"twse": ["Multiline", ["twse/0050", "twse/2330"]]},
    "USA": {
        "dow": ["Margin", ["dow/aaa", "dow/bbb", "dow/ccc"]],
        "nasdaq": ("Margin", ("nasdaq/aaa", "nasdaq/bbb", "nasdaq/ccc")),
    },
}


@pytest.mark.parametrize("peer", [tensorboardX.summary, torch.utils.tensorboard.summary])
@pytest.mark.parametrize("layout", [LAYOUT, {}, {"": {"": ["Multiline", [""]]}}, {"c": {"t": ["Multiline", []]}}])
def test_equal_to_the_peers(peer: Any, layout: Any) -> None:
    # a serialized message is compared as what it says
    [found], [expected] = ours([layout_value(layout)]), theirs(peer.custom_scalars(layout))
    ([said], [meant]) = found.tensor.string_val, expected.tensor.string_val
    assert Layout.FromString(said) == Layout.FromString(meant)
    found.tensor.string_val[0] = meant
    assert found == expected


def test_tensorboard_shows_the_layout(tmp_path: Path) -> None:
    event_file(
        tmp_path, [layout_value(LAYOUT), *(scalar_value(f"dow/{name}", 1.0) for name in ("aaa", "bbb", "ccc"))]
    )
    shown = get(CustomScalarsPlugin(context(tmp_path)).layout_route)
    titles = {category["title"]: [chart["title"] for chart in category["chart"]] for category in shown["category"]}
    assert titles == {"Taiwan": ["twse"], "USA": ["dow", "nasdaq"]}
    assert shown["category"][1]["chart"][0]["margin"]["series"] == [
        {"value": "dow/aaa", "lower": "dow/bbb", "upper": "dow/ccc"}
    ]


def test_refused() -> None:
    with pytest.raises(ShapeError, match=r"chart 'dow': a margin needs 3 tags .*, not 2"):
        layout_value({"USA": {"dow": ["Margin", ["a", "b"]]}})
    with pytest.raises(ShapeError, match="chart 'dow' must be a pair"):
        layout_value({"USA": {"dow": ["Margin"]}})
    with pytest.raises(TypeError, match="chart 'dow': tags must be a list of strings, not 'loss'"):
        layout_value({"USA": {"dow": ["Multiline", "loss"]}})


@pytest.mark.parametrize(
    "layout",
    [5, {"a": 5}, {5: {"b": ["Multiline", ["x"]]}}, {"a": {5: ["Multiline", ["x"]]}}, {"a": {"b": ["Multiline", 5]}}],
    ids=str,
)
def test_what_is_no_layout(layout: Any) -> None:
    with pytest.raises(TypeError, match="must be a"):
        layout_value(layout)


def test_a_chart_that_is_a_number() -> None:
    with pytest.raises(ShapeError, match="'b' must be a pair"):
        layout_value({"a": {"b": 5}})  # type: ignore[dict-item]

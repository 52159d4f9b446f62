from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.summary_pb2 import DATA_CLASS_TENSOR, SummaryMetadata

from headway.events.messages import headway_field
from headway.query.kinds import Metadata, metadata_of, summary_of
from headway.query.kinds.message import DEEPEST
from headway.query.kinds.summary import read_json
from query.kinds.samples import value


def test_metadata_are_as_protobuf_writes_them() -> None:
    told = SummaryMetadata(display_name="Loss", summary_description="*of* it", data_class=DATA_CLASS_TENSOR)
    told.plugin_data.plugin_name = "text"
    told.plugin_data.content = b"\x00\x01"
    assert metadata_of(told.SerializeToString()) == Metadata(
        "text", b"\x00\x01", "Loss", "*of* it", DATA_CLASS_TENSOR
    )
    assert metadata_of(b"") == Metadata()


def test_the_first_value_of_a_tag_tells_its_plugin() -> None:
    first = value("text", content=b"1", tag="t")
    assert summary_of(value("", tag="t"), first).metadata == Metadata("text", b"1")
    assert summary_of(value("mesh", content=b"2", tag="t"), first).metadata == Metadata("mesh", b"2")


@pytest.mark.parametrize("told", [[], 5, "x", None])
def test_what_headway_tells_is_an_object(told: object) -> None:
    assert summary_of(value("text") + headway_field(told)).told == {}
    assert summary_of(value("text") + headway_field({"kind": told})).told == {"kind": told}


@given(st.text())
def test_json_has_no_lone_surrogates(text: str) -> None:
    found = read_json('{"a": "\\ud800", "b": "' + "".join(f"\\u{ord(c) & 0xFFFF:04x}" for c in text) + '"}')
    assert found["a"] == "?"
    found["b"].encode()


def test_json_is_not_nested_beyond_reason() -> None:
    assert read_json("[" * DEEPEST + "]" * DEEPEST) is not None
    for depth in (DEEPEST + 1, 500, 100_000):
        assert read_json("[" * depth + "]" * depth) is None
    assert read_json('[{"a": [' + "[]," * 200 + "1]}]") is not None
    assert read_json('{"a": "[[["}') == {"a": "[[["}

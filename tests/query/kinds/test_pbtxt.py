from __future__ import annotations

import re

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig

from headway.query.kinds.pbtxt import parse_pbtxt


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))), st.booleans())
def test_texts_are_what_protobuf_printed(names: list[str], as_utf8: bool) -> None:
    config = ProjectorConfig(embeddings=[{"tensor_name": name, "tensor_shape": [3, 4]} for name in names])
    printed = text_format.MessageToString(config, as_utf8=as_utf8)
    found = parse_pbtxt(printed.encode()).get("embeddings", [])
    assert [entry.get("tensor_name", [b""])[0].decode() for entry in found] == names
    assert all(entry["tensor_shape"] == ["3", "4"] for entry in found)


@pytest.mark.parametrize(
    "text",
    [
        'embeddings { tensor_name: "a" }',
        "embeddings: { tensor_name: 'a'; }, # a comment { \n",
        'embeddings < tensor_name: "" "a" >',
        'embeddings { tensor_name: "\\141" tensor_shape: [1, 2] tensor_shape: 3 }',
        r'embeddings { tensor_name: "\x61\n\u00e9\U0001F600\"" sprite { image_path: "s" single_image_dim: 3 } }',
        "embeddings { }\n\n",
        "",
    ],
)
def test_every_way_to_write_it_is_read_as_protobuf_does(text: str) -> None:
    expected = text_format.Parse(text, ProjectorConfig())
    found = parse_pbtxt(text.encode())
    assert len(found.get("embeddings", [])) == len(expected.embeddings)
    for entry, proto in zip(found.get("embeddings", []), expected.embeddings, strict=True):
        assert entry.get("tensor_name", [b""]) == [proto.tensor_name.encode()]
        assert entry.get("tensor_shape", []) == [str(size) for size in proto.tensor_shape]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a: 1\nb", "line 2: a colon is expected"),
        ("a {", "line 1: the name of a field is expected"),
        ("a: }", "line 1: a value is expected"),
        ("a: [1, 2", "line 1: a value is expected"),
        ('a: "x\ny"', "line 1: it makes no sense here, at '\"x"),
        ("\n\n\0", "line 3: it makes no sense here"),
        ("a{" * 100, "line 1: nested deeper than 64 levels"),
        ("}", "line 1: the name of a field is expected, at '}'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(complaint)):
        parse_pbtxt(text.encode())

from __future__ import annotations

from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_pb2 import TensorProto

from headway.record.kinds.pbtxt import quoted


@given(st.text(min_size=1))
def test_text_is_quoted_as_protobuf_does_it(text: str) -> None:
    assert f"name: {quoted(text)}\n" == text_format.MessageToString(NodeDef(name=text))


@given(st.binary(min_size=1))
def test_bytes_are_quoted_as_protobuf_does_it(content: bytes) -> None:
    assert f"tensor_content: {quoted(content)}\n" == text_format.MessageToString(TensorProto(tensor_content=content))


def test_a_lone_surrogate_is_a_question_mark() -> None:
    assert quoted("a\ud800") == '"a?"'

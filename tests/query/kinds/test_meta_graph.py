from __future__ import annotations

from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef

from headway.query.kinds import MetaGraph, Signature, TensorInfo, decode
from query.kinds import shared_data
from query.kinds.samples import graph_def, meta_graph_def


def read(content: bytes) -> MetaGraph:
    found = decode("meta_graph_def", content)
    assert isinstance(found, MetaGraph)
    return found


def test_what_stands_beside_the_graph() -> None:
    found = read(meta_graph_def().SerializeToString())
    assert found.graph == decode("graph_def", graph_def().SerializeToString())
    assert (found.tags, found.tensorflow_version, found.assets) == (("train",), "1.3.0", ("words.txt",))
    assert found.collections == {
        "losses": ("a/x:0", "a/y:0"),
        "variables": (5, 1),
        "steps": (1, -2),
        "rates": (0.5,),
    }
    inputs, outputs = TensorInfo("a/x:0", "float32", (-1,)), TensorInfo("a/y:0", "type 0", None)
    assert found.signatures == {"serve": Signature({"x": inputs}, {"y": outputs}, "predict")}


@shared_data.needs_them
def test_those_of_others_are_as_protobuf_reads_them() -> None:
    contents = [content for *_, content, _ in shared_data.entries("meta_graph_def")]
    assert len(contents) == 2
    for content in contents:
        found, expected = read(content), MetaGraphDef.FromString(content)
        assert [node.name for node in found.graph.nodes] == [node.name for node in expected.graph_def.node]
        assert found.tensorflow_version == expected.meta_info_def.tensorflow_version != ""
        assert found.collections.keys() == {*expected.collection_def}
        for name, collection in expected.collection_def.items():
            kind = getattr(collection, collection.WhichOneof("kind"))
            assert len(found.collections[name]) == len(kind.value)

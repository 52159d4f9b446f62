from __future__ import annotations

from headway.query.kinds import RunMetadata, decode, plain
from headway.query.kinds.run_metadata import Memory, NodeCost, NodeStats, Output
from query.kinds.samples import graph_def, run_metadata, samples, value

STATS = NodeStats(
    "/gpu:0",
    "a/y",
    "",
    scheduled=0,
    start=10,
    op_start=1,
    op_end=5,
    end=6,
    thread=0,
    memory=(Memory("gpu", 100, 80, 3),),
    outputs=(Output(1, "float32", (4,), 16, 0),),
    temporary=0,
    persistent=0,
)


def read(kind: str, content: bytes) -> RunMetadata:
    found = decode(kind, content)
    assert isinstance(found, RunMetadata)
    return found


def test_time_and_memory_of_each_node() -> None:
    [content] = [content for kind, content in samples() if kind == "tagged_run_metadata"]
    found = read("tagged_run_metadata", content)
    assert found.tag == "step1"
    assert found.nodes[0] == STATS
    assert (found.nodes[1].name, found.nodes[1].start, found.nodes[1].thread) == ("b", 1.5, 7)
    assert found.costs == (NodeCost("/gpu:0", "a/y", 64, 0, 0, 9, 0),)


def test_tensorflow_2_keeps_it_in_a_tensor_with_the_graphs() -> None:
    graph = decode("graph_def", graph_def().SerializeToString())
    for kind in ("graph_run_metadata", "graph_run_metadata_graph"):
        found = read(kind, value(kind, run_metadata().SerializeToString(), b"1", tag="step 3"))
        assert (found.tag, found.nodes[0]) == ("step 3", STATS)
        assert found.partitions == (graph,)
        assert found.functions[0].before == graph
        assert found.functions[0].partitions == (graph,)


def test_plain() -> None:
    found = read("graph_run_metadata", value("graph_run_metadata", run_metadata().SerializeToString(), b"1"))
    told = plain(found)["nodes"][0]
    assert told["memory"] == [{"allocator": "gpu", "total": 100, "peak": 80, "live": 3}]
    assert told["outputs"][0]["shape"] == [4]

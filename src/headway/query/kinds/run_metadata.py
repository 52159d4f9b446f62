"""What one step of a graph took: time and memory of each node.

TaggedRunMetadata    tag=1 · run_metadata=2 bytes
RunMetadata          step_stats=1 {dev_stats=1} · cost_graph=2 {node=1} · partition_graphs=3
                     · function_graphs=4 {partition_graphs=1 · pre_optimization_graph=2 · post_optimization_graph=3}
DeviceStepStats      device=1 · node_stats=2 · thread_names=3 map
NodeExecStats        node_name=1 · all_start_micros=2 · op_start_rel_micros=3 · op_end_rel_micros=4
                     · all_end_rel_micros=5 · memory=6 · output=7 · timeline_label=8 · scheduled_micros=9
                     · thread_id=10 · memory_stats=12; the same in nanoseconds: 13, 14, 15, 16, 17
AllocatorMemoryUsed  allocator_name=1 · total_bytes=2 · peak_bytes=3 · live_bytes=4
NodeOutput           slot=1 · tensor_description=3 {dtype=1 · shape=2 · allocation_description=4}
MemoryStats          temp_memory_size=1 · persistent_memory_size=3
CostGraphDef.Node    name=1 · device=2 · temporary_memory_size=6 · compute_cost=9 · persistent_memory_size=12
                     · compute_time=14 · memory_time=15
"""

from __future__ import annotations

from dataclasses import dataclass

from headway.query.kinds.dtypes import name_of
from headway.query.kinds.graph import Graph, graph_of, only_string
from headway.query.kinds.message import Buffer, Message, each, filled
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import shape_of

_NANOS = {2: 13, 3: 14, 4: 15, 5: 16, 9: 17}
"""Of a time in microseconds: the field that has it in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What one allocator gave to a node, in bytes."""

    allocator: str
    total: int
    peak: int
    live: int


@dataclass(frozen=True, slots=True)
class Output:
    """A tensor that a node made."""

    slot: int
    dtype: str
    shape: tuple[int, ...]
    requested: int
    """Bytes."""
    allocated: int


@dataclass(frozen=True, slots=True)
class NodeStats:
    """How one node ran. Times are in microseconds."""

    device: str
    name: str
    label: str
    scheduled: float
    """Since 1970, as `start`."""
    start: float
    op_start: float
    """After `start`, as the next two."""
    op_end: float
    end: float
    thread: int
    memory: tuple[Memory, ...]
    outputs: tuple[Output, ...]
    temporary: int
    """Bytes."""
    persistent: int


@dataclass(frozen=True, slots=True)
class NodeCost:
    """What one node was reckoned to cost: bytes, and microseconds."""

    device: str
    name: str
    temporary: int
    persistent: int
    compute_cost: int
    compute_time: int
    memory_time: int


@dataclass(frozen=True, slots=True)
class FunctionGraphs:
    """A function before and after it was made faster, and how it was cut up among devices."""

    before: Graph
    after: Graph
    partitions: tuple[Graph, ...]


@dataclass(frozen=True, slots=True)
class RunMetadata:
    """One step of a graph."""

    tag: str
    nodes: tuple[NodeStats, ...]
    costs: tuple[NodeCost, ...]
    partitions: tuple[Graph, ...]
    functions: tuple[FunctionGraphs, ...]


def tagged_run_metadata(encoded: memoryview) -> RunMetadata:
    """Read a TaggedRunMetadata, the content of the Event's field.

    Raises:
        ValueError: malformed, or nested beyond reason.

    """
    message = Message(encoded)
    return run_metadata_of(message.data(2), message.text(1))


def run_metadata(summary: Summary) -> RunMetadata:
    """Read a RunMetadata that stands in a tensor: one string.

    Raises:
        ValueError: malformed; other than one string.

    """
    return run_metadata_of(only_string(summary), summary.tag)


def run_metadata_of(encoded: Buffer, tag: str = "") -> RunMetadata:
    """Read a RunMetadata.

    Raises:
        ValueError: malformed, or nested beyond reason.

    """
    message = Message(encoded)
    return RunMetadata(
        tag,
        tuple(stats for device in each(message.data(1), 1) for stats in _device(device)),
        tuple(_cost(Message(node)) for node in filled(message.data(2), 1)),
        tuple(graph_of(graph) for graph in filled(encoded, 3)),
        tuple(_functions(functions) for functions in filled(encoded, 4)),
    )


def _device(encoded: memoryview) -> list[NodeStats]:
    device = Message(encoded).text(1)
    return [_node(device, node) for node in filled(encoded, 2)]


def _node(device: str, encoded: memoryview) -> NodeStats:
    message = Message(encoded)
    times = {micros: message.integer(nanos) / 1000 or message.integer(micros) for micros, nanos in _NANOS.items()}
    memory = message.message(12)
    return NodeStats(
        device,
        message.text(1),
        message.text(8),
        scheduled=times[9],
        start=times[2],
        op_start=times[3],
        op_end=times[4],
        end=times[5],
        thread=message.integer(10),
        memory=tuple(_memory(Message(used)) for used in filled(encoded, 6)),
        outputs=tuple(_output(Message(output)) for output in filled(encoded, 7)),
        temporary=memory.integer(1),
        persistent=memory.integer(3),
    )


def _memory(used: Message) -> Memory:
    return Memory(used.text(1), used.integer(2), used.integer(3), used.integer(4))


def _output(output: Message) -> Output:
    tensor = output.message(3)
    allocation = tensor.message(4)
    return Output(
        output.integer(1),
        name_of(tensor.integer(1)),
        shape_of(tensor.data(2)),
        allocation.integer(1),
        allocation.integer(2),
    )


def _cost(node: Message) -> NodeCost:
    numbers = [node.integer(number) for number in (6, 12, 9, 14, 15)]
    return NodeCost(node.text(2), node.text(1), *numbers)


def _functions(encoded: memoryview) -> FunctionGraphs:
    message = Message(encoded)
    partitions = tuple(graph_of(graph) for graph in filled(encoded, 1))
    return FunctionGraphs(graph_of(message.data(2)), graph_of(message.data(3)), partitions)

from __future__ import annotations

import copy
import importlib
import math
import pickle
from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format
from google.protobuf.descriptor import FieldDescriptor
from hypothesis import given
from hypothesis import strategies as st

from headway.compat.message import Message
from headway.compat.tensorboardX.proto.attr_value_pb2 import AttrValue
from headway.compat.tensorboardX.proto.event_pb2 import Event, SessionLog
from headway.compat.tensorboardX.proto.node_def_pb2 import NodeDef
from headway.compat.tensorboardX.proto.plugin_hparams_pb2 import HParamsPluginData, SessionStartInfo
from headway.compat.tensorboardX.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from headway.compat.tensorboardX.proto.tensor_pb2 import TensorProto
from headway.compat.tensorboardX.proto.types_pb2 import DataType

PEERS = {
    "event": "tensorboard.compat.proto.event",
    "summary": "tensorboard.compat.proto.summary",
    "tensor": "tensorboard.compat.proto.tensor",
    "tensor_shape": "tensorboard.compat.proto.tensor_shape",
    "types": "tensorboard.compat.proto.types",
    "resource_handle": "tensorboard.compat.proto.resource_handle",
    "graph": "tensorboard.compat.proto.graph",
    "node_def": "tensorboard.compat.proto.node_def",
    "attr_value": "tensorboard.compat.proto.attr_value",
    "versions": "tensorboard.compat.proto.versions",
    "config": "tensorboard.compat.proto.config",
    "step_stats": "tensorboard.compat.proto.step_stats",
    "api": "tensorboard.plugins.hparams.api",
    "plugin_hparams": "tensorboard.plugins.hparams.plugin_data",
    "plugin_mesh": "tensorboard.plugins.mesh.plugin_data",
    "plugin_pr_curve": "tensorboard.plugins.pr_curve.plugin_data",
    "plugin_text": "tensorboard.plugins.text.plugin_data",
    "layout": "tensorboard.plugins.custom_scalar.layout",
    "struct": "google.protobuf.struct",
}
UNDECLARED = {
    "GraphDef": {"library", "debug_info"},
    "NodeDef": {"experimental_debug_info", "experimental_type"},
    "DeviceStepStats": {"node_stats", "thread_names"},
    "RunMetadata": {"cost_graph", "partition_graphs", "function_graphs", "session_metadata"},
}


def classes() -> dict[str, tuple[type[Message], Any]]:
    """Every declared class with protobuf's."""
    found = {}
    for name, peer in PEERS.items():
        ours = importlib.import_module(f"headway.compat.tensorboardX.proto.{name}_pb2")
        theirs = importlib.import_module(f"{peer}_pb2")
        waiting = [
            (value, getattr(theirs, key))
            for key, value in vars(ours).items()
            if isinstance(value, type) and issubclass(value, Message) and value.__module__ == ours.__name__
        ]
        while waiting:
            one, other = waiting.pop()
            found[f"{name}.{one.__qualname__}"] = (one, other)
            parts = [(key, value) for key, value in vars(one).items() if isinstance(value, type)]
            waiting += [(value, getattr(other, key)) for key, value in parts]
    return found


CLASSES = classes()


@pytest.mark.parametrize("name", CLASSES)
def test_the_fields_are_protobufs(name: str) -> None:
    ours, theirs = CLASSES[name]
    numbers = {value: key[5:].lower() for key, value in vars(FieldDescriptor).items() if key.startswith("TYPE_")}
    declared = {}
    for field in theirs.DESCRIPTOR.fields:
        entry = field.message_type is not None and field.message_type.GetOptions().map_entry
        value = field.message_type.fields_by_name["value"] if entry else field
        kind = value.message_type.name if value.message_type else numbers[value.type]
        oneof = field.containing_oneof.name if field.containing_oneof else ""
        declared[field.name] = (field.number, kind, field.is_repeated and not entry, entry, oneof)
    for name_ in UNDECLARED.get(ours.__name__, ()):
        del declared[name_]
    found = {}
    for field in ours._fields.values():
        kind = "enum" if field.enum else field.message.__name__ if field.message else field._type
        found[field.name] = (field.number, kind, field.repeated, field.map, field.oneof)
        if field.enum is not None:
            peers = theirs.DESCRIPTOR.fields_by_name[field.name].enum_type.values_by_name
            assert dict(field.enum.items()) == {key: value.number for key, value in peers.items()}
    assert found == declared
    assert [field.number for field in ours._numbered.values()] == sorted(
        field.number for field in ours._fields.values()
    )


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "double": st.floats(),
    "float": st.floats(width=32),
    "int32": st.integers(-(1 << 31), (1 << 31) - 1),
    "int64": st.integers(-(1 << 63), (1 << 63) - 1),
    "uint32": st.integers(0, (1 << 32) - 1),
    "uint64": st.integers(0, (1 << 64) - 1),
    "bool": st.booleans(),
    "string": st.text(max_size=5),
    "bytes": st.binary(max_size=5),
}


@st.composite
def contents(draw: st.DrawFn, made: type[Message], depth: int = 0) -> dict[str, Any]:
    """Fields of a message, as its constructor takes them."""
    names = draw(st.lists(st.sampled_from(sorted(made._fields)), unique=True, max_size=4))
    given: dict[str, Any] = {}
    for name in names:
        field = made._fields[name]
        if field.message is not None and depth > 3:
            continue
        if field.message is not None:
            one: st.SearchStrategy[Any] = contents(field.message, depth + 1)
        elif field.enum is not None:
            one = st.sampled_from([*field.enum.values(), 77])
        else:
            one = SCALARS[str(field._type)]
        if field.map:
            given[name] = draw(st.dictionaries(st.text(max_size=3), one, max_size=2))
        elif field.repeated:
            given[name] = draw(st.lists(one, max_size=3))
        else:
            for other in made._oneofs.get(field.oneof, ()):
                given.pop(other, None)
            given[name] = draw(one)
    return given


def fill(peer: Any, made: type[Message], given: dict[str, Any]) -> Any:
    """Give protobuf's message the same fields."""
    for name, value in given.items():
        field, part = made._fields[name], field_message(made, name)
        if field.map:
            for key, item in value.items():
                fill(getattr(peer, name)[key], part, item)
        elif field.repeated and field.message is not None:
            for item in value:
                fill(getattr(peer, name).add(), part, item)
        elif field.repeated:
            getattr(peer, name).extend(value)
        elif field.message is not None:
            getattr(peer, name).SetInParent()
            fill(getattr(peer, name), part, value)
        else:
            setattr(peer, name, value)
    return peer


def field_message(made: type[Message], name: str) -> Any:
    return made._fields[name].message


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Any, Any]:
    ours, theirs = CLASSES[draw(st.sampled_from(sorted(CLASSES)))]
    given = draw(contents(ours))
    return ours(**given), fill(theirs(), ours, given)


@given(pairs())
def test_text_and_bytes_are_protobufs(pair: tuple[Any, Any]) -> None:
    ours, theirs = pair
    assert str(ours) == repr(ours) == text_format.MessageToString(theirs)
    assert type(theirs).FromString(ours.SerializeToString()) == theirs
    read = type(ours).FromString(theirs.SerializeToString())
    assert read == ours
    assert str(read) == str(ours)
    assert ours == theirs
    assert theirs == ours
    assert ours.ByteSize() == len(ours.SerializeToString())
    assert [field.name for field, _ in ours.ListFields()] == [field.name for field, _ in theirs.ListFields()]
    for name in ours._oneofs:
        assert ours.WhichOneof(name) == theirs.WhichOneof(name)
    again = copy.deepcopy(ours)
    assert again == ours == pickle.loads(pickle.dumps(ours))
    assert again is not ours


@given(pairs(), pairs())
def test_equal_when_protobuf_says_so_and_merged_as_it_does(one: tuple[Any, Any], other: tuple[Any, Any]) -> None:
    if type(one[0]) is type(other[0]):
        assert (one[0] == other[0]) == (one[1] == other[1])
        one[0].MergeFrom(other[0])
        one[1].MergeFrom(other[1])
        assert type(one[1]).FromString(one[0].SerializeToString()) == one[1]
        one[0].CopyFrom(other[1])
        assert one[0] == other[0]


class Nothing(Message):
    pass


@given(pairs())
def test_what_is_not_declared_is_kept(pair: tuple[Any, Any]) -> None:
    encoded = pair[1].SerializeToString()
    read = Nothing.FromString(encoded)
    assert read.SerializeToString() == encoded
    assert str(read) == ""
    node = NodeDef(name="n")
    node.MergeFromString(b"\x32\x03\x0a\x01a")
    assert node.SerializeToString() == b"\x0a\x01n\x32\x03\x0a\x01a"
    assert NodeDef(name="n") != node


def test_a_number_of_another_wire_type_is_kept_and_not_taken() -> None:
    read = Event.FromString(b"\x12\x01a")  # step as a string
    assert read.step == 0
    assert read.SerializeToString() == b"\x12\x01a"


def test_numbers_are_read_packed_and_one_by_one() -> None:
    assert HistogramProto.FromString(b"\x39" + b"\0" * 8 + b"\x3a\x08" + b"\0" * 8).bucket == [0.0, 0.0]
    assert TensorProto.FromString(b"\x38\x01\x3a\x03\x02\xac\x02").int_val == [1, 2, 300]


def test_damaged_bytes() -> None:
    for damaged, why in ((b"\x0a\x05a", "longer"), (b"\x0a", "truncated"), (b"\x07", "no field number")):
        with pytest.raises(ValueError, match=why):
            Summary.FromString(damaged)


def test_unset_fields_read_as_defaults_and_enter_when_they_are_changed() -> None:
    event = Event()
    assert (event.step, event.file_version, event.wall_time, [*event.summary.value]) == (0, "", 0.0, [])
    assert event == Event()
    assert not event.HasField("summary")
    event.summary.value.add(tag="a").metadata.plugin_data.plugin_name = "p"
    assert event.WhichOneof("what") == "summary"
    assert event.summary.value[0].metadata.plugin_data.plugin_name == "p"
    event.session_log.status = SessionLog.START  # type: ignore[attr-defined]
    assert not event.HasField("summary")
    assert event.WhichOneof("what") == "session_log"
    event.ClearField("what")
    assert event == Event()
    event.summary.SetInParent()
    assert event.HasField("summary")
    event.summary.Clear()
    assert event.HasField("summary")


def test_a_default_set_in_a_part_makes_it_present() -> None:
    event = Event()
    event.session_log.status = 0
    assert event.HasField("session_log")
    value = Summary.Value(simple_value=0)
    assert value.HasField("simple_value")
    assert value.WhichOneof("value") == "simple_value"
    assert value.SerializeToString() == b"\x15\0\0\0\0"


def test_lists() -> None:
    histogram = HistogramProto()
    bucket = histogram.bucket
    bucket.append(1)
    bucket += [2, np.float32(3)]
    bucket[0] = 5
    bucket[1:2] = [7, 8]
    bucket.insert(0, 9)
    del bucket[1]
    assert histogram.bucket == [9.0, 7.0, 8.0, 3.0]
    bucket.sort(reverse=True)
    assert histogram == HistogramProto(bucket=[9, 8, 7, 3])
    assert repr(bucket) == "[9.0, 8.0, 7.0, 3.0]"
    bucket.clear()
    assert histogram == HistogramProto()
    bucket.append(1)
    assert histogram.bucket == [1.0]
    with pytest.raises(TypeError):
        bucket.extend([1.0, "2"])
    assert histogram.bucket == [1.0]
    with pytest.raises(AttributeError):
        bucket.add()


def test_lists_copy_messages() -> None:
    value = Summary.Value(tag="a")
    summary = Summary(value=[value])
    value.tag = "b"
    summary.value.append(value)
    assert [one.tag for one in summary.value] == ["a", "b"]
    summary.value.extend([{"tag": "c"}])
    assert summary.value[2].tag == "c"


def test_maps() -> None:
    info = SessionStartInfo()
    assert info.hparams.get("a") is None
    assert "a" not in info.hparams
    info.hparams["a"].number_value = 1
    info.hparams.get_or_create("b").string_value = "x"
    assert sorted(info.hparams) == ["a", "b"]
    assert len(info.hparams) == 2
    with pytest.raises(ValueError, match="assignment"):
        info.hparams["c"] = info.hparams["a"]
    del info.hparams["a"]
    assert [*info.hparams.items()] == [("b", info.hparams["b"])]
    data = HParamsPluginData(session_start_info={"hparams": {"b": {"string_value": "x"}}})
    assert data.session_start_info == info
    assert NodeDef(attr={"s": AttrValue(s=b"")}).attr["s"].WhichOneof("value") == "s"


def test_an_empty_name_in_a_map_is_not_printed_as_protobuf_does() -> None:
    entries = {"": {}, "b": {}, "a": {"bool_value": False}}
    peer = fill(CLASSES["struct.Struct"][1](), CLASSES["struct.Struct"][0], {"fields": entries})
    assert str(CLASSES["struct.Struct"][0](fields=entries)) == text_format.MessageToString(peer)


def test_enums() -> None:
    assert TensorProto(dtype="DT_FLOAT").dtype == DataType.DT_FLOAT == 1
    assert DataType.Name(2) == "DT_DOUBLE"
    assert DataType.Value("DT_HALF_REF") == 119
    assert DataType.keys()[1] == "DT_FLOAT"
    assert dict(DataType.items())["DT_INT8"] in DataType.values()
    tensor = TensorProto(dtype=1)
    tensor.dtype = "DT_INT8"
    assert str(tensor) == "dtype: DT_INT8\n"
    for wrong in (lambda: DataType.Name(999), lambda: DataType.Value("x"), lambda: TensorProto(dtype="x")):
        with pytest.raises(ValueError, match="Enum DataType has no"):
            wrong()
    with pytest.raises(AttributeError):
        DataType.DT_NONE  # noqa: B018
    assert copy.copy(DataType).Name(1) == "DT_FLOAT"


def test_numbers_are_checked_and_rounded() -> None:
    value = Summary.Value(simple_value=0.1)
    assert value.simple_value == float(np.float32(0.1))
    value.simple_value = 1e300
    assert value.simple_value == math.inf
    event = Event(step=np.int64(3), wall_time=np.float32(1.5))
    assert (event.step, event.wall_time) == (3, 1.5)
    for field, wrong in (("step", 1.0), ("step", "1"), ("wall_time", "1"), ("file_version", 1), ("graph_def", "a")):
        with pytest.raises(TypeError):
            setattr(event, field, wrong)
    for number in (1 << 63, -(1 << 63) - 1):
        with pytest.raises(ValueError, match="out of range"):
            event.step = number
    event.file_version = b"brain"
    assert event.file_version == "brain"


def test_wrong_names() -> None:
    event = Event()
    with pytest.raises(ValueError, match='Event has no "nope" field'):
        Event(nope=1)
    with pytest.raises(AttributeError, match="nope"):
        event.nope = 1
    with pytest.raises(AttributeError):
        event.nope  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match="summary"):
        event.summary = Summary()
    with pytest.raises(AttributeError, match="value"):
        event.summary.value = []
    for wrong in ("nope", "step"):
        with pytest.raises(ValueError, match=wrong):
            event.HasField(wrong)
    with pytest.raises(ValueError, match="oneof"):
        event.WhichOneof("step")
    with pytest.raises(TypeError, match="Summary is expected"):
        Event(summary=SessionLog())
    with pytest.raises(TypeError, match="unhashable"):
        hash(event)
    assert event != 3
    assert Event.STEP_FIELD_NUMBER == 2  # type: ignore[attr-defined]
    assert event.IsInitialized()


def test_copies_of_protobufs_messages_are_taken() -> None:
    peer = CLASSES["summary.SummaryMetadata"][1](display_name="d")
    assert Summary.Value(metadata=peer).metadata == SummaryMetadata(display_name="d")
    metadata = SummaryMetadata(summary_description="s")
    metadata.CopyFrom(peer)
    assert metadata == peer
    metadata.CopyFrom(metadata)
    assert metadata == peer

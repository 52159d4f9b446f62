from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboardX.proto.summary_pb2 import Summary as TheirSummary

from headway.record.file_writer import FileWriter


def events_of(directory: Path) -> list[Any]:
    files = sorted(directory.glob("events.out.tfevents.*"))
    return [Event.FromString(record) for path in files for record in RawEventFileLoader(str(path)).Load()]


def scalar(value: float) -> Any:
    return Summary(value=[Summary.Value(tag="loss", simple_value=value)])


def test_messages_of_several_libraries_and_bytes(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path)
    theirs = TheirSummary(value=[TheirSummary.Value(tag="loss", simple_value=2.0)])
    writer.add_summary(scalar(1.0), 3, 50.0)
    writer.add_summary(theirs, 4)
    writer.add_summary(scalar(3.0).SerializeToString(), 5)
    writer.close()
    first, *written = events_of(tmp_path)
    assert first.file_version == "brain.Event:2"
    assert [(event.step, event.summary.value[0].simple_value) for event in written] == [(3, 1.0), (4, 2.0), (5, 3.0)]
    assert written[0].wall_time == 50.0
    assert abs(written[1].wall_time - time.time()) < 60


def test_events_keep_what_they_say(tmp_path: Path) -> None:
    writer = FileWriter(str(tmp_path))
    event = Event(wall_time=1.0, step=7, session_log=SessionLog(status=SessionLog.START, msg="again"))
    writer.add_event(event)
    writer.add_event(event, step=-9, walltime=2.0)
    writer.close()
    assert event.step == 7
    first, second = events_of(tmp_path)[1:]
    assert (first.step, first.session_log.msg) == (7, "again")
    assert (second.step, second.wall_time, second.session_log.status) == (-9, 2.0, SessionLog.START)


def test_graphs(tmp_path: Path) -> None:
    graph, stats = GraphDef(node=[NodeDef(name="a", op="Variable")]), RunMetadata()
    writer = FileWriter(tmp_path)
    writer.add_graph((graph, stats), 5.0)
    writer.add_onnx_graph(graph)
    writer.close()
    first, second, third = events_of(tmp_path)[1:]
    assert GraphDef.FromString(first.graph_def) == GraphDef.FromString(third.graph_def) == graph
    assert second.tagged_run_metadata.run_metadata == b""
    assert first.wall_time == second.wall_time == 5.0


def test_use_metadata_nests_and_survives_exceptions(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path)

    def log_and_fail() -> None:
        with writer.use_metadata(global_step=10, walltime=1.0):
            writer.add_summary(scalar(0.0))
            with writer.use_metadata(global_step=20):
                writer.add_summary(scalar(0.0))
                writer.add_summary(scalar(0.0), 21)
            writer.add_event(Event(step=3, summary=scalar(0.0)))
            raise KeyError

    with pytest.raises(KeyError):
        log_and_fail()
    writer.add_summary(scalar(0.0))
    writer.close()
    written = events_of(tmp_path)[1:]
    assert [event.step for event in written] == [10, 20, 21, 10, 0]
    assert [event.wall_time for event in written[:4]] == [1.0] * 4
    assert written[4].wall_time > 1e9


def test_writing_after_close_begins_a_new_file(tmp_path: Path) -> None:
    writer = FileWriter(tmp_path, filename_suffix=".mine")
    writer.add_summary(scalar(1.0))
    writer.close()
    writer.reopen()
    writer.add_summary(scalar(2.0))
    writer.flush()
    assert len(list(tmp_path.glob("*.mine"))) == 2
    written = [event.summary.value[0].simple_value for event in events_of(tmp_path) if event.summary.value]
    assert written == [1.0, 2.0]
    assert writer.get_logdir() == str(tmp_path)
    writer.close()


@pytest.mark.parametrize("what", [None, "text", {"loss": 1.0}])
def test_what_is_no_message_is_refused(tmp_path: Path, what: Any) -> None:
    with contextlib.closing(FileWriter(tmp_path)) as writer:
        with pytest.raises(TypeError, match="protobuf message"):
            writer.add_summary(what)
        with pytest.raises(TypeError, match="protobuf message"):
            writer.add_event(what)

from __future__ import annotations

import io
import math
import os
import random
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.util import tensor_util

import headway
from events.frames import scalar, session_start, version, write
from headway.events.decode import Decoder, PythonDecoder
from headway.events.framing import frame
from headway.events.stretches import stretches
from headway.examine import file as module
from headway.examine.file import examine as examine_file
from headway.examine.records import records
from headway.examine.report import Backward, Damage, Jump, NotFinite, Report
from headway.ingest.directory import log_directory
from record.judge import judged

DATA = Path(__file__).parents[3] / "shared" / "data" / "events"
NOW = 2e9


def examine(path: Path, now: float) -> Report:
    return examine_file(log_directory(path.parent), str(path), str(path), now)


def examined(tmp_path: Path, *frames: bytes) -> Report:
    return examine(write(tmp_path / "events.out.tfevents.1.a", frames), time.time() + 100)


def tensor(tag: str, value: Any, step: int = 1) -> bytes:
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="scalars"))
    proto = tensor_util.make_tensor_proto(value)
    summary = Summary(value=[Summary.Value(tag=tag, tensor=proto, metadata=metadata)])
    return frame(Event(wall_time=1.0, step=step, summary=summary).SerializeToString())


def test_a_healthy_file(tmp_path: Path) -> None:
    with headway.init(tmp_path, {"lr": 1}) as run:
        for step in range(100):
            run.log({"a": step, "b": -step}, step=step)
        run.log({"picture": headway.Image(np.zeros((4, 4, 3), np.uint8))}, step=99)
    (path,) = tmp_path.iterdir()
    report = examine(path, time.time())
    assert (report.version, report.writer.split()[0]) == ("brain.Event:2", "headway")
    assert (report.points, report.tags, report.first_step, report.last_step) == (200, 2, 0, 99)
    assert report.entries["images"] == 1
    assert report.entries["text"] >= 3
    assert report.records > 100
    assert abs((report.first_wall or 0) - time.time()) < 60
    assert (report.versions, report.sessions, report.unread, report.jumps, report.backward) == (1, [], [], [], [])
    assert not report.is_damaged
    assert not report.quiet


def test_damage_is_named_where_it_is(tmp_path: Path) -> None:
    frames = [version(), *(scalar("a", i, i) for i in range(1, 11))]
    size = len(frames[1])
    data = bytearray(b"".join(frames))
    begin = len(frames[0])
    data[begin + 3 * size + 15] ^= 1  # a payload
    data[begin + 6 * size] ^= 1  # a header
    report = examined(tmp_path, bytes(data))
    assert report.damage == [Damage(begin + 3 * size, size), Damage(begin + 6 * size, size)]
    assert (report.damaged_regions, report.damaged_bytes, report.points) == (2, 2 * size, 8)
    assert report.is_damaged
    assert report.unread == [
        f"nothing behind byte {begin + 6 * size:,}, where a header is damaged",
        f"behind byte {begin + 3 * size:,}, where a record is damaged, its slow loader reads nothing; "
        "its fast one takes the damaged record for a good one",
    ]


def test_what_is_said_of_tensorboard_and_damage_is_so(tmp_path: Path) -> None:
    frames = [version(), *(scalar("a", i, i) for i in range(1, 21))]
    data = bytearray(b"".join(frames))
    data[len(frames[0]) + 10 * len(frames[1])] ^= 1
    write(tmp_path / "events.out.tfevents.1.a", [bytes(data)])
    for fast in (True, False):
        assert len(judged(tmp_path, fast=fast).of("scalars", "a")) == 10


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (np.float64(1), "float64"),
        (np.int64(1), "int64"),
        (np.float16(1), "float16"),
        (np.ones(1, np.float32), "float32 of shape [1]"),
        (np.float32(1), None),
    ],
)
def test_scalars_that_tensorboard_passes_over(tmp_path: Path, value: Any, form: str | None) -> None:
    report = examined(tmp_path, version(), tensor("a", value), tensor("b", value), scalar("c", 1, 1))
    assert report.tags == 3
    assert report.unread == (
        [] if form is None else [f"the scalars of 2 tags are {form} tensors: its fast loader passes over them"]
    )
    shown = judged(tmp_path, fast=True).points.get(".", {}).get("scalars", {})
    assert set(shown) == ({"c"} if form else {"a", "b", "c"})


def test_values_that_float32_cannot_hold(tmp_path: Path) -> None:
    with headway.SummaryWriter(tmp_path) as writer:
        writer.add_scalar("a", 1, 0)
        writer.add_scalar("a", 1e300, 1)
    (path,) = tmp_path.iterdir()
    assert examine(path, NOW).unread == ["values of 1 tag are no float32: its fast loader passes over them"]


def test_clock_jumps(tmp_path: Path) -> None:
    walls = [1000, 1001, 900, 901, 900.5, 5000, 5001]
    frames = [version(999.0), *(scalar("ab"[i % 2], 1, i * 10, float(wall)) for i, wall in enumerate(walls))]
    report = examined(tmp_path, *frames)
    offsets = np.cumsum([len(f) for f in frames])
    assert report.jumps == [Jump(offsets[2], 20, 1001, 900), Jump(offsets[5], 50, 900.5, 5000)]
    assert (report.clock_back, report.clock_ahead) == (1, 1)
    assert (report.first_wall, report.last_wall) == (900, 5001)
    assert not report.is_damaged


def test_what_is_encoded_in_the_background_is_no_clock_jump(tmp_path: Path) -> None:
    text = Summary.Value(tag="t", metadata=SummaryMetadata(), tensor=tensor_util.make_tensor_proto("x"))
    late = frame(Event(wall_time=1000.0, step=1, summary=Summary(value=[text])).SerializeToString())
    report = examined(tmp_path, version(1000.0), scalar("a", 1, 1, 1000.0), scalar("a", 1, 2, 1090.0), late)
    assert report.entries.total() == 1
    assert report.jumps == []


def test_jumps_and_steps_across_stretches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.events.stretches._STRETCH", 200)
    walls = [1000.0 + i for i in range(50)] + [500.0 + i for i in range(50)]
    steps = [*range(60), *range(30, 70)]
    frames = [version(), *(scalar("a", 1, step, wall) for step, wall in zip(steps, walls, strict=True))]
    report = examined(tmp_path, *frames)
    assert [(jump.step, jump.before, jump.after) for jump in report.jumps] == [(50, 1049, 500)]
    assert (report.steps_back, report.backward) == (1, [Backward("a", 59, 30)])
    assert (report.records, report.points) == (101, 100)


def test_steps_that_go_back(tmp_path: Path) -> None:
    frames = [scalar("a", 1, step) for step in (1, 5, 3, 4, 2)] + [scalar("b", 1, step) for step in (3, 2)]
    report = examined(tmp_path, version(), *frames, scalar("c", 1, 1))
    assert report.steps_back == 3
    assert report.backward == [Backward("a", 5, 3), Backward("b", 3, 2)]


def test_a_session_may_go_back(tmp_path: Path) -> None:
    first = [scalar("a", 1, step) for step in range(5)]
    report = examined(tmp_path, version(), *first, version(), session_start(2), *first[2:])
    assert (report.steps_back, report.sessions, report.versions) == (0, [2], 1)


def test_several_writers_of_one_file(tmp_path: Path) -> None:
    report = examined(tmp_path, version(), scalar("a", 1, 1), version(), scalar("a", 2, 1))
    assert report.versions == 2


def test_values_that_are_not_finite(tmp_path: Path) -> None:
    values = [math.nan, 1.0, math.inf, -math.inf, math.nan]
    frames = [scalar("a", value, i) for i, value in enumerate(values)]
    report = examined(tmp_path, version(), *frames, scalar("b", 1, 1), scalar("c", math.inf, 1))
    assert report.not_finite == {"a": NotFinite(2, 1, 1), "c": NotFinite(0, 1, 0)}


def test_a_torn_record_is_lost_when_nobody_writes(tmp_path: Path) -> None:
    path = write(tmp_path / "events.out.tfevents.1.a", [version(), scalar("a", 1, 1), scalar("a", 2, 2)[:-3]])
    now = path.stat().st_mtime
    assert not examine(path, now + 1).is_damaged
    late = examine(path, now + 100)
    assert (late.tail, late.tail_bytes, late.is_damaged) == ("incomplete", len(scalar("a", 2, 2)) - 3, True)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer"),
        (b"step,loss\n" * 100, "not an event file"),
    ],
)
def test_what_is_no_event_file(tmp_path: Path, content: bytes, problem: str) -> None:
    report = examined(tmp_path, content)
    assert report.problem.startswith(problem)
    assert (report.is_damaged, report.bytes) == (True, len(content))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert examine(tmp_path / "none", NOW).problem == "cannot be read: No such file or directory"
    (tmp_path / "directory").mkdir()
    assert examine(tmp_path / "directory", NOW).problem.startswith("cannot be read: ")
    os.mkfifo(tmp_path / "pipe")
    assert examine(tmp_path / "pipe", NOW).problem == "cannot be read: it is no regular file"


def test_an_empty_file_is_no_damage(tmp_path: Path) -> None:
    report = examined(tmp_path)
    assert (report.records, report.is_damaged, report.versions) == (0, False, 0)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.floats(allow_nan=False), st.integers(-(2**63), 2**63 - 1), st.booleans()), max_size=20),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 255)), max_size=3),
)
def test_records_are_those_that_the_decoder_finds(
    told: list[tuple[float, int, bool]], flips: list[tuple[int, int]]
) -> None:
    frames = [
        scalar("a", 1, step, wall) if is_scalar else frame(Event(wall_time=wall, step=step).SerializeToString())
        for wall, step, is_scalar in told
    ]
    data = bytearray(b"".join(frames))
    for at, bits in flips if data else []:
        data[at % len(data)] ^= bits
    count = 0
    for stretch, origin, scan in stretches(io.BytesIO(data), Decoder()):
        found = records(stretch, origin, scan)
        count += len(found.offsets)
        assert len(found.offsets) == scan.records
        for row, offset in enumerate(found.offsets.tolist()):
            (size,) = struct.unpack_from("<Q", data, offset)
            event = Event.FromString(bytes(data[offset + 12 : offset + 12 + size]))
            assert found.steps[row] == event.step
            assert found.wall_times[row] == event.wall_time or not event.wall_time
            assert found.holds[row] == (0x2A if event.HasField("summary") else 0)
    if not flips:
        assert count == len(told)


def test_files_of_a_few_bytes(tmp_path: Path) -> None:
    data = version() + scalar("a", 1, 1)
    for length in range(len(data)):
        report = examined(tmp_path, data[:length])
        assert report.tail_bytes == length - len(version()) * (length >= len(version()))
        assert report.is_damaged == (report.tail_bytes > 0 and report.quiet)


def test_bytes_without_sense_stop_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random_ = random.Random(0)
    good = b"".join([version(), *(scalar("a", i, i, 1000.0 + i) for i in range(50)), tensor("b", np.float64(1))])
    path = tmp_path / "events.out.tfevents.1.a"
    for _ in range(300):
        data = bytearray(good)
        for _ in range(random_.randrange(1, 6)):
            at = random_.randrange(len(data))
            if random_.random() < 0.3:
                del data[at : at + random_.randrange(40)]
            else:
                data[at] = random_.randrange(256)
        path.write_bytes(data)
        report = examine(path, NOW)
        monkeypatch.setattr(module, "Decoder", PythonDecoder)
        assert examine(path, NOW) == report
        monkeypatch.undo()
        assert report.points + report.damaged_regions > 0


@pytest.mark.skipif(not DATA.exists(), reason="the real event files are not here")
def test_real_files_are_whole() -> None:
    paths = [path for path in DATA.rglob("*tfevents*") if path.is_file()]
    reports = [examine(path, NOW) for path in paths]
    assert len(reports) > 15
    for report in reports:
        assert not report.is_damaged, report
        assert (report.version, report.versions, report.jumps, report.unread) == ("brain.Event:2", 1, [], [])
        assert report.points > 0
    assert {kind for report in reports for kind in report.entries} >= {"graph_def", "histograms", "hparams", "text"}
    assert os.fspath(paths[0]) == reports[0].path

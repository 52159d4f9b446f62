from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from headway.ingest.index import Index
from headway.marks import Marks
from headway.server.api import Change
from headway.server.serve import Server
from headway.server.served import Served
from headway.server.stream import PACE, RATE, SLOWEST, Changes, Told
from server.client import Client


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Index, Client, EventFileWriter]]:
    """An index that is served and followed, and a writer of run `r` in it, which has one point."""
    with (
        closing(EventFileWriter(str(tmp_path / "r"))) as writer,
        closing(Index(tmp_path, ":memory:")) as index,
    ):
        write(writer, 0)
        with Server(index, port=0) as server:
            wait_until(lambda: [run.points for run in index.runs()] == [1])
            yield index, Client(server.port), writer


def write(writer: EventFileWriter, step: int, tag: str = "loss") -> None:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=0.5)])
    writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))
    writer.flush()


def served(index: Index) -> Served:
    return Served(index, Marks(index.logdir))


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_first_message_comes_at_once_and_names_the_server(live: tuple[Index, Client, EventFileWriter]) -> None:
    index, client, _ = live
    began = time.monotonic()
    with client.changes() as changes:
        change = msgspec.convert(next(changes), Change)
    assert time.monotonic() - began < 0.5
    assert (change.life, change.revision, change.outline, change.problems) == (index.life, index.revision, True, [])
    assert (change.runs, change.progress is None, change.marks) == ([], False, 1)


def test_a_new_point_is_told_within_a_second(live: tuple[Index, Client, EventFileWriter]) -> None:
    _, client, writer = live
    with client.changes() as changes:
        revision = next(changes)["revision"]
        for step in (1, 2, 3):
            began = time.monotonic()
            write(writer, step)
            change = next(c for c in changes if [run["last_step"] for run in c["runs"]] == [step])
            assert time.monotonic() - began < 1.0
            assert change["revision"] > revision
            assert change.keys() <= {"revision", "runs", "progress"}
            assert change["runs"][0].keys() == {"id", "points", "last_step", "last_wall"}
            revision = change["revision"]


def test_a_new_tag_is_an_outline(live: tuple[Index, Client, EventFileWriter]) -> None:
    _, client, writer = live
    with client.changes() as changes:
        next(changes)
        write(writer, 0, "accuracy")
        assert any("outline" in change for change in islice(changes, 3))


def test_what_people_say_is_told(live: tuple[Index, Client, EventFileWriter]) -> None:
    index, client, _ = live
    with client.changes() as changes:
        next(changes)
        Marks(index.logdir).set("r", note="the best")
        assert any(change.get("marks") == 2 for change in islice(changes, 3))


def test_a_page_that_leaves_is_forgotten(index: Index) -> None:
    with Server(index, port=0) as server:
        tasks = server._uvicorn.server_state.tasks
        for _ in range(3):
            with Client(server.port).changes() as changes:
                next(changes)
                assert len(tasks) >= 1
        wait_until(lambda: not tasks)


def test_messages_keep_their_distance_and_the_first_does_not_wait(tmp_path: Path) -> None:
    async def collect(index: Index) -> list[tuple[float, int]]:
        changes = Changes(served(index))
        stream = changes.stream()
        got = []
        async with changes.watching():
            await anext(stream)
            stopping = time.monotonic() + 0.5
            ticking = threading.Thread(target=tick, args=[index, stopping])
            ticking.start()
            began = time.monotonic()
            while time.monotonic() < stopping - 0.1:
                message = await anext(stream)
                change = msgspec.json.decode(message.removeprefix(b"data: "), type=Change)
                got.append((time.monotonic() - began, change.revision))
            ticking.join()
        await stream.aclose()
        return got

    def tick(index: Index, stopping: float) -> None:
        step = 0
        with closing(EventFileWriter(str(tmp_path / "r"))) as writer:
            while time.monotonic() < stopping:
                write(writer, step)
                index.refresh()
                step += 1

    with closing(Index(tmp_path, ":memory:")) as index:
        got = asyncio.run(collect(index))
    times = [at for at, _ in got]
    assert len(got) >= 3
    assert all(later - earlier > PACE * 0.9 for earlier, later in pairwise(times))
    revisions = [revision for _, revision in got]
    assert revisions == sorted(set(revisions))


def test_silence_is_broken_by_comments(index: Index) -> None:
    async def second() -> bytes:
        changes = Changes(served(index), pace=0.0, heartbeat=0.02)
        async with changes.watching():
            stream = changes.stream()
            await anext(stream)
            message = await anext(stream)
            await stream.aclose()
            return message

    assert asyncio.run(second()) == b":\n\n"


def test_closing_ends_streams_at_once(index: Index) -> None:
    async def end() -> float:
        changes = Changes(served(index))
        async with changes.watching():
            stream = changes.stream()
            await anext(stream)
            waiting = asyncio.ensure_future(anext(stream, None))
            await asyncio.sleep(PACE + 0.05)
            began = time.monotonic()
            changes.close()
            assert await waiting is None
            return time.monotonic() - began

    assert asyncio.run(end()) < 0.1


def test_the_longer_messages_are_the_fewer_come(tmp_path: Path) -> None:
    async def pause(index: Index) -> tuple[int, float]:
        changes = Changes(served(index), pace=0.0)
        async with changes.watching():
            stream = changes.stream()
            first = await anext(stream)
            index.refresh()
            began = time.monotonic()
            await anext(stream)
            await stream.aclose()
        return len(first), time.monotonic() - began

    for number in range(12):  # each is a problem that the first message tells of
        (tmp_path / f"tfevents.{number}").write_bytes(b"no event file, but longer than a frame")
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        (tmp_path / "tfevents.x").write_bytes(b"another of these that is no event file")
        length, waited = asyncio.run(pause(index))
    assert min(length / RATE, SLOWEST) <= waited < SLOWEST + 1


def test_a_change_is_what_is_newer(tmp_path: Path) -> None:
    with closing(EventFileWriter(str(tmp_path / "r"))) as writer, closing(Index(tmp_path, ":memory:")) as index:
        write(writer, 0)
        index.refresh()
        told = Told(index)
        assert told.change(1).outline
        nothing = told.change(1)
        assert msgspec.to_builtins(nothing) == {"revision": index.revision}
        write(writer, 7)
        index.refresh()
        (run,) = told.change(1).runs
        assert (run.points, run.last_step, run.first_wall, run.live) == (2, 7, None, None)
        write(writer, 7, "accuracy")
        index.refresh()
        change = told.change(1)
        assert (change.outline, [one.last_step for one in change.runs]) == (True, [None])
        with closing(EventFileWriter(str(tmp_path / "s"))) as other:
            write(other, 0)
        index.refresh()
        change = told.change(1)
        assert (change.outline, change.runs) == (True, [])

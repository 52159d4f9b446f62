"""Sixteen processes write while sixty-four readers read; in the end every reader has every point."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest

import headway
from headway.ingest.index import Index
from headway.server.api import ChartData
from headway.server.serve import Server
from server.client import Client

WRITERS = 16
RANKS = 4
"""Of the writers, these record one run together."""
STEPS = 150
PATIENCE = 60.0

# Forked, for starting Python sixteen times takes longer than all of the rest.
WRITE = f"""
import os, sys, time, headway
place, ranks, steps = sys.argv[1], {RANKS}, {STEPS}
children = []
for number in range({WRITERS}):
    child = os.fork()
    if child:
        children.append(child)
        continue
    name, rank = ("together", (number, ranks)) if number < ranks else (f"run{{number:02}}", None)
    with headway.init(os.path.join(place, name), rank=rank) as run:
        for step in range(steps):
            run.log({{"x": number * 1000 + step, "y": float(step)}}, step=step)
            time.sleep(0.01)
    sys.stdout.flush()
    os._exit(0)
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
# Another process's reader: eight threads that ask until all is there.
READ = """
import sys, threading, time, headway
place, wanted, patience = sys.argv[1], eval(sys.argv[2]), float(sys.argv[3])
logs = headway.open(place, index=":memory:")
ended, done = time.monotonic() + patience, []
def read():
    while time.monotonic() < ended:
        logs.refresh()
        got = {name: logs[name].scalars("x").values.tolist() for name in logs if "x" in logs[name].tags}
        if {name: sorted(values) for name, values in got.items()} == wanted:
            done.append(True)
            return
        time.sleep(0.2)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(done), logs.problems)
"""


def expected() -> dict[str, list[float]]:
    runs = {f"run{n:02}": [float(n * 1000 + step) for step in range(STEPS)] for n in range(RANKS, WRITERS)}
    return {"together": [float(n * 1000 + step) for n in range(RANKS) for step in range(STEPS)], **runs}


def read_index(index: Index) -> dict[str, list[float]]:
    read = {}
    for run in index.run_names():
        if segments := index.series(run, "x"):
            read[run] = sorted(value for some in index.points(segments) for value in some.values.tolist())
    return read


def read_api(client: Client, index: Index) -> dict[str, list[float]]:
    """Only how many there are."""
    ids = {run.id: run.name for run in index.runs()}
    answer = client.post("/api/series", json.dumps({"charts": [{"tag": "x", "runs": [*ids]}]}).encode())
    assert answer.status == 200, answer.text
    (length,) = struct.unpack("<I", answer.body[:4])
    chart = msgspec.msgpack.decode(answer.body[4 : 4 + length], type=ChartData)
    assert not chart.error, chart.error
    return {ids[curve.run]: [float(curve.total)] for curve in chart.curves}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")
def test_every_reader_has_every_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "runs"
    wanted = expected()
    totals = {run: [float(len(values))] for run, values in wanted.items()}
    errors: list[BaseException] = []
    complete: list[bool] = []
    with ExitStack() as stack:
        writers = subprocess.Popen([sys.executable, "-c", WRITE, str(place)])
        stack.callback(writers.kill)
        indexes = [stack.enter_context(closing(Index(place, ":memory:" if n else None))) for n in range(4)]
        for index in indexes:
            index.follow()
        client = Client(stack.enter_context(Server(indexes[0], port=0)).port)
        arguments = [sys.executable, "-c", READ, str(place), repr(wanted), str(PATIENCE)]
        while not place.exists() and writers.poll() is None:
            time.sleep(0.01)
        others = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        for other in others:
            stack.callback(other.kill)

        def read(ask: Callable[[], dict[str, list[float]]], all_of_it: dict[str, list[float]]) -> None:
            ended = time.monotonic() + PATIENCE
            try:
                while ask() != all_of_it and time.monotonic() < ended:
                    time.sleep(0.3)
                complete.append(ask() == all_of_it)
            except BaseException as error:
                errors.append(error)

        threads = [
            *[threading.Thread(target=read, args=(lambda i=i: read_index(i), wanted)) for i in indexes * 8],
            *[threading.Thread(target=read, args=(lambda: read_api(client, indexes[0]), totals)) for _ in range(16)],
        ]
        for thread in threads:
            thread.start()
        assert writers.wait(PATIENCE) == 0
        for thread in threads:
            thread.join()
        said = [other.communicate(timeout=PATIENCE)[0].strip() for other in others]
        problems = [index.problems() for index in indexes]
    assert errors == []
    assert complete == [True] * 48
    assert said == ["8 []"] * 2
    assert problems == [[]] * 4
    logs = headway.open(place)
    assert {name: sorted(logs[name].scalars("x").values.tolist()) for name in logs} == wanted

"""What a page with 100 charts of 500 runs costs the network while five of them grow.

The client is a page without a picture: it asks as `web/src/data/loader.ts` does and keeps what that keeps. What is
counted is what passes through its sockets, headers and all.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from benchmarks.figure import Figure
from benchmarks.fresh import ROOT
from benchmarks.servers import Headway

from headway.server.api import ChartData

RUNS, LIVE, TAGS = 500, 5, [f"layer{tag:02d}/update_ratio" for tag in range(100)]
STEPS = range(0, 2_000, 10)
"""Of the runs that have ended. The others go on from there, so that the charts' range grows with them."""
PACE = 0.1
"""Seconds between two steps."""
CATCHING_UP = 12.0
"""Seconds until what came while the page loaded has been told."""
SECONDS = 20.0
COLUMNS = 600
AT_ONCE = 64
"""Charts of one request, and unpacked bytes a second of news, as in `loader.ts`."""
RATE = 100_000
LONGEST_REST = 10.0


class Counted(socket.socket):
    """Counts what passes."""

    received = 0
    sent = 0

    def recv_into(self, *arguments: Any) -> int:
        """As ever."""
        count = super().recv_into(*arguments)
        Counted.received += count
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        """As ever."""
        Counted.sent += len(memoryview(data))
        super().sendall(data, flags)


@dataclass
class Held:
    """A chart on the page."""

    request: dict[str, Any]
    revision: int = 0
    grid: tuple[float, float, int] = (0, 0, 0)
    """Start, width, columns."""
    fingerprints: dict[int, str] = field(default_factory=dict)


class Page:
    """Charts of all runs, one a tag, kept up to date."""

    def __init__(self, port: int, runs: list[int], tags: list[str], revision: int) -> None:
        self._port = port
        self._changed = dict.fromkeys(runs, revision)
        self._news = threading.Event()
        self._end = threading.Event()
        request = {"runs": runs, "axis": "step", "columns": COLUMNS, "smoothing": 0.6, "start": None, "stop": None}
        self.charts = [Held({"tag": tag, **request}) for tag in tags]
        self.events = self.requests = self.curves = 0

    def follow(self) -> None:
        """Listen until `leave`."""
        response = self._ask("GET", "/api/changes", None)
        while not self._end.is_set() and (line := response.readline()):
            if not line.startswith(b"data: "):
                continue
            change = json.loads(line.removeprefix(b"data: "))
            self.events += 1
            for run in change.get("runs", ()):
                if "points" in run:
                    self._changed[run["id"]] = change["revision"]
            self._news.set()

    def leave(self) -> None:
        """End `follow` with the next event, `keep_up` with the next answer."""
        self._end.set()
        self._news.set()

    def load(self) -> None:
        """Ask for every chart once."""
        while asked := [one for one in self._stale() if one[0].revision == 0]:
            self._fill(asked)

    def keep_up(self) -> None:
        """Ask for what is new, whenever there is something, as often as the page allows itself."""
        while not self._end.is_set():
            self._news.wait()
            self._news.clear()
            while (asked := self._stale()) and not self._end.is_set():
                bytes_ = self._fill(asked)
                self._end.wait(min(bytes_ / RATE, LONGEST_REST))

    def _stale(self) -> list[tuple[Held, dict[str, Any], int]]:
        newest = max(self._changed.values())
        stale = []
        for held in self.charts:
            if held.revision >= newest:
                continue
            runs = [run for run, changed in self._changed.items() if changed > held.revision]
            request = held.request
            start, width, columns = held.grid
            if width > 0 and columns < 2 * COLUMNS:
                known = [held.fingerprints.get(run, "") for run in runs]
                request = {**request, "runs": runs, "start": start, "width": width, "known": known}
            stale.append((held, request, newest))
        stale.sort(key=lambda one: one[0].revision)
        return stale[:AT_ONCE]

    def _fill(self, asked: list[tuple[Held, dict[str, Any], int]]) -> int:
        body = json.dumps({"charts": [request for _, request, _ in asked]}, separators=(",", ":")).encode()
        answer = self._ask("POST", "/api/series", body)
        self.requests += 1
        content = answer.read()
        if answer.headers["Content-Encoding"] == "gzip":
            content = gzip.decompress(content)
        at = 0
        for held, request, newest in asked:
            (length,) = struct.unpack_from("<I", content, at)
            data = msgspec.msgpack.decode(content[at + 4 : at + 4 + length], type=ChartData)
            at += 4 + length
            self.curves += len(data.curves)
            self._take(held, request, data, newest)
        return len(body) + len(content)

    def _take(self, held: Held, request: dict[str, Any], data: ChartData, newest: int) -> None:
        assert data.error is None
        if "known" in request and data.width != request["width"]:
            held.grid = (0, 0, 0)
            return
        if "known" not in request:
            held.fingerprints.clear()
        held.grid = (data.start, data.width, data.columns)
        held.fingerprints |= {curve.run: curve.fingerprint for curve in data.curves}
        held.revision = max(data.revision, newest)

    def _ask(self, method: str, path: str, body: bytes | None) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", self._port)
        plain = socket.create_connection(("127.0.0.1", self._port))
        connection.sock = Counted(fileno=plain.detach())
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate, br"}
        connection.request(method, path, body, headers)
        return connection.getresponse()


def figures() -> Iterator[Figure]:
    """Serve, write, and keep a page up to date for a while."""
    with tempfile.TemporaryDirectory() as place, Headway(Path(place, "runs"), Path(place, "index")) as server:
        runs = Path(place, "runs")
        _write_ended(runs)
        server.until_read(RUNS - LIVE)
        with _writer(runs):
            while (overview := server.ask("api/overview")) is None or len(overview["runs"]) < RUNS:
                server.wait()
            ids, tags = [run["id"] for run in overview["runs"]], [tag["name"] for tag in overview["tags"]]
            page = Page(server.port, ids, tags, overview["revision"])
            following = threading.Thread(target=page.follow)
            following.start()
            page.load()
            loaded = Counted.received / 1e6
            keeping = threading.Thread(target=page.keep_up)
            keeping.start()
            time.sleep(CATCHING_UP)
            received, sent, events, requests = Counted.received, Counted.sent, page.events, page.requests
            time.sleep(SECONDS)
            down, up = (Counted.received - received) / SECONDS / 1e3, (Counted.sent - sent) / SECONDS / 1e3
            page.leave()
            keeping.join()
            following.join()
    each = (page.requests - requests) / SECONDS / -(-len(tags) // AT_ONCE)
    yield Figure(
        what="100 charts, 5 of 500 runs live",
        unit="kB/s",
        values=[down],
        at_most=50,
        note=f"received; {up:.0f} kB/s sent; {(page.events - events) / SECONDS:.1f} events and each chart anew "
        f"{each:.2g} times a second; all at first: {loaded:.0f} MB",
    )


def _write_ended(runs: Path) -> None:
    """One run, and links to its file: what is measured does not depend on what the points are."""
    import headway

    random = Random(0)
    with headway.init(runs / "run000") as run:
        for step in STEPS:
            run.log({tag: random.gauss(1, 0.1) for tag in TAGS}, step=step)
    (file,) = (runs / "run000").iterdir()
    for number in range(1, RUNS - LIVE):
        (runs / f"run{number:03d}").mkdir()
        os.link(file, runs / f"run{number:03d}" / file.name)


@contextmanager
def _writer(runs: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.traffic", str(runs)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as writing:
        try:
            yield
        finally:
            writing.terminate()


def write(runs: Path) -> None:
    """Log every tag of the live runs in step, until the process is ended."""
    import headway

    random = Random(0)
    live = [headway.init(runs / f"run{number:03d}") for number in range(RUNS - LIVE, RUNS)]
    began = time.monotonic()
    for step in range(STEPS.stop, STEPS.stop + 3000):
        for run in live:
            run.log({tag: random.gauss(1, 0.1) for tag in TAGS}, step=step)
        time.sleep(max(0.0, began + (step + 1 - STEPS.stop) * PACE - time.monotonic()))


if __name__ == "__main__":
    write(Path(sys.argv[1]))

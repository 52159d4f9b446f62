"""A hundred million points, ten thousand runs, a hundred thousand tags: what stays quick when there is a lot."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from benchmarks import fresh
from benchmarks.event_files import CACHE, Shape, log_directory
from benchmarks.figure import Figure

LARGE = Shape(100, 20, 50_000)
MANY = Shape(10_000, 20, 5)
WIDE = Shape(1, 100_000, 3)
OF_FIVE = 5
"""Runs of a chart."""
CHARTS = 100
REPEATS = 5


def figures() -> Iterator[Figure]:
    """Measure each log directory; everything is asked for as the page and the commands ask for it."""
    yield from _large()
    yield from _many()
    yield from _wide()


def _large() -> Iterator[Figure]:
    directory = log_directory(LARGE)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        reads = []
        for i in range(3):
            reads.append(fresh.call(read_all, str(directory), f"{place}/index{i}", LARGE.points))
        note = f"{LARGE}: 2,000 series; a first reading, {reads[0]['megabytes']:,.0f} MB of files"
        yield Figure(what="index 100 M points", unit="s", values=[n["seconds"] for n in reads], at_most=15, note=note)
        peaks = [n["peak"] / 1e6 for n in reads]
        yield Figure(what="index 100 M points, peak memory", unit="MB", values=peaks, at_most=1200)
        sizes = [n["bytes"] / LARGE.points for n in reads]
        yield Figure(what="index on disk", unit="B", values=sizes, at_most=12, note="a point")
        yield from _charts(directory, Path(place) / "index0")


def read_all(logdir: str, index: str, points: int) -> fresh.Numbers:
    """Read everything for the first time, as `headway view` does."""
    from headway.ingest.index import Index
    from headway.server.memory import keep_freed_memory

    keep_freed_memory()
    opened = Index(logdir, index)
    began = time.perf_counter()
    opened.refresh()
    seconds = time.perf_counter() - began
    assert sum(run.points for run in opened.runs()) == points
    megabytes = opened.progress().bytes_total / 1e6
    opened.close()
    size = Path(index).stat().st_size
    return {"seconds": seconds, "peak": fresh.peak_memory(), "bytes": size, "megabytes": megabytes}


def _charts(directory: Path, index: Path) -> Iterator[Figure]:
    """Ask the server, over HTTP. Each repeat asks for other runs, so that nothing of it is remembered."""
    from benchmarks.servers import Headway

    tags = LARGE.tag_names()
    with Headway(directory, index) as server:
        server.until_read(LARGE.runs)
        runs = [run["id"] for run in server.ask("api/overview")["runs"]]
        groups = [runs[i : i + OF_FIVE] for i in range(0, len(runs), OF_FIVE)]
        single = [_asked(server.url, [(tags[i % len(tags)], groups[i % len(groups)])]) for i in range(21)]
        many = []
        for repeat in range(REPEATS):
            per_tag = CHARTS // len(tags)
            wanted = [groups[(per_tag * repeat + i) % len(groups)] for i in range(per_tag)]
            many.append(_asked(server.url, [(tag, group) for tag in tags for group in wanted]))
    note = f"{OF_FIVE} series of {LARGE.steps:,} points each, 600 columns, over HTTP"
    yield Figure(what="a chart, of 100 M points", unit="ms", values=[1e3 * s for s in single], at_most=60, note=note)
    note = f"in one request: {CHARTS * OF_FIVE * LARGE.steps / 1e6:.0f} M points"
    yield Figure(what="100 such charts", unit="ms", values=[1e3 * s for s in many], at_most=400, note=note)


def _asked(url: str, charts: list[tuple[str, list[int]]]) -> float:
    """Seconds until the last byte of the charts is here."""
    body = json.dumps({"charts": [{"tag": tag, "runs": runs, "columns": 600} for tag, runs in charts]}).encode()
    began = time.perf_counter()
    with urlopen(Request(f"{url}api/series", body, {"Content-Type": "application/json"}), timeout=60) as answer:
        assert len(answer.read()) > 1_000 * len(charts)
    return time.perf_counter() - began


def _many() -> Iterator[Figure]:
    directory = log_directory(MANY)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        numbers = fresh.call(list_runs, str(directory), f"{place}/index", MANY.tag_names())
    opening = f"opening the index took {numbers['open']:.1f} s, the first reading {numbers['read']:.0f} s"
    yield Figure(
        what="list and filter 10,000 runs",
        unit="ms",
        values=[1e3 * numbers[f"filter {i}"] for i in range(REPEATS)],
        at_most=300,
        note=f"× 20 tags, by a value of two tags, with last and best of one; {opening}",
    )


def list_runs(logdir: str, index: str, tags: list[str]) -> fresh.Numbers:
    """Answer `api/runs` with a filter and two columns, encoded."""
    import msgspec

    from headway.ingest.index import Index
    from headway.marks import Marks
    from headway.server.api import RunsQuery
    from headway.server.runs import runs
    from headway.server.served import Served

    numbers = {}
    for name in ("read", "open"):
        began = time.perf_counter()
        opened = Index(logdir, index)
        opened.refresh()
        numbers[name] = time.perf_counter() - began
        if name == "read":
            opened.close()
    served = Served(opened, Marks(logdir))
    query = RunsQuery(filter=f"last({tags[0]}) < 1e9 and min({tags[1]}) > 1 and steps >= 4", tag=[tags[0]])
    for i in range(REPEATS):
        began = time.perf_counter()
        found = runs(served, query, time.time())
        msgspec.json.encode(found)
        numbers[f"filter {i}"] = time.perf_counter() - began
    assert found.total == MANY.runs
    assert found.runs
    opened.close()
    return numbers


def _wide() -> Iterator[Figure]:
    directory = log_directory(WIDE)
    repeats = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory(dir=CACHE) as place:
            fresh.call(open_and_search, str(directory), f"{place}/index")
            repeats.append(fresh.call(open_and_search, str(directory), f"{place}/index"))
    note = f"{median(n['search'] for n in repeats) * 1e3:.0f} ms of it the search; from the index"
    seconds = [n["open"] + n["search"] for n in repeats]
    yield Figure(what="open and search 100,000 tags", unit="s", values=seconds, at_most=1, note=note)


def open_and_search(logdir: str, index: str) -> fresh.Numbers:
    """Open a run of very many tags, and find some of them."""
    began = time.perf_counter()
    import msgspec

    from headway.ingest.index import Index
    from headway.server.api import TagsQuery
    from headway.server.tags import tags

    opened = Index(logdir, index)
    opened.refresh()
    ready = time.perf_counter()
    (run,) = opened.runs()
    found = tags(opened, TagsQuery(run=run.id, q="layer9 ratio"))
    msgspec.json.encode(found)
    searched = time.perf_counter()
    assert found.total == 10_000
    opened.close()
    return {"open": ready - began, "search": searched - ready}

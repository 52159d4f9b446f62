"""What a page that is open for eight hours keeps in memory: the heap after ten minutes' news, and after all of them.

Five runs of twenty tags log a step a second for eight hours. The steps are those of eight hours and come in minutes;
the page sees what it would see then: as many points, and news as fast as they can come.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.chromium import chromium, page, until_marked
from benchmarks.figure import Figure
from benchmarks.fresh import ROOT
from benchmarks.servers import Headway
from playwright.sync_api import CDPSession, Page

RUNS, TAGS = 5, 20
HOURS = 8
STEPS = HOURS * 3600
TEN_MINUTES = 600
MINUTES = 4
"""How long it really takes."""


def figures() -> Iterator[Figure]:
    """Log in one process, look in another."""
    with (
        tempfile.TemporaryDirectory() as place,
        chromium() as browser,
        Headway(Path(place, "runs"), Path(place, "index")) as server,
        page(browser) as opened,
    ):
        early, late = _watch(opened, server, Path(place, "runs"))
    of = f"{HOURS} simulated hours of {RUNS} runs × {TAGS} tags"
    note = f"{of}: {early / 1e6:.1f} MB after ten minutes, {late / 1e6:.1f} after all"
    yield Figure(what="page, heap after a day's news", unit="×", values=[late / early], at_most=1.2, note=note)


def _watch(opened: Page, server: Headway, runs: Path) -> list[float]:
    """Return the heap each time that the writer prints a line: at ten minutes, and at the end."""
    command = [sys.executable, "-m", "benchmarks.day", str(runs)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        while server.ask("api/overview") is None:
            server.wait()
        opened.goto(server.url)
        session = opened.context.new_cdp_session(opened)
        heaps = []
        for _ in writer.stdout:
            until_marked(opened, "headway:all-charts", cap=20)
            opened.wait_for_timeout(3000)
            heaps.append(heap(session))
    return heaps


def heap(session: CDPSession) -> float:
    """Bytes that JavaScript keeps: what is left when all that can be freed is."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    backing: float = session.send("Runtime.getHeapUsage").get("backingStorageSize", 0)  # of typed arrays
    return used + backing


def write(logdir: str) -> None:
    """Log all of it, evenly over `MINUTES`; a line is printed at ten simulated minutes, and at the end."""
    import headway

    runs = [headway.init(Path(logdir, f"run-{i}")) for i in range(RUNS)]
    began = time.monotonic()
    for step in range(STEPS):
        values = {f"group{tag % 4}/tag{tag}": (tag + 1) / (1 + step / 1000) + step % 7 / 100 for tag in range(TAGS)}
        for run in runs:
            run.log(values, step=step)
        if step == TEN_MINUTES:
            time.sleep(1)
            print("ten minutes", flush=True)
            time.sleep(8)  # the page is measured
            began = time.monotonic() - 60 * MINUTES * step / STEPS
        if step % 10 == 0:
            time.sleep(max(0.0, began + 60 * MINUTES * step / STEPS - time.monotonic()))
    for run in runs:
        run.close()
    print("eight hours", flush=True)


if __name__ == "__main__":
    write(sys.argv[1])

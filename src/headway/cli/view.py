"""`headway view`: the dashboard."""

from __future__ import annotations

import os
import sys
import threading
import time
import webbrowser
from typing import Self

import click
from rich.console import Console
from rich.text import Text

from headway.ingest.index import Index
from headway.server.address import ANY_TOKEN
from headway.server.serve import Server

MOST_PROBLEMS = 20
"""Lines about files that could not be read whole, at most; the page lists all."""

PLACES = {"disk": "on disk, kept for the next time", "memory": "in memory"}


@click.command()
@click.argument("logdir", default="runs", type=click.Path())
@click.option("--port", default=6006, show_default=True, type=click.IntRange(0, 65535), help="0: any free one.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to serve on; 0.0.0.0: all. Beyond this machine, the page asks for a token.",
)
@click.option(
    "--token",
    metavar="TEXT",
    is_flag=False,
    flag_value=ANY_TOKEN,
    envvar="HEADWAY_TOKEN",
    help="Ask for a token on this machine too, and answer to any name, as behind a proxy. "
    "TEXT: this one; if left out, a random one.",
)
@click.option("--prefix", default="", metavar="PATH", help="The path that a proxy shows the page below: /some/path.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--index",
    "place",
    metavar="PATH|:memory:",
    help="Where the index is kept. If not given: in your cache directory, one file for each LOGDIR.",
)
def view(logdir: str, port: int, host: str, token: str | None, prefix: str, no_open: bool, place: str | None) -> None:
    """Show the runs of LOGDIR (default: runs) in a browser, live.

    LOGDIR, a directory or a URL such as s3://bucket/runs, holds event files by any writer; every directory in it
    that has some is a run. What comes later is shown as it comes. Ctrl-C ends.
    """
    index = Index(logdir, place)
    try:
        server = Server(index, host, port, token=token, prefix=prefix)
        with Report(index, server.urls) as report:
            server.run(lambda: _ready(report, None if no_open else server.url))
    finally:
        index.close()


def _ready(report: Report, url: str | None) -> None:
    report.begin()
    if url is not None:
        open_browser(url)


def open_browser(url: str) -> None:
    """Open `url` in a browser, when there is a display here; return at once."""
    graphical = sys.platform in ("win32", "darwin") or {"DISPLAY", "WAYLAND_DISPLAY"} & os.environ.keys()
    if graphical and "SSH_CONNECTION" not in os.environ:
        threading.Thread(target=webbrowser.open, args=[url], name="headway-browser", daemon=True).start()


class Report:
    """Says on the terminal what is served where, how the first reading went, and what could not be read."""

    def __init__(self, index: Index, urls: list[str]) -> None:
        self._index = index
        self._urls = urls
        self._console = Console(highlight=False, soft_wrap=True, markup=False)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="headway-report")
        self._told: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def begin(self) -> None:
        """Print the addresses, and from now on what happens."""
        index = self._index
        is_there = index.directory.lists_status or index.directory.is_there()  # the first listing will say
        missing = "" if is_there else " (not there yet; what comes will be shown)"
        for url in self._urls:
            self._say("page", url, style="bold cyan")
        self._say("runs", f"{index.name}{missing}")
        self._say("index", f"in memory: {index.notice}" if index.notice else PLACES[index.place])
        self._thread.start()

    def _follow(self) -> None:
        began = time.monotonic()
        revision = -1
        with self._console.status("reading …") as status:
            while not self._index.has_read:
                if self._ended.is_set():
                    return
                revision = self._index.wait(revision, 0.2)
                status.update(self._reading())
        runs = self._index.runs()
        points = sum(run.points for run in runs)
        many = "run" if len(runs) == 1 else "runs"
        self._say("read", f"{points:,} points of {len(runs):,} {many}, in {time.monotonic() - began:.1f} s")
        while not self._ended.is_set():
            self._say_problems()
            revision = self._index.wait(revision, 0.2)

    def _reading(self) -> str:
        progress = self._index.progress()
        files = f"{progress.files_done:,} of {progress.files_total:,} files"
        return f"reading: {files}, {progress.bytes_done / 1e6:,.0f} of {progress.bytes_total / 1e6:,.0f} MB"

    def _say_problems(self) -> None:
        """Print the problems that were not printed yet, one of each kind for a file."""
        for problem in self._index.problems():
            if (problem.file, problem.kind) in self._told:
                continue
            self._told.add((problem.file, problem.kind))
            if len(self._told) <= MOST_PROBLEMS:
                self._say("problem", f"{problem.file}: {problem.message}", style="yellow")
            elif len(self._told) == MOST_PROBLEMS + 1:
                self._say("problem", "… and more, which the page lists", style="yellow")

    def _say(self, name: str, text: str, style: str = "") -> None:
        # What is not printable in a file's name could steer the terminal.
        printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
        self._console.print(Text.assemble((f"{name:>8}  ", "dim"), (printable, style)))

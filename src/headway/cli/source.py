"""Opening a log directory for one question: all that is there is read, with a bar where there is a terminal."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from headway.cli.output import console, printable, say
from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.ingest.uncollected import uncollected
from headway.urls import is_url

SHOW_AFTER = 0.5
"""Seconds of reading before it is worth a word."""

logdir_argument = click.argument("logdir")
index_option = click.option(
    "--index",
    "place",
    metavar="PATH|:memory:",
    help="Where the index is kept. If not given: in your cache directory, one file for each LOGDIR.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document, every number exact.")


def reads_logdir(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a verb LOGDIR and `--index`."""
    return logdir_argument(index_option(command))


@contextlib.contextmanager
def opened(logdir: str, place: str | None, *, keep_reading: bool = False) -> Iterator[Index]:
    """Read all that is in `logdir` and give its index; with `keep_reading`, what comes later too.

    Raises:
        HeadwayError: there is no such log directory.
    """
    check(logdir)
    with (
        contextlib.nullcontext() if keep_reading else uncollected(),
        contextlib.closing(Index(logdir, place)) as index,
    ):
        _read(index, console(stderr=True))
        if not index.directory.is_there():
            reason = next((problem.message for problem in index.problems()), "nothing is there")
            raise HeadwayError(f"no log directory {index.name!r}: {reason}")
        if keep_reading:
            index.follow()
        yield index


def check(logdir: str) -> None:
    """Raise a HeadwayError unless `logdir` is a directory, or a URL: whether that exists, reading it will say."""
    if is_url(logdir) or os.path.isdir(logdir):  # noqa: PTH112 - pathlib's raises where a parent may not be entered
        return
    what = "it is a file" if os.path.isfile(logdir) else "it is not there, or may not be entered"  # noqa: PTH113
    raise HeadwayError(f"no log directory {logdir!r}: {what}")


def _read(index: Index, out: Console) -> None:
    if not out.is_terminal:
        index.refresh()
        return
    if index.notice:
        say(out, printable(index.notice), style="dim")
    over = threading.Event()
    watcher = threading.Thread(target=_show, args=[index, out, over], name="headway-progress", daemon=True)
    watcher.start()
    try:
        index.refresh()
    finally:
        over.set()
        watcher.join()


def _show(index: Index, out: Console, over: threading.Event) -> None:
    """Draw a bar until the reading is over, unless that is at once."""
    if over.wait(SHOW_AFTER):
        return
    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        while not over.wait(0.1):
            progress = index.progress()
            bar.update(task, completed=progress.bytes_done, total=progress.bytes_total or None)

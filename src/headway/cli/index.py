"""`headway index`: where what was read is kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from headway.cli.output import console, count, many, printable, say, say_json, size
from headway.cli.source import check, json_option, logdir_argument, opened
from headway.errors import HeadwayError
from headway.store.embedded import MEMORY
from headway.store.place import default_path
from headway.store.status import Status, drop, status


@click.command()
@logdir_argument
@click.argument("what", metavar="status|rebuild|drop", type=click.Choice(["status", "rebuild", "drop"]))
@click.option(
    "--index", "place", metavar="PATH", help="Where it is kept. If not given: in your cache directory, by LOGDIR."
)
@json_option
def index(logdir: str, what: Literal["status", "rebuild", "drop"], place: str | None, as_json: bool) -> None:
    """Look after the index of LOGDIR.

    The index is a cache of what was read from event files: nothing is lost with it. `status` says where it is, how
    large, what it holds, and which process has it open. `rebuild` reads everything anew. `drop` deletes it.
    """
    if place == MEMORY:
        raise HeadwayError("an index in memory is gone when its process ends: give a path, or nothing")
    path = default_path(logdir) if place is None else Path(place)
    dropped = what != "status" and drop(path, logdir)
    if what == "rebuild":
        _rebuild(logdir, path)
    found = status(path, logdir)
    if as_json:
        say_json({**asdict(found), "dropped": dropped} if what == "drop" else asdict(found))
    elif what == "drop":
        say(console(), f"{'deleted' if dropped else 'there is none'}: {printable(found.path)}")
    else:
        _tell(found)


def _rebuild(logdir: str, path: Path) -> None:
    check(logdir)
    with opened(logdir, str(path)) as source:
        if source.notice:
            raise HeadwayError(source.notice)


def _tell(found: Status) -> None:
    out = console()

    def line(name: str, text: str) -> None:
        say(out, f"{name:>10}  {printable(text)}")

    line("place", found.path)
    if not found.exists:
        line("state", "there is none yet; it is made when the log directory is first opened")
        return
    line("size", size(found.bytes))
    if found.held_by:
        line("held by", found.held_by)
    if found.problem:
        line("problem", found.problem)
    if found.logdir is not None:
        line("of", found.logdir)
    if found.current is False:
        line("version", f"{found.version}, of another version of headway: it is built anew when it is next opened")
    if found.points is not None:
        line("runs", f"{count(found.runs)}, in {many(found.files or 0, 'file')}")
        line("points", count(found.points))
        line("entries", count(found.entries))
    if found.bytes_per_point is not None:
        line("a point", f"{found.bytes_per_point:.1f} bytes")

"""`headway rm`: runs that are not wanted any more."""

from __future__ import annotations

from pathlib import Path

import click

from headway.cli.listing import Listing
from headway.cli.output import console, many, printable, say, size
from headway.cli.source import opened, reads_logdir
from headway.errors import HeadwayError
from headway.ingest.discover import discover
from headway.marks.trash import Removal, removal, remove
from headway.urls import is_url


@click.command()
@reads_logdir
@click.argument("runs", metavar="RUN…", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--force", is_flag=True, help="Also runs that are still being written.")
def rm(logdir: str, place: str | None, runs: tuple[str, ...], yes: bool, force: bool) -> None:
    """Move the event files of RUNs to a trash in LOGDIR.

    A RUN is a name, its end, the name it was given, or a pattern (*, ?, [abc]). Its directory goes as well when
    nothing else lies in it; checkpoints and the like stay where they are. Nothing is deleted: what was moved lies in
    LOGDIR/.headway/trash, and how to bring it back is printed. Links are not followed.
    """
    if is_url(logdir):
        raise HeadwayError(f"runs at {logdir} cannot be removed from here")
    out = console()
    with opened(logdir, place) as index:
        listing = Listing(index, logdir)
        chosen = listing.several(runs)
        live = [run for run in chosen if listing.state(listing.runs[run]) == "running"]
        if live and not force:
            raise HeadwayError(f"still being written: {', '.join(map(printable, live))}; --force removes them still")
    places = discover(Path(logdir)).files.values()
    removals = [removal(logdir, run, [Path(place) for of, place in places if of == run]) for run in chosen]
    for one in removals:
        say(out, _what(one))
    if not yes:
        click.confirm(f"Move {many(len(removals), 'run')} to the trash?", abort=True, err=True)
    for one in removals:
        gone = remove(logdir, one)
        say(out, f"{printable(one.run)} is in {printable(str(gone.place))}")
        say(out, f"  back with: {printable(gone.restore())}", "dim")


def _what(one: Removal) -> str:
    rest = "with its directory" if one.whole else "what else lies there stays"
    return f"{printable(one.run)}: {many(len(one.files), 'event file')}, {size(one.bytes)}, {rest}"

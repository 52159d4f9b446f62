"""`headway export`: what was logged, as tables or as clean event files."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

import click

from headway.cli.listing import Listing, known_tag
from headway.cli.output import console, many, printable, say, say_json
from headway.cli.source import json_option, opened, reads_logdir
from headway.errors import HeadwayError
from headway.export import Format
from headway.export import export as export_to
from headway.urls import is_url, without_secrets


@click.command()
@reads_logdir
@click.argument("destination")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "jsonl", "parquet", "events"]),
    help="What to write. If not given: what DESTINATION's suffix says; without one, event files.",
)
@click.option("--runs", metavar="RUN", multiple=True, help="Only these; a name, its end, or a pattern (*, ?, [abc]).")
@click.option("--tags", metavar="TAG", multiple=True, help="Only these; a tag or a pattern.")
@click.option("--from", "first_step", metavar="STEP", type=int, help="Leave earlier steps out.")
@click.option("--to", "last_step", metavar="STEP", type=int, help="Leave later steps out.")
@json_option
def export(
    logdir: str,
    place: str | None,
    destination: str,
    format_: Format | None,
    runs: tuple[str, ...],
    tags: tuple[str, ...],
    first_step: int | None,
    last_step: int | None,
    as_json: bool,
) -> None:
    """Write what was logged in LOGDIR to DESTINATION, every number exact.

    As csv, jsonl and parquet, DESTINATION is a file with a row for each point: run, tag, step, wall_time, value. As
    events, it is a directory with one clean event file for each run, with pictures, texts and all. Points that a
    later session replaced are left out. Nothing that exists is overwritten.
    """
    if is_url(destination):
        raise HeadwayError(f"{without_secrets(destination)} is a URL: export to a file or directory, and copy that")
    with opened(logdir, place) as index:
        chosen = Listing(index, logdir).several(runs) if runs else None
        wanted = _meant(tags, sorted({tag for kind in index.kinds() for tag in index.tags(kind)})) if tags else None
        with console(stderr=True).status("exporting"):
            done = export_to(index, destination, format_, chosen, wanted, first_step, last_step)
    if as_json:
        say_json({"destination": destination, **done._asdict()})
        return
    entries = f", {many(done.entries, 'other value')}" if done.entries else ""
    say(console(), f"{many(done.points, 'point')}{entries} in {many(done.files, 'file')}: {printable(destination)}")


def _meant(texts: Sequence[str], tags: Sequence[str]) -> list[str]:
    """Return the tags of these names, or that match them."""
    found: dict[str, None] = {}
    for text in texts:
        matching = [text] if text in tags else [tag for tag in tags if fnmatchcase(tag, text)]
        found |= dict.fromkeys(matching or [known_tag(text, tags)])
    return list(found)

"""`headway mark`: what a person says of runs."""

from __future__ import annotations

from typing import Any

import click

from headway.cli.listing import Listing
from headway.cli.output import console, many, printable, printable_lines, say, say_json
from headway.cli.source import json_option, opened, reads_logdir
from headway.marks import Mark, Marks


@click.command()
@reads_logdir
@click.argument("runs", metavar="RUN…", nargs=-1, required=True)
@click.option("--name", help="What to show instead of the run's own name; '' for that.")
@click.option("--note", help="Markdown; '' for none.")
@click.option("--tag", "added", metavar="TAG", multiple=True, help="Tag it; may be given several times.")
@click.option("--untag", "removed", metavar="TAG", multiple=True, help="Take a tag away.")
@click.option(
    "--archive/--unarchive", "archived", default=None, help="Show it only when somebody asks for all; undo."
)
@click.option("--group", help="Put it into a group; '' for none.")
@click.option("--colour", metavar="#RRGGBB", help="The colour of its curves; '' for any.")
@click.option("--pin/--unpin", "pinned", default=None, help="Show it first; undo.")
@json_option
def mark(
    logdir: str,
    place: str | None,
    runs: tuple[str, ...],
    added: tuple[str, ...],
    removed: tuple[str, ...],
    as_json: bool,
    **fields: Any,
) -> None:
    """Say something of RUNs, and print all that is said of them. Without options, only print it.

    A RUN is a name, its end, the name it was given, or a pattern (*, ?, [abc]). Marks are kept in
    LOGDIR/.headway/marks.jsonl, for everybody who reads there; if that cannot be written, in your own data directory.
    Event files are never touched.
    """
    with opened(logdir, place) as index:
        chosen = Listing(index, logdir).several(runs)
    marks = Marks(logdir)
    said = {field: value for field, value in fields.items() if value is not None}
    told: dict[str, Mark] = {}
    for run in chosen:
        edit = dict(said)
        if added or removed:
            kept = [tag for tag in marks.of(run).tags if tag not in removed]
            edit["tags"] = [*kept, *added]
        told[run] = marks.set(run, **edit)
    if as_json:
        say_json({run: told[run] for run in chosen})
        return
    out = console()
    for run, found in told.items():
        say(out, printable(run), "bold")
        for name, text in _shown(found):
            say(out, f"  {name:<8}  {text}")
    if marks.skipped:
        say(out, f"{many(marks.skipped, 'line')} of the journal say nothing that is understood", "yellow")


def _shown(mark: Mark) -> list[tuple[str, str]]:
    rows = [
        ("name", mark.name),
        ("note", printable_lines(mark.note).replace("\n", "\n            ")),
        ("tags", ", ".join(mark.tags)),
        ("group", mark.group),
        ("colour", mark.colour),
        ("", "archived" if mark.archived else ""),
        ("", "pinned" if mark.pinned else ""),
    ]
    return [(name, text) for name, text in rows if text] or [("", "nothing is said of it")]

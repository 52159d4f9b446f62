"""`headway ls`: the runs of a log directory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.text import Text

from headway.cli.listing import STYLES, Listing, duration_of, known_tag
from headway.cli.output import (
    cell,
    console,
    count,
    duration,
    many,
    moment,
    number,
    printable,
    say,
    say_json,
    say_table,
)
from headway.cli.source import json_option, opened, reads_logdir
from headway.cli.telling import telling
from headway.ingest.catalogue import RunState
from headway.query.account import Outcome
from headway.query.facts import higher_is_better
from headway.query.filter import FIELDS, FUNCTIONS, parse_filter
from headway.query.names import near
from headway.query.scalars import extremes

_OF_TAG = re.compile(rf"({'|'.join(FUNCTIONS)})\((.+)\)", re.DOTALL)


class _Row(NamedTuple):
    run: RunState
    state: Outcome
    values: dict[str, dict[str, float | int | None]]
    """Tag → last and best value, and where the best is."""


@click.command()
@reads_logdir
@click.argument("filter_", metavar="[FILTER]", default="")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Show the last and best value of this tag.")
@click.option(
    "--sort",
    metavar="BY",
    help="A field of filters, config.…, a tag, or last(tag), min(tag), …; with - in front, the greatest first.",
)
@click.option("--all", "archived", is_flag=True, help="Archived runs, too.")
@json_option
def ls(
    logdir: str,
    place: str | None,
    filter_: str,
    tags: tuple[str, ...],
    sort: str | None,
    archived: bool,
    as_json: bool,
) -> None:
    r"""List the runs of LOGDIR: how each goes, how far it is, and its last and best values.

    \b
    FILTER  config.lr < 1e-3 and last(val/loss) < 2
            state == failed or name matches /ablation/
            tags contains good and started > 2026-11-01 and duration > 2h
    fields  name, state, steps, duration, points, started, tags, group,
            archived, config.…; last, first, min, max and best of a (tag)

    Without --tag, a few telling tags are shown: losses, accuracies and the like. Pinned runs come first, then groups.
    """
    wanted = parse_filter(filter_)
    with opened(logdir, place) as index:
        listing = Listing(index, logdir)
        known = index.tags()
        shown = [known_tag(tag, list(known)) for tag in tags] or telling((tag, len(of)) for tag, of in known.items())
        runs = [run for run in listing.runs.values() if wanted.matches(listing.facts(run))]
        hidden = [run for run in runs if not archived and listing.mark(run.name).archived]
        kept = _ordered(listing, [run for run in runs if archived or not listing.mark(run.name).archived], sort)
        rows = [_Row(run, listing.state(run), {tag: _values(listing, run, tag) for tag in shown}) for run in kept]
        if as_json:
            say_json({"logdir": index.name, "runs": [_document(listing, row) for row in rows], "hidden": len(hidden)})
        else:
            out = console()
            _show(out, listing, rows, shown, len(hidden))
            _say_unknown(out, () if kept else wanted.tags - known.keys(), list(known))


def _ordered(listing: Listing, runs: Sequence[RunState], sort: str | None) -> list[RunState]:
    def natural(run: RunState) -> tuple[str, list[Any]]:
        return listing.group(run.name), natural_order(run.name)

    kept = sorted(runs, key=natural)
    if sort:
        kept = _sorted_by(listing, kept, sort)
    return sorted(kept, key=lambda run: not listing.mark(run.name).pinned)


def natural_order(name: str) -> list[Any]:
    """Return what sorts run-2 before run-10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


def _sorted_by(listing: Listing, runs: Sequence[RunState], sort: str) -> list[RunState]:
    """Sort by a fact; runs that have none of it come last."""
    by = sort.removeprefix("-")
    get = _fact(listing, by)
    facts = {run.name: get(run) for run in runs}
    there = [run for run in runs if facts[run.name] is not None]
    numbers = all(isinstance(facts[run.name], int | float) for run in there)
    there.sort(key=lambda run: facts[run.name] if numbers else str(facts[run.name]), reverse=sort != by)
    return there + [run for run in runs if facts[run.name] is None]


def _fact(listing: Listing, by: str) -> Callable[[RunState], Any]:
    if by in FIELDS:
        return lambda run: listing.facts(run).field(by)
    if by.startswith("config."):
        return lambda run: listing.facts(run).config(by.removeprefix("config."))
    tags = list(listing.index.tags())
    of_tag = _OF_TAG.fullmatch(by)
    function, tag = (of_tag[1], of_tag[2]) if of_tag and by not in tags else ("last", by)
    known_tag(tag, tags)
    return lambda run: listing.facts(run).value(function, tag)


def _values(listing: Listing, run: RunState, tag: str) -> dict[str, float | int | None]:
    known = extremes(listing.index, run.name, tag)
    if known is None:
        return {"last": None, "best": None, "best_step": None}
    best, step = (known.high, known.high_step) if higher_is_better(tag) else (known.low, known.low_step)
    is_there = best == best  # NaN: no value is finite
    return {"last": known.last, "best": best if is_there else None, "best_step": step if is_there else None}


def _show(out: Console, listing: Listing, rows: Sequence[_Row], tags: Sequence[str], hidden: int) -> None:
    groups = any(listing.group(row.run.name) for row in rows)
    marked = any(listing.tags(row.run.name) for row in rows)
    values = [heading for tag in tags for heading in (tag, f"best {tag}")]
    headings = ["run", "state", "steps", *values, "duration", "started", "points"]  # the last have no room first
    cells = [
        [
            *_cells(listing, row, tags),
            *[cell(listing.group(row.run.name))] * groups,
            *[cell(", ".join(listing.tags(row.run.name)))] * marked,
        ]
        for row in rows
    ]
    if rows:
        headings += ["group"] * groups + ["tags"] * marked
        say_table(out, headings, cells, right=["steps", "points", *values])
    said = many(len(rows), "run") + (f"; {hidden:,} archived (--all shows them)" if hidden else "")
    if out.is_terminal or not rows:
        say(out, said, "dim")


def _say_unknown(out: Console, tags: Iterable[str], known: Sequence[str]) -> None:
    """Say of which tags a filter asks in vain: one that is mistyped finds nothing, too."""
    for tag in sorted(tags):
        say(out, f"no run has a tag {printable(tag)!r}{near(printable(tag), map(printable, known))}")


def _cells(listing: Listing, row: _Row, tags: Sequence[str]) -> list[Text]:
    run, mark = row.run, listing.mark(row.run.name)
    title = listing.title(run.name)
    if mark.pinned:
        title = Text.assemble("* ", title)
    if mark.archived:
        title.append(" (archived)", "dim")
    values = [number(row.values[tag][which]) for tag in tags for which in ("last", "best")]
    return [
        title,
        Text(row.state, STYLES.get(row.state, "")),
        Text(count(run.last_step)),
        *map(Text, values),
        Text(duration(duration_of(run))),
        Text(moment(listing.started(run))),
        Text(count(run.points)),
    ]


def _document(listing: Listing, row: _Row) -> dict[str, Any]:
    run, mark = row.run, listing.mark(row.run.name)
    return {
        "run": run.name,
        "name": mark.name or run.name,
        "state": row.state,
        "live": run.live,
        "steps": run.last_step,
        "points": run.points,
        "series": run.series,
        "entries": run.entries,
        "started": listing.started(run),
        "first_wall": run.first_wall,
        "last_wall": run.last_wall,
        "duration": duration_of(run),
        "group": listing.group(run.name),
        "tags": listing.tags(run.name),
        "mark": mark,
        "values": row.values,
    }

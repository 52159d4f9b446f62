"""`headway show`: all that is known of one run."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from headway.cli.listing import STYLES, Listing, duration_of
from headway.cli.output import (
    cell,
    console,
    count,
    duration,
    many,
    moment,
    number,
    printable,
    printable_lines,
    say,
    say_json,
    say_table,
    size,
)
from headway.cli.series import series_of
from headway.cli.source import json_option, opened, reads_logdir
from headway.cli.telling import telling
from headway.cli.terminal_chart import chart
from headway.query.account import Account
from headway.query.scalars import extent_of, extremes
from headway.query.series import Series
from headway.store.rows import Extent

CHARTS = 4
"""Where nobody names tags."""
HEIGHT = 8
"""Lines of a chart."""
WIDTH = 80
"""Of what is no terminal."""
MOST_TAGS = 40
"""Listed of each kind; `--json` lists all."""


@click.command()
@reads_logdir
@click.argument("run")
@click.option(
    "--tag", "tags", metavar="TAG", multiple=True, help="Draw this tag, or an expression: 'ema(train/loss, 0.9)'."
)
@json_option
def show(logdir: str, place: str | None, run: str, tags: tuple[str, ...], as_json: bool) -> None:
    """Show what is known of RUN: how it goes, what it says of itself, its configuration, its sessions, its charts.

    RUN is a name, its end, the name it was given, or a pattern that only one run matches. Charts have a column for
    each half character: from its least to its greatest value, with N, ↑ and ↓ where values are NaN or infinite.
    """
    with opened(logdir, place) as index:
        listing = Listing(index, logdir)
        name = listing.one(run)
        drawn = tags or telling((tag, 1) for tag in index.run_tags(name))[:CHARTS]
        curves = {tag: series_of(index, name, tag) for tag in drawn}
        if as_json:
            say_json(_document(listing, name, {tag: curves[tag] for tag in tags}))
            return
        out = console()
        _say_summary(out, listing, name)
        account = listing.account(name)
        _say_account(out, account)
        _say_config(out, account.config)
        _say_sessions(out, listing, name)
        _say_kinds(out, listing, name)
        for tag, series in curves.items():
            _say_chart(out, tag, series)


def _say_summary(out: Console, listing: Listing, name: str) -> None:
    run, mark, account = listing.runs[name], listing.mark(name), listing.account(name)
    state = listing.state(run)
    out.print(listing.title(name), style="bold", soft_wrap=True)
    reason = account.state.reason if account.state and account.state.word == state else ""
    rows = [
        ("state", f"{state}: {reason}" if reason else state),
        ("started", moment(listing.started(run))),
        ("duration", duration(duration_of(run))),
        ("steps", count(run.last_step)),
        ("points", f"{run.points:,} of {many(run.series, 'series', 'series')}"),
        ("entries", count(run.entries) if run.entries else ""),
        ("group", listing.group(name)),
        ("tags", ", ".join(listing.tags(name))),
        ("mark", ", ".join(["archived"] * mark.archived + ["pinned"] * mark.pinned)),
    ]
    _say_rows(out, rows, {"state": STYLES.get(state, "")})
    for heading, text in (("note", mark.note), ("notes", account.notes)):
        if text:
            _say_text(out, heading, text)
    if account.state and account.state.trace and state == account.state.word:
        _say_text(out, "traceback", account.state.trace)


def _say_account(out: Console, account: Account) -> None:
    told = account.run
    rows = [(name.replace("_", " "), _shown(name, told[name])) for name in told if name not in _ELSEWHERE]
    if any(text for _, text in rows):
        _say_heading(out, "account")
        _say_rows(out, rows)


_ELSEWHERE = {"notes", "tags", "started", "executable", "heartbeat"}


def _shown(name: str, value: Any) -> str:
    """Return one thing that a run says of itself, on a line."""
    match name, value:
        case "git", {"commit": commit, **more}:
            branch = more.get("branch") or "no branch"
            changes = ", with changes" if more.get("dirty") else ""
            return f"{commit} ({branch}{changes})"
        case "lineage", {"run": run, "step": step, **more}:
            return f"forked from {run} at step {step}"
        case "packages", dict():
            return many(len(value), "package")
        case "memory", int() | float():
            return size(int(value))
        case _, None | "" | False | [] | {}:
            return ""
        case _, list():
            return ", ".join(map(str, value))
        case _, dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


def _say_config(out: Console, config: Mapping[str, Any]) -> None:
    if config:
        _say_heading(out, "config")
        _say_rows(
            out, [(key, value if isinstance(value, str) else json.dumps(value)) for key, value in config.items()]
        )


def _say_sessions(out: Console, listing: Listing, name: str) -> None:
    sessions = listing.index.all_sessions(name)
    if len(sessions) < 2 and not any(session.start is not None for session in sessions.values()):
        return
    _say_heading(out, "sessions")
    rows: list[list[str | Text]] = []
    for (path, number_), session in sorted(sessions.items(), key=lambda item: item[1].first_wall):
        rank, start = session.rank, session.start
        times = moment(session.first_wall), moment(session.last_wall)
        rows.append([cell(path), str(number_), count(rank), count(start), *times])
    numbers = ["session", "rank", "from step"]
    say_table(out, ["file", *numbers, "first", "last"], rows, right=numbers)


def _say_kinds(out: Console, listing: Listing, name: str) -> None:
    _say_heading(out, "kinds")
    for kind, tags in listing.index.run_kinds(name).items():
        shown = ", ".join(tag for tag in tags[:MOST_TAGS] if tag)
        more = f", and {len(tags) - MOST_TAGS:,} more" if len(tags) > MOST_TAGS else ""
        say(out, printable(f"  {kind}: {shown}{more}" if shown else f"  {kind}"))


def _say_chart(out: Console, tag: str, series: Series) -> None:
    width = min(out.width, 200) if out.is_terminal else WIDTH
    say(out)
    if not len(series.steps):
        say(out, f"{printable(tag)}: no points")
        return
    found = extent_of(series)
    said = f": last {number(found.last)} at step {found.last_step:,}"
    if not math.isnan(found.low):
        said += (
            f", least {number(found.low)} at {found.low_step:,}, greatest {number(found.high)} at {found.high_step:,}"
        )
    say(out, f"{printable(tag)}{said}", "bold")
    for line in chart(series, width, HEIGHT):
        say(out, line)


def _say_heading(out: Console, text: str) -> None:
    say(out)
    say(out, text, "bold")


def _say_rows(out: Console, rows: Sequence[tuple[str, str]], styles: Mapping[str, str] | None = None) -> None:
    there = [(name, text) for name, text in rows if text]
    width = max((cell_len(printable(name)) for name, _ in there), default=0)
    for name, text in there:
        lines = printable_lines(text).split("\n")
        indented = f"\n{'':{width}}    ".join(lines)
        gap = " " * (width - cell_len(printable(name)))
        say(out, f"  {printable(name)}{gap}  {indented}", (styles or {}).get(name, ""))


def _say_text(out: Console, heading: str, text: str) -> None:
    _say_heading(out, heading)
    for line in printable_lines(text).split("\n"):
        say(out, f"  {line}")


def _document(listing: Listing, name: str, curves: Mapping[str, Series]) -> dict[str, Any]:
    index, run, account = listing.index, listing.runs[name], listing.account(name)
    sessions = [
        {"file": path, "session": number_, **session._asdict()}
        for (path, number_), session in index.all_sessions(name).items()
    ]
    summaries = {tag: extremes(index, name, tag) for tag in index.run_tags(name)}
    return {
        "run": name,
        "name": listing.mark(name).name or name,
        "state": listing.state(run),
        "live": run.live,
        "started": listing.started(run),
        "duration": duration_of(run),
        "steps": run.last_step,
        "points": run.points,
        "entries": run.entries,
        "group": listing.group(name),
        "tags": listing.tags(name),
        "mark": listing.mark(name),
        "said": {"state": account.state, "states": account.states, "account": account.run},
        "config": account.config,
        "sessions": sessions,
        "kinds": index.run_kinds(name),
        "series": {tag: _summary(found) for tag, found in summaries.items() if found is not None},
        "curves": {tag: series._asdict() for tag, series in curves.items()},
    }


def _summary(found: Extent) -> dict[str, float | int | None]:
    there = not math.isnan(found.low)
    return {
        "points": found.points,
        "first_step": found.min_step,
        "greatest_step": found.max_step,
        "first_wall": found.first_wall,
        "last_wall": found.last_wall,
        "last": found.last,
        "last_step": found.last_step,
        "min": found.low if there else None,
        "min_step": found.low_step if there else None,
        "max": found.high if there else None,
        "max_step": found.high_step if there else None,
    }

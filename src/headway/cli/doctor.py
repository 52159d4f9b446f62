"""`headway doctor`: event files, checked one by one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from headway.cli.output import console, count, many, moment, printable, say, say_json, size
from headway.cli.source import json_option
from headway.errors import HeadwayError
from headway.examine.file import examine
from headway.examine.names import Gap, Twins, gaps, twins
from headway.examine.report import NotFinite, Report
from headway.ingest.directory import LogDirectory, log_directory
from headway.urls import is_url, without_secrets

MOST_LINES = 10
"""Of one kind, for one file; `--json` has more."""


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True)
@json_option
def doctor(paths: tuple[str, ...], as_json: bool) -> None:
    """Check event files: what is in them, and what is wrong.

    A PATH is an event file, or a directory or URL: then every event file below it. All of each is decoded: damage and
    where it lies, last records that were cut off, jumps of the clock, steps that go back, values that are no numbers,
    several writers in one file, pieces that are missing, and what TensorBoard would not show.

    The exit code is 1 when anything is damaged: something that was written cannot be read.
    """
    files, refused = _files(paths)
    names = [Path(file.name) for file in files]
    began = time.monotonic()
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        reports = pool.map(lambda file: examine(file.directory, file.place, file.name, time.time()), files)
        if as_json:
            told = list(reports)
            say_json(_document(told, refused, twins(names), gaps(names)))
        else:
            told = list(_told(console(), reports))
            _say_end(console(), told, refused, names, time.monotonic() - began)
    for file in files:
        file.directory.close()
    if refused or any(report.is_damaged for report in told):
        sys.exit(1)


class _File(NamedTuple):
    """An event file: its name for people, and what opens it."""

    name: str
    directory: LogDirectory
    place: str


def _files(paths: Sequence[str]) -> tuple[list[_File], dict[str, str]]:
    """Return the event files at `paths`, each once, and the directories that could not be looked into."""
    files: dict[str, _File] = {}
    refused: dict[str, str] = {}
    for path in paths:
        if not is_url(path) and not os.path.isdir(path):  # noqa: PTH112 - pathlib's raises where a parent is closed
            if not os.path.lexists(path):
                raise HeadwayError(f"nothing is at {path}")
            files[path] = _File(path, log_directory(Path(path).parent), path)
            continue
        directory = log_directory(path if is_url(path) else Path(path))
        found = directory.find(thorough=True)
        for below, (_, place) in sorted(found.files.items()):
            name = f"{without_secrets(path).rstrip('/')}/{below}" if is_url(path) else place
            files[name] = _File(name, directory, place)
        refused |= {f"{without_secrets(path)}/{below}": reason for below, reason in found.refused.items()}
    if not files and not refused:
        raise HeadwayError(f"no event files below {', '.join(paths)}: none has a name with tfevents in it")
    return list(files.values()), refused


def _told(out: Console, reports: Iterator[Report]) -> Iterator[Report]:
    for report in reports:
        style = "red" if report.is_damaged else ""
        say(out, f"{printable(report.path)}: {_headline(report)}", style)
        for what, lines in _findings(report):
            for line in lines[:MOST_LINES]:
                say(out, f"  {what:<11} {printable(line)}", "yellow")
            if len(lines) > MOST_LINES:
                say(out, f"  {'':<11} … and {len(lines) - MOST_LINES:,} more", "yellow")
        yield report


def _headline(report: Report) -> str:
    if report.problem:
        return report.problem
    parts = [size(report.bytes), many(report.records, "record")]
    if report.points:
        parts.append(f"{many(report.points, 'point')} of {many(report.tags, 'tag')}")
        parts.append(f"steps {count(report.first_step)} to {count(report.last_step)}")
    parts += [f"{number:,} {kind}" for kind, number in sorted(report.entries.items())]
    if report.version not in ("", "brain.Event:2"):
        parts.append(f"version {report.version}")
    return ", ".join(parts) + (": damaged" if report.is_damaged else "")


def _findings(report: Report) -> Iterator[tuple[str, list[str]]]:
    """Yield what is wrong, by kind."""
    damage = [f"{many(bad.bytes, 'byte')} at {bad.offset:,}" for bad in report.damage]
    if report.damaged_regions > len(damage):
        damage.append(f"{report.damaged_regions:,} regions in all, {many(report.damaged_bytes, 'byte')}")
    yield "damage", damage
    if report.tail:
        end = "ends inside a record" if report.tail == "incomplete" else "ends in damage"
        still = "" if report.quiet or report.tail != "incomplete" else "; it may be growing"
        yield "end", [f"{end}: {many(report.tail_bytes, 'byte')}{still}"]
    yield "clock", _clock(report)
    yield "steps", _steps(report)
    yield "not finite", [f"{tag}: {_not_finite(found)}" for tag, found in report.not_finite.items()]
    if report.versions > 1:
        yield "writers", [f"{report.versions} writers wrote into this one file: it has so many beginnings"]
    if report.records and report.version == "none":
        yield "version", ["the first record says no version: TensorBoard reads such a file as one of version 0"]
    yield "TensorBoard", report.unread


def _clock(report: Report) -> list[str]:
    lines = [
        f"{'back' if jump.after < jump.before else 'a pause, or ahead'} by {abs(jump.after - jump.before):,.1f} s "
        f"at step {jump.step:,}: from {moment(jump.before)} to {moment(jump.after)} (byte {jump.offset:,})"
        for jump in report.jumps
    ]
    jumps = report.clock_back + report.clock_ahead
    return [*lines, f"{jumps:,} jumps in all"] if jumps > len(lines) else lines


def _steps(report: Report) -> list[str]:
    lines = [f"{back.tag}: back from {back.before:,} to {back.after:,}" for back in report.backward]
    return [f"{many(report.steps_back, 'step')} back, first of each tag:", *lines] if lines else []


def _not_finite(found: NotFinite) -> str:
    counts = (("NaN", found.nan), ("+∞", found.plus), ("−∞", found.minus))
    return ", ".join(f"{number:,} {name}" for name, number in counts if number)


def _say_end(
    out: Console, reports: Sequence[Report], refused: dict[str, str], files: Sequence[Path], seconds: float
) -> None:
    for directory, reason in refused.items():
        say(out, f"{printable(directory)}: cannot be looked into: {reason}", "red")
    for twin in twins(files):
        names = ", ".join(twin.names)
        say(out, printable(f"{twin.directory}: {len(twin.names)} files were begun in one second: {names}"), "yellow")
    for gap in gaps(files):
        numbers = ", ".join(map(str, gap.numbers[:MOST_LINES]))
        say(out, printable(f"{gap.file}: {many(gap.missing, 'piece')} missing: {numbers}"), "yellow")
    total = sum(report.bytes for report in reports)
    damaged = sum(report.is_damaged for report in reports)
    speed = f" ({total / 1e6 / seconds:,.0f} MB/s)" if seconds > 1 else ""
    say(out, f"{many(len(reports), 'file')}, {size(total)} in {seconds:.1f} s{speed}: {damaged or 'none'} damaged")


def _document(
    reports: Sequence[Report], refused: dict[str, str], same: Sequence[Twins], missing: Sequence[Gap]
) -> dict[str, object]:
    return {
        "damaged": sum(report.is_damaged for report in reports),
        "files": [{"damaged": report.is_damaged, **_fields(report)} for report in reports],
        "refused": [{"directory": directory, "reason": reason} for directory, reason in refused.items()],
        "same_second": [twin._asdict() for twin in same],
        "missing_pieces": [gap._asdict() for gap in missing],
    }


def _fields(report: Report) -> dict[str, object]:
    names = [name for name in report.__dataclass_fields__ if name not in ("damage", "jumps", "backward")]
    return {
        **{name: getattr(report, name) for name in names},
        "damage": [bad._asdict() for bad in report.damage],
        "jumps": [jump._asdict() for jump in report.jumps],
        "backward": [back._asdict() for back in report.backward],
    }

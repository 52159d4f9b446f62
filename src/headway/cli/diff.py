"""`headway diff`: what differs between two runs."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.text import Text

from headway.cli.listing import Listing
from headway.cli.output import NOTHING, cell, console, count, number, printable, say, say_json, say_table
from headway.cli.source import json_option, opened, reads_logdir
from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.query.account import Account, block
from headway.query.entries import entries
from headway.query.facts import higher_is_better
from headway.query.kinds import Text as TextValue
from headway.query.kinds import decode
from headway.query.scalars import extent_of, scalars

DIFF_TAG = "headway/git_diff"
_HERE = ("python", "platform", "host", "cpus", "memory", "accelerators", "world_size", "command", "directory")
"""What a run says of where it ran, but for its packages."""

Changes = dict[str, dict[str, Any]]


@click.command()
@reads_logdir
@click.argument("run")
@click.argument("other", metavar="RUN")
@json_option
def diff(logdir: str, place: str | None, run: str, other: str, as_json: bool) -> None:
    """Compare two runs of LOGDIR: configuration, environment, code and metrics.

    Of each metric that both have: the last value, the best one, and both runs' values at the last step that the two
    have in common. A RUN is a name, its end, the name it was given, or a pattern that only one run matches.
    """
    with opened(logdir, place) as index:
        listing = Listing(index, logdir)
        names = listing.one(run), listing.one(other)
        a, b = (listing.account(name) for name in names)
        told = {
            "runs": list(names),
            "config": changes(a.config, b.config),
            "environment": changes(_environment(a), _environment(b)),
            "packages": changes(_packages(a), _packages(b)),
            "code": {**changes(_code(a), _code(b)), "diff": _diff_of_diffs(index, names)},
            "metrics": _metrics(index, names),
        }
    if as_json:
        say_json(told)
    else:
        _show(console(), told)


def changes(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was added, removed and changed from `a` to `b`; values of changed ones are lists of two."""
    return {
        "added": {key: b[key] for key in b if key not in a},
        "removed": {key: a[key] for key in a if key not in b},
        "changed": {key: [a[key], b[key]] for key in a if key in b and not _same(a[key], b[key])},
    }


def _same(a: Any, b: Any) -> bool:
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


def _environment(account: Account) -> dict[str, Any]:
    return {key: account.run[key] for key in _HERE if account.run.get(key) not in (None, "", [])}


def _packages(account: Account) -> dict[str, Any]:
    packages = account.run.get("packages")
    return packages if isinstance(packages, dict) else {}


def _code(account: Account) -> dict[str, Any]:
    git = account.run.get("git")
    return {key: git[key] for key in ("commit", "branch", "dirty") if key in git} if isinstance(git, dict) else {}


def _diff_of_diffs(index: Index, names: Sequence[str]) -> list[str]:
    """Return how what was not committed differs, as lines of a unified diff."""
    a, b = (_git_diff(index, name) for name in names)
    headings = [f"{name} (not committed)" for name in names]
    return list(difflib.unified_diff(a, b, headings[0], headings[1], lineterm=""))


def _git_diff(index: Index, run: str) -> list[str]:
    try:
        found = entries(index, run, DIFF_TAG, "text")
        last = len(found.steps) - 1
        content = index.content(found.paths[found.files[last]], int(found.offsets[last]), int(found.lengths[last]))
        value = decode("text", content)
    except (KeyError, ValueError, HeadwayError):  # it says nothing, or not any more
        return []
    return block(value.text).splitlines() if isinstance(value, TextValue) else []


def _metrics(index: Index, names: Sequence[str]) -> list[dict[str, Any]]:
    a, b = names
    others = set(index.run_tags(b))
    return [_metric(index, a, b, tag) for tag in index.run_tags(a) if tag in others]


def _metric(index: Index, a: str, b: str, tag: str) -> dict[str, Any]:
    one, other = (scalars(index, run, tag) for run in (a, b))
    known = [extent_of(series) if len(series.steps) else None for series in (one, other)]
    which = "high" if higher_is_better(tag) else "low"
    last = [None if found is None else found.last for found in known]
    best = [None if found is None else _finite(getattr(found, which)) for found in known]
    common = np.intersect1d(one.steps, other.steps)
    step = int(common[-1]) if len(common) else None
    there = None
    if step is not None:  # of a step that was logged several times, its last value
        there = [float(series.values[np.flatnonzero(series.steps == step)[-1]]) for series in (one, other)]
    return {
        "tag": tag,
        "last": {"values": last, "difference": _difference(last)},
        "best": {"which": "max" if which == "high" else "min", "values": best, "difference": _difference(best)},
        "common_step": step,
        "at_common_step": None if there is None else {"values": there, "difference": _difference(there)},
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _difference(pair: Sequence[float | None]) -> float | None:
    a, b = pair
    return None if a is None or b is None else b - a


def _show(out: Console, told: Mapping[str, Any]) -> None:
    a, b = told["runs"]
    say(out, f"{printable(a)} → {printable(b)}", "bold")
    for heading in ("config", "environment", "packages", "code"):
        _say_changes(out, heading, told[heading])
    for line in told["code"]["diff"]:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else "dim"
        say(out, f"  {printable(line.expandtabs())}", style)
    _say_metrics(out, told["metrics"])


def _say_changes(out: Console, heading: str, found: Mapping[str, Any]) -> None:
    say(out)
    say(out, heading, "bold")
    lines = [(f"- {key}: {_text(value)}", "red") for key, value in found["removed"].items()]
    lines += [(f"+ {key}: {_text(value)}", "green") for key, value in found["added"].items()]
    lines += [(f"  {key}: {_text(a)} → {_text(b)}", "") for key, (a, b) in found["changed"].items()]
    for text, style in lines:
        say(out, f"  {printable(text)}", style)
    if not lines:
        say(out, "    the same", "dim")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _say_metrics(out: Console, metrics: Sequence[Mapping[str, Any]]) -> None:
    say(out)
    say(out, "metrics", "bold")
    if not metrics:
        say(out, "    no tag in common", "dim")
        return
    numbers = ("last", "", "difference", "best", "", "difference", "at step", "", "", "difference")
    rows: list[list[str | Text]] = []
    for metric in metrics:
        pairs = (metric["last"], metric["best"], metric["at_common_step"])
        last, best, there = (_three(pair) for pair in pairs)
        rows.append([cell(metric["tag"]), *last, *best, count(metric["common_step"]), *there])
    say_table(out, ["tag", *numbers], rows, right=numbers)


def _three(pair: Mapping[str, Any] | None) -> list[str]:
    if pair is None:
        return [NOTHING] * 3
    difference = pair["difference"]
    return [*map(number, pair["values"]), NOTHING if difference is None else f"{difference:+.6g}"]

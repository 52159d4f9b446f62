"""What a run is: where, when, from which code and with which packages it was started, for people and programs."""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from headway.record.about import markdown
from headway.record.about.git import Checkout
from headway.record.about.machine import machine
from headway.record.about.secrets import masked_arguments

RUN_TAG = "headway/run"
DIFF_TAG = "headway/git_diff"

_INFO = (".dist-info", ".egg-info")


def process() -> dict[str, Any]:
    """Return the process's command line (without secrets), working directory, Python and number."""
    arguments = masked_arguments(getattr(sys, "orig_argv", sys.argv))
    return {
        "command": shlex.join(arguments),
        "directory": _directory(),
        "python": platform.python_version(),
        "executable": sys.executable,
        "pid": os.getpid(),
    }


def describe(told: Mapping[str, Any], checkout: Checkout | None) -> dict[str, Any]:
    """Return what a program may want to know of a run: what it `told` of itself, and what can be found out.

    Takes tens of milliseconds.
    """
    return {
        **told,
        **machine(),
        "git": checkout
        and {
            "commit": checkout.commit,
            "branch": checkout.branch,
            "dirty": checkout.is_dirty,
            "untracked": checkout.untracked,
        },
        "packages": packages(),
    }


def run_text(description: Mapping[str, Any]) -> str:
    """Return a description as Markdown: the notes, a table for people, and all of it as JSON."""
    rows = {name: text for name, value in description.items() if (text := _shown(name, value))}
    notes = rows.pop("notes", "")
    code = markdown.fenced(json.dumps(description, indent=1, ensure_ascii=False, allow_nan=False), "json")
    return "\n\n".join(filter(None, [notes, markdown.table(rows), code]))


def diff_text(checkout: Checkout) -> str:
    """Return the diff of a checkout as Markdown."""
    return markdown.fenced(checkout.diff, "diff")


def packages(path: Sequence[str] | None = None) -> dict[str, str]:
    """Return the versions of installed packages by the names of their metadata; reading it takes 100 times longer."""
    found: dict[str, str] = {}
    for place in sys.path if path is None else path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208 - half the time of pathlib's
        except OSError:  # an archive, or nothing
            continue
        for name in names:
            stem, suffix = os.path.splitext(name)  # noqa: PTH122
            package, dash, version = stem.partition("-")
            if suffix in _INFO and dash:
                found.setdefault(package.replace("_", "-").lower(), version.split("-")[0])
    return dict(sorted(found.items()))


def code_directories() -> list[str]:
    """Return where the code of this program may be: beside its main script, and where it was started."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    beside = [str(Path(script).resolve().parent)] if isinstance(script, str) else []
    return [*beside, *filter(None, [_directory()])]


def _directory() -> str | None:
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:  # it was deleted
        return None


def _shown(name: str, value: Any) -> str:
    """Return a value for people; empty when it says nothing to them."""
    if value in (None, "", []) or value is False or name in ("packages", "executable", "heartbeat", "pid"):
        return ""
    match name:
        case "started":
            return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(value))
        case "memory":
            return f"{value / 2**30:.1f} GiB"
        case "git":
            return f"{value['commit']} ({value['branch'] or 'no branch'}{', with changes' if value['dirty'] else ''})"
        case "lineage":
            return f"forked from {value['run']} at step {value['step']}"
        case "imported":
            return f"{value['format']}: `{value['source']}`"
        case "command" | "directory":
            return f"`{value}`"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import headway
from headway import HeadwayError
from headway.cli import VERBS, main


def test_the_version_is_quick() -> None:
    code = (
        "import sys\n"
        "from headway.cli import main\n"
        "try: main(['--version'])\n"
        "finally: print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    version, modules = output.splitlines()
    assert version == f"headway, version {headway.__version__}"
    assert not {"numpy", "duckdb", "starlette", "uvicorn", "msgspec", "rich"} & {*modules.split()}


def test_help_lists_the_verbs() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    for verb in VERBS:
        assert f"\n  {verb} " in output


def test_an_unknown_verb_is_an_error() -> None:
    result = CliRunner().invoke(main, ["vieww"])
    assert (result.exit_code, "No such command" in result.output) == (2, True)


def test_a_headway_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def fail() -> None:
        raise HeadwayError("it cannot be done; do this instead")

    monkeypatch.setattr(type(main), "get_command", lambda *_: fail)
    result = CliRunner().invoke(main, ["view"])
    assert (result.exit_code, result.output) == (1, "Error: it cannot be done; do this instead\n")

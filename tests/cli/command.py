"""The real command, run in this process."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from headway.cli import main


def run(*arguments: object, answer: str = "") -> Result:
    """Run `headway` with these arguments."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=answer)


def said(*arguments: object, answer: str = "") -> str:
    """What it prints, when all is well."""
    result = run(*arguments, answer=answer)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert "\x1b" not in result.stdout  # it is no terminal
    return result.stdout


def document(*arguments: object) -> Any:
    """The one JSON document that it prints."""
    return json.loads(said(*arguments, "--json"), parse_constant=_refuse)


def error(*arguments: object, code: int = 1) -> str:
    """What it complains of; it prints nothing else."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    return result.stderr


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")

"""The command `headway`: one verb, one file, and its docstring is its help."""

from __future__ import annotations

import codecs
import errno
import io
import sys
from importlib import import_module

import click

from headway import __version__
from headway.errors import HeadwayError

VERBS = {
    "view": "view",
    "ls": "ls",
    "show": "show",
    "tail": "tail",
    "diff": "diff",
    "mark": "mark",
    "rm": "rm",
    "import": "import_",
    "export": "export",
    "sql": "sql",
    "index": "index",
    "doctor": "doctor",
    "demo": "demo",
}
"""Verb → module, and the command in it, in the order of the help."""
_INTERRUPTED = "Query interrupted"
"""What DuckDB makes of Ctrl-C."""


class _Verbs(click.Group):
    """Loads a verb's module when it is asked for, so that `headway --version` is quick."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = VERBS[cmd_name]
        command = getattr(import_module(f"headway.cli.{module}"), module)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                _print_any_name(stream)
        try:
            return super().invoke(ctx)
        except HeadwayError as error:
            from headway.cli.output import printable_lines

            raise click.ClickException(printable_lines(str(error))) from error
        except RuntimeError as error:
            if str(error) != _INTERRUPTED:
                raise
            raise click.Abort from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # nobody reads on: click says nothing of it
                raise
            raise click.ClickException(_said(error)) from error


def _said(error: OSError) -> str:
    """Return what the system complains of, and of which file; of none when it is what is printed."""
    from headway.cli.output import printable

    reason = error.strerror or str(error)
    return printable(f"{error.filename}: {reason}" if error.filename else reason)


def _print_any_name(stream: io.TextIOWrapper) -> None:
    """No name may be too much for a terminal without Unicode; ASCII is what systems say that were told nothing."""
    is_ascii = codecs.lookup(stream.encoding).name == "ascii"
    stream.reconfigure(encoding="utf-8" if is_ascii else stream.encoding, errors="backslashreplace")


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="headway")
def main() -> None:
    """See where your training is going."""

"""What docs/cli.md says is true: it has every verb and every option, and its examples run."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest

from cli.command import run
from headway.cli import VERBS, main

TEXT = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
SECTIONS = {part.split("`")[0]: part for part in TEXT.split("\n## `headway ")[1:]}
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]
ENDLESS = {"view", "demo", "tail -f"}
"""They end with Ctrl-C."""


def test_every_verb_has_a_section_in_the_order_of_the_help() -> None:
    assert list(SECTIONS) == list(VERBS)
    assert re.findall(r"^\| \[`(\w+)`\]", TEXT, re.MULTILINE) == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_is_explained_and_none_that_there_is_not(verb: str) -> None:
    command = main.get_command(click.Context(main), verb)
    assert command is not None
    there = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    options = {name for name in there if name.startswith("-")}
    written = set(re.findall(r"`(-[\w-]+)[^`]*`", SECTIONS[verb]))
    listed = {name for line in SECTIONS[verb].splitlines() if line.startswith("- `-") for name in _options(line)}
    assert options - written == set()
    assert listed - options == set()


def _options(line: str) -> list[str]:
    return re.findall(r"`(--?[a-z][\w-]*)", line.partition(":")[0])


@pytest.mark.parametrize(
    "line", [line for line in EXAMPLES if not any(f" {verb} " in f"{line} " for verb in ENDLESS)]
)
def test_the_examples_run(logdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    shutil.move(logdir, tmp_path / "runs")
    (tmp_path / "runs" / "sweep" / "fork").rename(tmp_path / "runs" / "sweep" / "lr3")
    (tmp_path / "wandb").mkdir()
    (tmp_path / "wandb" / "table.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(line)
    assert program == "headway"
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        path, _, anchor = target.partition("#")
        if path:
            assert path.startswith("https://") or (Path(__file__).parents[2] / "docs" / path).exists(), target
        else:
            assert anchor in anchors, target

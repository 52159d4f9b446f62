"""What the documents say is true: examples run, every option is named, both READMEs show the same code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from headway.cli.demo import demo
from headway.cli.view import view

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")


def python_blocks(text: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def test_the_examples_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for block in python_blocks(README):
        exec(block, {})
    assert capsys.readouterr().out == "1000 999 0.0010000000474974513\n"


def test_both_languages_show_the_same_code() -> None:
    plain = [re.sub(r"#.*", "", block) for block in python_blocks(README)]
    assert [re.sub(r"#.*", "", block) for block in python_blocks(CHINESE)] == plain


@pytest.mark.parametrize("command", [view, demo], ids=lambda command: command.name)
@pytest.mark.parametrize("text", [README, CHINESE], ids=["english", "chinese"])
def test_every_option_is_documented(command: click.Command, text: str) -> None:
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    assert options
    assert [option for option in options if option not in text] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text)]
    assert targets
    assert [target for target in targets if target and not (ROOT / target).exists()] == []


def test_the_tree_names_what_is_there() -> None:
    tree = README.split("## Where things are")[1].split("```")[1]
    inside = re.findall(r"^  (\S+)", tree, flags=re.MULTILINE)
    assert [name for name in inside if not (ROOT / "src" / "headway" / name).exists()] == []
    there = {p.name for p in (ROOT / "src" / "headway").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert there - {"web"} == {name.rstrip("/") for name in inside if name.endswith("/")}

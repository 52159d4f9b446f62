"""What the documents say is true: examples run, all that is public is named, both READMEs show the same code."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

import headway
from headway.cli.demo import demo
from headway.cli.view import view
from headway.record.values import Value
from record.observe import events, texts

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n")[0].strip("`"): part for part in API.split("\n## ")[1:]}
PUBLIC = {name: getattr(headway, name) for name in headway.__all__}
RECORDING = {name: thing for name, thing in PUBLIC.items() if thing.__module__.startswith("headway.record")}


def blocks(text: str, fence: str = "python") -> list[str]:
    return [block for block, _ in numbered(text, fence)]


def numbered(text: str, fence: str = "python") -> Iterator[tuple[str, int]]:
    """Blocks of code, and how many lines are above each."""
    for found in re.finditer(rf"^```{fence}\n(.*?)```", text, flags=re.DOTALL | re.MULTILINE):
        yield found[1], text.count("\n", 0, found.start(1))


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, "tensorboardX", None)  # an example puts another one there
    return tmp_path


def test_the_examples_run(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks(README):
        exec(block, {})
    assert capsys.readouterr().out == "1000 999 0.0010000000474974513\n"


def test_the_examples_of_the_reference_run(directory: Path) -> None:
    names: dict[str, Any] = {}
    for block, above in numbered(API):
        exec(compile("\n" * above + block, "docs/api.md", "exec"), names)  # a traceback names the line
    assert texts(directory / "runs/diverged", "headway/state")[-1].startswith("failed: ValueError: loss is NaN\n")
    logs = headway.open(directory / "runs", index=":memory:")
    assert logs["long"].scalars("loss").steps.tolist() == list(range(401))
    assert len(logs["long"].scalars("loss")) == 401
    assert logs["counting"].scalars("loss").steps.tolist() == [0, 1, 2]
    assert logs["step"].scalars("loss").steps.tolist() == [7]
    assert logs.problems == []


def test_what_a_run_says_of_itself_is_specified(tmp_path: Path) -> None:
    with headway.init(tmp_path, {"lr": 1}, console=True):
        print("printed")
    tags = {value.tag for event in events(tmp_path) for value in event.summary.value}
    assert {"headway/console", "headway/run"} < tags
    assert [tag for tag in tags if f"`{tag}`" not in FORMAT] == []
    told = json.loads(texts(tmp_path, "headway/run")[0].split("```json\n")[1].removesuffix("\n```"))
    assert [name for name in told if f"`{name}`" not in FORMAT] == []


def test_the_examples_that_are_not_run_are_python(directory: Path) -> None:
    not_run = blocks(API, "python no-run")
    assert not_run
    for block in not_run:
        compile(block, "docs/api.md", "exec")


def test_both_languages_show_the_same_code() -> None:
    plain = [re.sub(r"#.*", "", block) for block in blocks(README)]
    assert [re.sub(r"#.*", "", block) for block in blocks(CHINESE)] == plain


@pytest.mark.parametrize("command", [view, demo], ids=lambda command: command.name)
@pytest.mark.parametrize("text", [README, CHINESE], ids=["english", "chinese"])
def test_every_option_is_documented(command: click.Command, text: str) -> None:
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    assert options
    assert [option for option in options if option not in text] == []


# the reference


def signature(name: str, function: Callable[..., Any]) -> str:
    """As the reference writes it: names and defaults, without types."""
    written: list[str] = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not any(one.startswith("*") for one in written):
            written.append("*")
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        default = parameter.default
        shown = f'"{default}"' if isinstance(default, str) else repr(default)
        written.append(f"{stars}{parameter.name}" + ("" if default is parameter.empty else f"={shown}"))
    return f"{name}({', '.join(written)})"


def members(kind: type) -> Iterator[tuple[str, Any]]:
    for name, member in inspect.getmembers(kind):
        if not name.startswith("_"):
            takes_self = callable(member) and not isinstance(inspect.getattr_static(kind, name), staticmethod)
            yield name, member.__get__(object()) if takes_self else member


def section(name: str) -> str:
    thing = PUBLIC[name]
    return SECTIONS["Values" if inspect.isclass(thing) and issubclass(thing, Value) else f"headway.{name}"]


@pytest.mark.parametrize("name", RECORDING)
def test_every_signature_is_in_the_reference(name: str) -> None:
    thing, text = RECORDING[name], section(name)
    written = [signature(name if inspect.isclass(thing) else f"headway.{name}", thing)]
    if inspect.isclass(thing):
        written += [signature(one, member) if callable(member) else one for one, member in members(thing)]
    assert [one for one in written if f"`{one}`" not in text] == []


@pytest.mark.parametrize("name", RECORDING)
def test_every_parameter_is_explained(name: str) -> None:
    if name == "Run":
        assert inspect.signature(headway.Run).parameters == inspect.signature(headway.init).parameters
        return
    thing, text = RECORDING[name], section(name)
    if text is SECTIONS["Values"]:
        text = text.split(f"#### `{name}(")[1].split("#### `")[0]
    prose = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    functions = [thing]
    if inspect.isclass(thing) and not issubclass(thing, Value):
        functions += [member for _, member in members(thing) if callable(member)]
    parameters = {parameter for function in functions for parameter in inspect.signature(function).parameters}
    assert sorted(one for one in parameters if f"`{one}`" not in prose) == []


def test_every_public_name_of_recording_is_in_the_reference() -> None:
    errors = [name for name, thing in PUBLIC.items() if thing.__module__ == "headway.errors"]
    assert errors
    assert [name for name in errors if f"`headway.{name}`" not in SECTIONS["Errors and warnings"]] == []
    elsewhere = {name for name, thing in PUBLIC.items() if thing.__module__.startswith("headway.logs")}
    assert elsewhere | {*errors} | {*RECORDING} == {*headway.__all__}


# links and trees


def anchors(document: Path) -> set[str]:
    """As GitHub names them."""
    headings = re.findall(r"^#+ (.*)", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "docs/api.md",
        "docs/cli.md",
        "docs/format.md",
        "docs/reading.md",
        "docs/importing.md",
        "docs/serving.md",
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    document = ROOT / name
    outside_of_code = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)]+)\)", outside_of_code)
    assert targets
    for target in targets:
        path, _, anchor = target.partition("#")
        if path.startswith("https://"):
            continue
        linked = document.parent / path if path else document
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def test_the_tree_names_what_is_there() -> None:
    tree = README.split("## Where things are")[1].split("```")[1]
    inside = re.findall(r"^  (\S+)", tree, flags=re.MULTILINE)
    assert [name for name in inside if not (ROOT / "src" / "headway" / name).exists()] == []
    there = {p.name for p in (ROOT / "src" / "headway").iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert there - {"web"} == {name.rstrip("/") for name in inside if name.endswith("/")}

"""What docs/reading.md says is true: examples run, and everything that can be read is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

import headway
from headway.export import Format
from headway.logs import Frame, LoggedEntries, LoggedRun, Logs, Result, Scalars
from headway.query.align import Align
from headway.query.expression import parse
from headway.query.filter import FIELDS, FUNCTIONS, parse_filter
from headway.query.functions import FUNCTIONS as OF_SERIES
from headway.query.group import Band
from test_docs import ROOT, members, numbered, signature

READING = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
SECTIONS = {part.split("\n")[0]: part for part in READING.split("\n## ")[1:]}


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logs:
    """After the examples have run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    names: dict[str, Any] = {}
    for block, above in numbered(READING):
        exec(compile("\n" * above + block, "docs/reading.md", "exec"), names)  # a traceback names the line
    assert names["bands"].keys() == {1e-3, 1e-4}
    assert len(names["loss"]) == 100
    assert names["written"] == (1, 7, names["written"].entries)
    found = names["logs"]
    assert isinstance(found, Logs)
    return found


def test_the_examples_run_and_the_views_have_these_columns(logs: Logs, capsys: pytest.CaptureFixture[str]) -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (`.*`) \|$", SECTIONS["SQL"], flags=re.MULTILINE))
    assert set(told) == {"runs", "config", "series", "points", "events"}
    for view, columns in told.items():
        assert re.findall(r"`(\w+)`", columns) == logs.sql(f"select * from {view} limit 0").columns


@pytest.mark.parametrize("kind", [Logs, LoggedRun, Scalars, LoggedEntries, Frame, Result, Band])
def test_every_member_is_named(kind: type) -> None:
    written = [signature(name, member) if callable(member) else name for name, member in members(kind)]
    inherited = {"index(value, start=0, stop=None)", "count(value)"}  # of every sequence
    missing = [
        one for one in written if one not in inherited and f"`{one}" not in READING and f".{one}" not in READING
    ]
    assert missing == []


def test_every_function_field_and_way_is_named() -> None:
    assert [function.usage for function in OF_SERIES.values() if f"`{function.usage}`" not in READING] == []
    assert [name for name in FIELDS if f"`{name}`" not in SECTIONS["Filters"]] == []
    assert [name for name in FUNCTIONS if f"`{name}(tag)`" not in SECTIONS["Filters"]] == []
    assert [name for name in get_args(Align) if f'`"{name}"`' not in SECTIONS["Frames"]] == []
    assert [name for name in get_args(Format) if f'`"{name}"`' not in SECTIONS["Export"]] == []
    assert headway.open.__module__ == "headway.logs.directory"


def test_what_is_said_of_words_holds() -> None:
    for text in ("ema(train/loss, 0.9)", "val/loss - train/loss", "train/loss", "`my tag`", '"my tag"', "'my tag'"):
        assert text in READING
        parse(text)
    parse_filter("config.lr < 1e-3 and last(val/loss) < 2")
    assert parse("val/loss-best").tags() == {"val/loss-best"}
    assert parse("loss/2").tags() == {"loss/2"}

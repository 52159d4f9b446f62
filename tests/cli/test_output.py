from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import pytest
from rich.console import Console
from rich.text import Text

from headway.cli import output


@dataclass
class Point:
    at: tuple[float, float]


def test_json_is_exact_and_has_names_for_what_is_not_finite() -> None:
    value = {
        "a": [math.nan, math.inf, -math.inf, 0.1, 2**70],
        "b": Point((1.5, math.nan)),
        3: None,
        "c": {True: "基"},
    }
    assert output.json_text(value) == (
        '{"a": ["NaN", "Infinity", "-Infinity", 0.1, 1180591620717411303424], "b": {"at": [1.5, "NaN"]}, '
        '"3": null, "c": {"True": "基"}}'
    )
    assert (
        output.json_text("a\x1b\x9b\u2028\u202e\U000e0001基\n")
        == '"a\\u001b\\u009b\\u2028\\u202e\\udb40\\udc01基\\n"'
    )
    assert output.json_text([np.float64(0.1), np.int64(3), np.array([1.0, np.nan])]) == '[0.1, 3, [1.0, "NaN"]]'


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0.25, "0.25 s"),
        (59, "59 s"),
        (60, "1 min 0 s"),
        (3725, "1 h 2 min"),
        (90000, "1 d 1 h"),
        (-61, "-1 min 1 s"),
        (1e9, "11574 d 1 h"),
    ],
)
def test_lengths_of_time(seconds: float | None, said: str) -> None:
    assert output.duration(seconds) == said


def test_moments_out_of_all_calendars() -> None:
    assert output.moment(1e300) == "1e+300"
    assert output.moment(math.inf) == "–"
    assert output.moment(None) == "–"
    assert output.moment(1_700_000_000).startswith("2023-11-1")


def test_sizes_and_numbers() -> None:
    sizes = [output.size(length) for length in (1, 999, 1000, 2_500_000, 7_000_000_000)]
    assert sizes == ["1 byte", "999 bytes", "1.0 kB", "2.5 MB", "7.0 GB"]
    assert [output.many(n, "run") for n in (0, 1, 1000)] == ["0 runs", "1 run", "1,000 runs"]
    assert output.many(2, "series", "series") == "2 series"
    assert [output.number(n) for n in (None, 0.1, 1e-9, math.nan)] == ["–", "0.1", "1e-09", "nan"]
    assert [output.count(n) for n in (None, 1234)] == ["–", "1,234"]


def test_text_of_others_is_harmless() -> None:
    assert output.printable("a\x1b[31m\n\u202eb\u200b基") == "a�[31m��b�基"
    assert output.printable_lines("a\tb\r\nc\x07\nd") == "a\tb\nc�\nd"


ROWS: list[list[str | Text]] = [
    [output.cell("a/very/long/name/of/a/run/that/does/not/fit"), "1,000"],
    [output.cell("基线\x1b"), "1"],
]


def test_where_room_is_short_names_fold_and_nothing_is_lost() -> None:
    console = Console(file=io.StringIO(), width=30, force_terminal=True, color_system=None)
    output.say_table(console, ["run", "steps"], ROWS, right=["steps"])
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert all(len(line) <= 30 for line in lines)
    assert lines[1].endswith("1,000")
    assert "".join(line[:23].strip() for line in lines[1:3]) == "a/very/long/name/of/a/run/that/does/not/fit"


def test_columns_without_room_are_named() -> None:
    console = Console(file=io.StringIO(), width=30, force_terminal=True, color_system=None)
    output.say_table(console, ["run", "a" * 12, "b" * 12, "c", "", "c"], [["r", *"12345"]], right=["c"])
    assert isinstance(console.file, io.StringIO)
    assert [line.split() for line in console.file.getvalue().splitlines()] == [
        ["run", "a" * 12],
        ["r", "1"],
        ["no", "room", "for:", "b" * 12 + ",", "c"],
    ]


def test_a_table_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    output.say_table(output.console(), ["run", "steps"], ROWS, right=["steps"])
    name = "a/very/long/name/of/a/run/that/does/not/fit"
    assert capsys.readouterr().out.splitlines() == [
        f"run{'':{len(name) - 3}}  steps",
        f"{name}  1,000",
        f"基线�{'':{len(name) - 5}}      1",
    ]

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import headway
from cli.command import document, error, said


def test_a_table(logdir: Path) -> None:
    lines = said("sql", logdir, "SELECT run, max(step) s, NULL x FROM points GROUP BY run ORDER BY run").splitlines()
    assert [line.split("  ")[0] for line in lines] == ["run", "base", "sweep/failed", "sweep/fork", "基线 ∞"]
    assert lines[1].split() == ["base", "99"]
    assert said("sql", logdir, "SELECT run FROM runs WHERE false").split() == ["run"]


def test_as_json_every_number_is_exact(logdir: Path) -> None:
    query = "SELECT step, value FROM points WHERE run = 'sweep/failed' ORDER BY step"
    assert document("sql", logdir, query) == [{"step": 0, "value": 5.0}, {"step": 1, "value": "NaN"}]
    query = (
        "SELECT 9007199254740993 a, 0.1::double b, 'x' b, [1.5, 'inf'::double] c, {'d': NULL} e, 1.10::decimal(4,2) f"
    )
    assert document("sql", logdir, query) == [
        {"a": 9007199254740993, "b": 0.1, "b_2": "x", "c": [1.5, "Infinity"], "e": {"d": None}, "f": "1.10"}
    ]
    assert document("sql", logdir, "SELECT 1 WHERE false") == []


def test_as_csv(logdir: Path) -> None:
    query = """SELECT 'a "quoted", text' AS t, NULL n, 'nan'::double v, '-inf'::double w, 1/3 x, '基' u"""
    rows = list(csv.reader(io.StringIO(said("sql", logdir, query, "--csv"))))
    assert rows == [["t", "n", "v", "w", "x", "u"], ['a "quoted", text', "", "NaN", "-Infinity", repr(1 / 3), "基"]]
    many = said("sql", logdir, "SELECT range a, 'xxxxxxxxxxxxxxxxxxxx' b FROM range(20000)", "--csv").splitlines()
    assert (len(many), many[-1]) == (20001, "19999,xxxxxxxxxxxxxxxxxxxx")


def test_the_views(logdir: Path) -> None:
    assert document("sql", logdir, "SELECT state FROM runs ORDER BY run") == [
        {"state": state} for state in ("finished", "failed", "finished", "unknown")
    ]
    assert document("sql", logdir, "SELECT number FROM config WHERE key = 'lr' ORDER BY run") == [
        {"number": number} for number in (0.001, 1.0, 0.003)
    ]
    assert document("sql", logdir, "SELECT kind, points FROM series WHERE run LIKE '基%' ORDER BY kind") == [
        {"kind": "scalars", "points": 2},
        {"kind": "text", "points": 1},
    ]
    assert document("sql", logdir, "SELECT count(*) n FROM events WHERE tag = 'words/text_summary'") == [{"n": 1}]


def test_superseded_points(tmp_path: Path) -> None:
    with headway.init(tmp_path / "a") as run:
        for step in (0, 1, 2):
            run.log({"x": step}, step=step)
        run.rewind(1)
        run.log({"x": 10.0}, step=1)
    assert document("sql", tmp_path, "SELECT step, value, superseded FROM points ORDER BY step, value") == [
        {"step": 0, "value": 0.0, "superseded": False},
        {"step": 1, "value": 1.0, "superseded": True},
        {"step": 1, "value": 10.0, "superseded": False},
        {"step": 2, "value": 2.0, "superseded": True},
    ]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELEC 1", "the query failed"),
        ("SELECT nothing FROM runs", "the query failed"),
        ("SELECT 1; SELECT 2", "one SELECT is wanted"),
        ("DROP TABLE point", "one SELECT is wanted"),
        ("DELETE FROM segment", "one SELECT is wanted"),
        ("COPY (SELECT 1) TO 'x.csv'", "one SELECT is wanted"),
        ("ATTACH 'x.db'", "one SELECT is wanted"),
        ("SELECT * FROM read_csv('/etc/passwd')", "the query failed"),
        ("SELECT * FROM '/etc/passwd'", "the query failed"),
        ("SELECT error('late') FROM runs", "the query failed"),
        ("", "one SELECT is wanted"),
    ],
)
def test_what_is_not_answered(logdir: Path, query: str, message: str) -> None:
    assert message in error("sql", logdir, query)


def test_one_form_at_a_time(logdir: Path) -> None:
    assert "not both" in error("sql", logdir, "SELECT 1", "--json", "--csv", code=2)


def test_control_characters_of_values(logdir: Path) -> None:
    assert said("sql", logdir, "SELECT chr(27) || '[31m' x").split() == ["x", "�[31m"]

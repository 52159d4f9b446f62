from __future__ import annotations

import json
import math
import shutil
import sqlite3
from pathlib import Path

import pytest

from headway.importers.bring import bring
from importers.readback import Read, imported


@pytest.fixture(params=["mlruns", "mlflow.db"])
def store(request: pytest.FixtureRequest, mlflow_stores: Path) -> Path:
    return mlflow_stores / str(request.param)


@pytest.fixture
def runs(store: Path, tmp_path: Path) -> list[Read]:
    return [Read(tmp_path / outcome.name) for outcome in imported(store, tmp_path)]


def test_the_history_is_what_mlflow_says(store: Path, runs: list[Read]) -> None:
    said = json.loads(store.with_name(f"{store.name}.json").read_text())
    assert {read.about["imported"]["id"] for read in runs} == said.keys()
    for read in runs:
        status, history, params = said[read.about["imported"]["id"]]
        assert read.account.state is not None
        assert read.account.state.word == status.lower()
        assert history.keys() == read.scalars.keys()
        for key, points in history.items():
            ours, theirs = (sorted(found, key=lambda point: point[:2]) for found in (read.scalars[key], points))
            for (step, wall, value), (their_step, their_wall, their_value) in zip(ours, theirs, strict=True):
                assert (step, wall) == (their_step, their_wall)
                assert value == their_value or math.isnan(value) or abs(their_value) > 1.79e308  # its SQL's infinity
        assert params.keys() == read.account.config.keys()


def test_values_times_and_infinities(runs: list[Read]) -> None:
    for read in runs:
        assert read.values("train/loss") == [0.1 * step for step in range(3)]
        assert [wall for _, wall, _ in read.scalars["acc"]] == [
            1_700_000_000.123,
            1_700_000_000.124,
            1_700_000_000.125,
        ]
        assert read.steps("odd") == [5, 6, -7]
        assert math.isnan(read.values("odd")[0])
        assert read.values("odd")[1:] == [math.inf, -math.inf]


def test_parameters_tags_notes_and_names(store: Path, runs: list[Read]) -> None:
    for read in runs:
        assert {key: read.account.config[key] for key in ("lr", "flag", "opt/beta", "zip", "text")} == {
            "lr": 0.001,
            "flag": True,
            "opt/beta": 0.9,
            "zip": "007",
            "text": "a: b",
        }
        assert read.about["tags"] == ["team=red"]
        assert read.about["notes"] == "A note.\nIn two lines."
        assert (read.about["user"], read.about["command"], read.about["git"]["commit"]) == ("me", "train.py", "abc")
        assert read.about["started"] == 1_700_000_000
    experiment = "sql 实验" if store.suffix else "Users/me/exp"
    names = [read.file.parent for read in runs]
    assert all(f"{experiment}/a_b α" in path.as_posix() for path in names)
    assert len({*names}) == 2


def test_a_database_of_something_else(tmp_path: Path) -> None:
    source = tmp_path / "some.db"
    with sqlite3.connect(source) as connection:
        connection.execute("CREATE TABLE runs (x)")
    connection.close()
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert "not MLflow's: no table 'experiments'" in outcome.error


def test_a_schema_that_is_no_text(mlflow_stores: Path, tmp_path: Path) -> None:
    source = tmp_path / "some.db"
    source.write_bytes((mlflow_stores / "mlflow.db").read_bytes().replace(b"metrics", b"me\xffrics"))
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert str(source) in outcome.error


def test_views_are_no_tables(mlflow_stores: Path, tmp_path: Path) -> None:
    source = tmp_path / "some.db"
    shutil.copy(mlflow_stores / "mlflow.db", source)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
    with sqlite3.connect(source) as connection:
        connection.execute("ALTER TABLE metrics RENAME TO gone")
        connection.execute(f"CREATE VIEW metrics AS {endless} SELECT 'a' key, x value FROM n")
    connection.close()
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert "no table 'metrics'" in outcome.error


def test_a_damaged_metric_says_file_and_line_and_stops_no_other_run(mlflow_stores: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mlruns"
    shutil.copytree(mlflow_stores / "mlruns", copy)
    broken = next(path for path in copy.rglob("acc") if (path.parent / "odd").exists())
    broken.write_text("1700000000000 1.0 0\n1700000000000 one 1\n1700000000000 2.0 2\n")
    outcomes = list(bring(copy, tmp_path / "logs"))
    assert sorted(outcome.error is None for outcome in outcomes) == [False, True]
    (error,) = [outcome.error for outcome in outcomes if outcome.error]
    assert f"{broken}:2" in error
    assert len([*(tmp_path / "logs").rglob("*tfevents*")]) == 1
    assert not [*(tmp_path / "logs").glob(".headway-import*")]


def test_a_last_line_that_was_cut_off_costs_nothing_else(mlflow_stores: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mlruns"
    shutil.copytree(mlflow_stores / "mlruns", copy)
    for path in copy.rglob("acc"):
        path.write_text("1700000000000 1.0 0\n17000000000")
    for outcome in imported(copy, tmp_path / "logs"):
        if "odd" in Read(tmp_path / "logs" / outcome.name).scalars:
            assert outcome.left_out == {"torn last lines": 1}

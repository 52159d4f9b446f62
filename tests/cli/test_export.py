from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

import headway
from cli.command import document, error, said


def test_a_table(logdir: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    text = said("export", logdir, target, "--runs", "sweep/*", "--tags", "train/*", "--from", 1, "--to", 51)
    assert text == f"3 points in 1 file: {target}\n"
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["run"], row["tag"], row["step"]) for row in rows] == [
        ("sweep/failed", "train/loss", "1"),
        ("sweep/fork", "train/loss", "50"),
        ("sweep/fork", "train/loss", "51"),
    ]
    assert [float(row["value"]) for row in rows][1:] == [0.75, 0.7450000047683716]


def test_other_forms(logdir: Path, tmp_path: Path) -> None:
    told = document("export", logdir, tmp_path / "out.jsonl", "--runs", "基线 ∞")
    assert told == {"destination": str(tmp_path / "out.jsonl"), "files": 1, "points": 2, "entries": 0}
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["value"] for line in lines] == [0.5, 0.25]
    said("export", logdir, tmp_path / "out", "--format", "parquet")
    assert duckdb.execute("select count(*) from read_parquet(?)", [str(tmp_path / "out")]).fetchall() == [(234,)]
    said("export", logdir, tmp_path / "clean", "--runs", "base")
    logs = headway.open(tmp_path / "clean", index=":memory:")
    assert logs.runs == ["base"]
    assert len(logs["base"].scalars("train/loss")) == 100


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tags", "trian/loss"], "no tag 'trian/loss'; did you mean 'train/loss'?"),
        (["--tags", "x*"], "no tag 'x*'"),
        (["--runs", "x"], "no run 'x'"),
    ],
)
def test_what_is_not_there(logdir: Path, tmp_path: Path, options: list[str], message: str) -> None:
    assert message in error("export", logdir, tmp_path / "out.csv", *options)
    assert not (tmp_path / "out.csv").exists()


def test_what_cannot_be_written(logdir: Path, tmp_path: Path) -> None:
    assert "out.xlsx' does not say as what" in error("export", logdir, tmp_path / "out.xlsx")
    (tmp_path / "out.csv").write_text("mine")
    assert "out.csv" in error("export", logdir, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "mine"
    assert "s3://bucket/out.csv is a URL" in error("export", logdir, "s3://bucket/out.csv")
    assert "'xlsx' is not one of" in error("export", logdir, tmp_path / "o", "--format", "xlsx", code=2)

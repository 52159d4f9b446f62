"""CSV, JSON Lines, Parquet, Lightning's metrics.csv, LLaMA-Factory's log: tables with a column of steps."""

from __future__ import annotations

import csv
import json
import math
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.importers.bring import bring
from headway.importers.columns import Columns, row_of, wall_time_of
from headway.importers.llama_factory import seconds_of
from headway.importers.run import Options
from importers.readback import Read, imported, points, points_of_one, read_one


def written(path: Path, text: str, modified: float = 1_700_000_000.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (modified, modified))
    return path


def test_sparse_rows_texts_and_unknown_times(tmp_path: Path) -> None:
    source = written(tmp_path / "my run.csv", 'step,loss,acc,note\n0,0.1,,\n1,,nan,"a ""b"", c"\n2,1e400,N/A,\n')
    read = read_one(source, tmp_path / "logs")
    assert read.file.parent.name == "my run"
    assert read.scalars["loss"] == [(0, 1.7e9, 0.1), (2, 1.7e9, math.inf)]
    assert math.isnan(read.values("acc")[0])
    assert read.texts["note/text_summary"] == [(1, 1.7e9, 'a "b", c')]


@pytest.mark.parametrize(
    ("header", "step"),
    [("epoch,Step", 1), ("epoch,x", 0), ("iteration;epoch", 0), ("epoch\tglobal_step", 1), ("_step,_timestamp", 0)],
)
def test_the_column_of_steps(header: str, step: int, tmp_path: Path) -> None:
    cut = next(letter for letter in ",;\t" if letter in header)
    names = header.split(cut)
    row = ["5", "5"]
    source = written(tmp_path / "a.csv", f"{header}{cut}loss\n{cut.join(row)}{cut}0.25\n")
    read = read_one(source, tmp_path / "logs")
    assert read.scalars["loss"] == [(5, 1.7e9, 0.25)]
    assert names[step] not in read.scalars
    assert len(read.scalars) == 2


def test_columns_that_the_user_names(tmp_path: Path) -> None:
    source = written(tmp_path / "a.csv", "step,samples,when,loss\n1,100,2024-01-02T03:04:05Z,0.5\n")
    read = read_one(source, tmp_path / "logs", step="samples", wall="when")
    assert read.scalars["loss"] == [(100, 1704164645.0, 0.5)]
    (outcome,) = bring(source, tmp_path / "logs2")
    assert outcome.error is None
    for options in (Options(step="nope"), Options(wall="nope")):
        (outcome,) = bring(source, tmp_path / "logs3", options)
        assert outcome.error is not None
        assert "no column 'nope'; there are 'step', 'samples', 'when', 'loss'" in outcome.error


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_the_long_form_of_several_runs(form: str, tmp_path: Path) -> None:
    rows = [
        ("a", "train/loss", 1, 1.5e9, 0.1),
        ("a", "train/loss", 2, 1.5e9 + 0.25, 0.2),
        ("a", "lr", -3, 1.5e9, math.nan),
        ("a/б", "lr", 2**53 + 1, 1.5, -math.inf),
        ("a/б", 'two\nlines, "quoted"\r', 0, 1.5, 1.0),
    ]
    source = tmp_path / f"export.{form}"
    _write(source, ["run", "tag", "step", "wall_time", "value"], rows)
    imported(source, tmp_path / "logs")
    one, other = Read(tmp_path / "logs" / "a"), Read(tmp_path / "logs" / "a" / "б")
    assert one.scalars["train/loss"] == [(1, 1.5e9, 0.1), (2, 1.5e9 + 0.25, 0.2)]
    assert math.isnan(one.values("lr")[0])
    assert other.scalars["lr"] == [(2**53 + 1, 1.5, -math.inf)]
    assert other.scalars['two\nlines, "quoted"\r'] == [(0, 1.5, 1.0)]


def _write(path: Path, names: list[str], rows: Sequence[Sequence[Any]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([names, *rows])
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows))
    else:
        with duckdb.connect() as connection:
            kinds = [
                "VARCHAR" if isinstance(v, str) else "DOUBLE" if isinstance(v, float) else "BIGINT" for v in rows[0]
            ]
            connection.execute(f"CREATE TABLE t ({', '.join(f'{n} {k}' for n, k in zip(names, kinds, strict=True))})")
            connection.executemany(
                f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", [list(row) for row in rows]
            )
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")


def test_a_run_whose_rows_are_not_together(tmp_path: Path) -> None:
    source = written(tmp_path / "a.csv", "run,tag,step,value\na,l,1,1\nb,l,1,2\na,l,2,3\n")
    outcomes = list(bring(source, tmp_path / "logs"))
    assert [outcome.error is None for outcome in outcomes] == [True, True, False]
    assert "sort the table by run" in (outcomes[-1].error or "")


def test_what_tensorboard_lets_one_download(tmp_path: Path) -> None:
    source = written(tmp_path / "run-sft_7b-tag-train_loss.csv", "Wall time,Step,Value\n1500000000.5,3,0.125\n")
    read = read_one(source, tmp_path / "logs")
    assert read.file.parent.name == "sft_7b"
    assert read.scalars == {"train_loss": [(3, 1500000000.5, 0.125)]}


def test_nested_objects_strings_and_integers(tmp_path: Path) -> None:
    lines = [
        '{"config": {"lr": 1}}',
        '{"step": 1, "train": {"loss": 0.1, "deep": {"x": 2}}, "big": 9007199254740993, "huge": 1e999, "ok": true}',
        f'{{"step": 2, "loss": "0.25", "words": "hello", "list": [1, 2], "none": null, "": 5, "way": {10**30 + 1}}}',
        '{"step": 3, "lo',
    ]
    source = written(tmp_path / "a.jsonl", "\n".join(lines))
    (outcome,) = imported(source, tmp_path / "logs")
    read = Read(tmp_path / "logs" / "a")
    assert read.values("train/loss") == [0.1]
    assert read.values("train/deep/x") == [2]
    assert (read.values("big"), read.values("ok"), read.values("loss")) == ([2**53 + 1], [1], [0.25])
    assert read.values("huge") == [math.inf]
    assert read.texts["words/text_summary"][0][2] == "hello"
    assert outcome.left_out == {"rows without a step": 1, "lists": 1, "numbers without a name or beyond 64 bits": 2}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "step,loss\n1,2\n3\n", "a.csv:3: 1 cells, but the first line names 2 columns"),
        ("a.csv", "step,loss\n1.5,2\n", "a.csv:2: the step '1.5' is no whole number"),
        ("a.csv", "x,loss\n1,2\n", "a.csv:1: no column of steps among 'x', 'loss'; name it with --step"),
        ("a.csv", "step,step\n1,2\n", "a.csv:1: two columns of one name"),
        ("a.csv", "", "empty"),
        ("a.csv", 'step,loss\n1,"' + "x" * 200_000, "a.csv:2: field larger than field limit"),
        ("a.csv", f"step,loss\n{2**63},2\n", "a.csv:2: the step '9223372036854775808' is no whole number"),
        ("a.jsonl", '{"step": 1}\n{"step": }\n{"step": 3}\n', "a.jsonl:2: not JSON"),
        ("a.jsonl", '{"step": 1}\n{"step": 2, "loss": }\n', "a.jsonl:2: not JSON"),
        ("a.jsonl", '{"step": 1}\n[1]\n', "a.jsonl:2: a list, not an object"),
        ("a.jsonl", '{"a": 1}\n', "a.jsonl:1: no column of steps"),
        ("a.jsonl", '{"step": 1, "a": ' + "[" * 100_000 + "\n", "a.jsonl:1: not JSON that can be read"),
        ("a.jsonl", '{"step": 1, "a": ' + "1" * 5000 + "}\n", "a.jsonl:1: not JSON that can be read"),
        ("a.parquet", "PAR1 but nothing more", "a.parquet: "),
    ],
)
def test_damage_is_named_and_leaves_nothing(name: str, text: str, message: str, tmp_path: Path) -> None:
    source = written(tmp_path / name, text)
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert message in outcome.error
    assert not [path for path in (tmp_path / "logs").rglob("*") if path.is_file()]


def test_lightning_with_its_hyperparameters(tmp_path: Path) -> None:
    place = tmp_path / "logs" / "version_3"
    written(place / "metrics.csv", "epoch,step,train_loss,val_loss\n0,49,0.5,\n0,49,,0.25\n1,99,0.125,\n")
    written(
        place / "hparams.yaml", "lr: 0.001\nmodel:\n  depth: 4\n  name: 'it''s'\nbad: !!python/object:os.system x\n"
    )
    for source in (tmp_path / "logs", place, place / "metrics.csv"):
        read = read_one(source, tmp_path / f"into{len(source.parts)}")
        assert read.file.parent.name == "version_3"
        assert (read.steps("train_loss"), read.steps("val_loss")) == ([49, 99], [49])
        assert read.values("epoch") == [0, 0, 1]
        assert read.account.config["lr"] == 0.001
        assert read.account.config["model.depth"] == 4
        assert read.account.config["model.name"] == "it's"


def test_llama_factory(tmp_path: Path) -> None:
    lines = [
        {"current_steps": n, "total_steps": 20, "loss": 0.1 * n, "percentage": 5.0 * n,
         "elapsed_time": f"0:00:{n:02}", "remaining_time": "1 day, 0:00:05"}
        for n in (10, 20)
    ]  # fmt: skip
    source = written(tmp_path / "out" / "trainer_log.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    read = read_one(source, tmp_path / "logs")
    assert read.file.parent.name == "out"
    assert read.scalars["loss"] == [(10, 1.7e9 - 10, 1.0), (20, 1.7e9, 2.0)]
    assert read.values("remaining_time_seconds") == [86405] * 2
    assert read.account.state is not None
    assert read.account.state.word == "finished"
    assert seconds_of("2 days, 5:58:33.5") == 2 * 86400 + 5 * 3600 + 58 * 60 + 33.5
    assert seconds_of("soon") is None


def test_real_tables(real_logs: Path, tmp_path: Path) -> None:
    for source in [*sorted((real_logs / "algoperf").rglob("*.csv"))[::13], *(real_logs / "llama-factory").iterdir()]:
        read = points_of_one(source, tmp_path / str(abs(hash(source))))
        with source.open() as file:
            rows = list(csv.DictReader(file)) if source.suffix == ".csv" else [json.loads(line) for line in file]
        step, tags = (
            ("global_step", ["train/loss", "score"]) if source.suffix == ".csv" else ("current_steps", ["loss"])
        )
        for tag in tags:
            there = [(int(row[step]), float(row[tag])) for row in rows if row.get(tag)]
            assert [(at, value) for at, _, value in read.get(tag, [])] == there


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.integers(-(1 << 63), (1 << 63) - 1),
            st.one_of(st.floats(), st.integers(-(1 << 63), (1 << 63) - 1)),
        ),
        min_size=1,
        max_size=20,
    ),
    tag=st.text(st.characters(codec="utf-8"), min_size=1).filter(lambda name: name != "step"),
)
def test_every_number_comes_back(
    rows: list[tuple[int, float]], tag: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("property")
    source = directory / "a.jsonl"
    source.write_text("".join(json.dumps({"step": step, tag: value}) + "\n" for step, value in rows))
    read = Read(directory / "logs" / imported(source, directory / "logs", wall=None)[0].name)
    kept = [(step, value) for step, value in rows]
    if tag.strip().lower() in ("timestamp", "time", "date"):
        return
    there = [(step, value) for step, _, value in read.scalars[tag]]
    assert all(a == b or (a[0] == b[0] and a[1] != a[1]) for a, b in zip(there, kept, strict=True))


def test_moments() -> None:
    assert wall_time_of(1_700_000_000) == 1.7e9
    assert wall_time_of(1_700_000_000_500) == 1_700_000_000.5
    assert wall_time_of("1700000000000000") == 1.7e9
    assert wall_time_of(1_700_000_000_000_000_000) == 1.7e9
    assert wall_time_of("2024-01-02 03:04:05,250") == 1704164645.25
    assert wall_time_of("2024-01-02T03:04:05+01:00") == 1704161045.0
    nothing: object
    for nothing in (12.5, "soon", True, None, math.nan, math.inf, "2024-13-45", [], "9" * 500):
        assert wall_time_of(nothing) is None


def test_a_duration_is_no_moment_but_a_number() -> None:
    left_out: Counter[str] = Counter()
    row = row_of({"step": 1, "time": 12.5}, Columns("step", "time"), 5.0, "here", left_out)
    assert row is not None
    assert (row.wall_time, row.values) == (5.0, {"time": 12.5})


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_headway_exports_comes_back(form: str, tmp_path: Path) -> None:
    from headway.cli import main

    (tmp_path / "a.jsonl").write_text(
        "".join(
            json.dumps({"step": n, "loss": n / 7, "x": [math.nan, math.inf, -0.0, 5e-324][n % 4]}) + "\n"
            for n in range(20)
        )
    )
    imported(tmp_path / "a.jsonl", tmp_path / "logs")
    exported = tmp_path / f"all.{form}"
    arguments = ["export", str(tmp_path / "logs"), str(exported), "--index", ":memory:"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    imported(exported, tmp_path / "again")
    before, after = points(tmp_path / "logs" / "a"), points(tmp_path / "again" / "a")
    assert repr(sorted(before.items())) == repr(sorted(after.items()))


@pytest.mark.parametrize("moment", ["1e300", "9999999999999999999999", "-1e300", "inf", "nan", "9" * 30])
@pytest.mark.parametrize("header", ["run,tag,step,wall_time,value", "step,wall_time,loss"])
def test_moments_that_no_calendar_has(header: str, moment: str, tmp_path: Path) -> None:
    row = f"r,a,1,{moment},2" if header.startswith("run") else f"1,{moment},2"
    read = read_one(written(tmp_path / "a.csv", f"{header}\n{row}\n"), tmp_path / "logs")
    assert {wall for points in read.scalars.values() for _, wall, _ in points} == {1.7e9}

"""Tables, read back by the csv module, json, pandas, polars and DuckDB."""

from __future__ import annotations

import csv
import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.frames import version, write
from headway.errors import HeadwayError
from headway.events.framing import frame
from headway.events.messages import scalar_value, summary_event
from headway.export import Exported, export
from headway.ingest.index import Index

Row = tuple[str, str, int, float, float]
VALUES = [0.1, math.pi, -0.0, 1e-310, 1e300, math.nan, math.inf, -math.inf, float(np.float32(0.1)), 2.0**53 + 2]
NAMES = ["loss", "a,b", 'q"uote', " space ", "损失/训练", "new\nline", "=1+1", "", "null", "\u2028", "run:tag"]


def double(tag: str, value: float, step: int, wall: float) -> bytes:
    return frame(summary_event([scalar_value(tag, value, double=True)], wall, step))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    for run in ("a", "组/b,c"):
        points = [
            double(tag, value, (i - 3) * 2**40 + 1, 1_700_000_000.123456 + i)
            for tag in NAMES
            for i, value in enumerate(VALUES)
        ]
        write(tmp_path / "logs" / run / "tfevents", [version(), *points])
    index = Index(tmp_path / "logs", ":memory:")
    index.refresh()
    yield index
    index.close()


def rows_of(index: Index) -> list[Row]:
    return [
        (run, tag, (i - 3) * 2**40 + 1, 1_700_000_000.123456 + i, value)
        for run in index.run_names()
        for tag in NAMES
        for i, value in enumerate(VALUES)
    ]


def exact(rows: list[Any]) -> list[Any]:
    """Rows whose floats are compared by their bits; all NaN are one."""
    return [
        (run, tag, step, struct.pack("<d", wall), "nan" if math.isnan(value) else struct.pack("<d", value))
        for run, tag, step, wall, value in rows
    ]


def test_csv(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export(index, path) == Exported(1, 2 * len(NAMES) * len(VALUES), 0)
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["run", "tag", "step", "wall_time", "value"]
    read = [(run, tag, int(step), float(wall), float(value)) for run, tag, step, wall, value in lines]
    assert exact(read) == exact(rows_of(index))


def test_csv_in_pandas_polars_and_duckdb(index: Index, tmp_path: Path) -> None:
    import pandas
    import polars

    path = tmp_path / "out.csv"
    export(index, path)
    expected = exact(rows_of(index))
    frame = pandas.read_csv(path, keep_default_na=False, na_values={"value": ["NaN"]})
    assert exact(list(frame.itertuples(index=False, name=None))) == expected
    assert exact(polars.read_csv(path).rows()) == expected
    kinds = "{'run': 'varchar', 'tag': 'varchar', 'step': 'bigint', 'wall_time': 'double', 'value': 'double'}"
    query = f"from read_csv(?, header=true, delim=',', quote='\"', escape='\"', columns={kinds})"
    found = [
        tuple("" if cell is None else cell for cell in row)  # an empty text is a null to DuckDB
        for row in duckdb.execute(query, [str(path)]).fetchall()
    ]
    assert exact(found) == expected


def test_jsonl(index: Index, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    export(index, path)
    numbers = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}

    def refused(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    read = []
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            one = json.loads(line, parse_constant=refused)
            value = one["value"]
            read.append((one["run"], one["tag"], one["step"], one["wall_time"], numbers.get(value, value)))
    assert exact(read) == exact(rows_of(index))


def test_parquet_in_polars_and_duckdb(index: Index, tmp_path: Path) -> None:
    import polars

    path = tmp_path / "out 'quoted'.parquet"
    assert export(index, path).points == 2 * len(NAMES) * len(VALUES)
    expected = exact(rows_of(index))
    assert exact(polars.read_parquet(path).rows()) == expected
    assert exact(by_duckdb(path)) == expected


def by_duckdb(path: Path) -> list[Any]:
    return duckdb.execute("select * from read_parquet(?)", [str(path)]).fetchall()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(
    points=st.lists(
        st.tuples(st.integers(-(2**63), 2**63 - 1), st.floats(allow_subnormal=True), st.floats(0, 4e9)), max_size=8
    ),
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10),
    suffix=st.sampled_from(["csv", "jsonl", "parquet"]),
)
def test_every_number_and_name_comes_back(
    points: list[tuple[int, float, float]], name: str, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("any")
    write(directory / "logs" / "r" / "tfevents", [version(), *(double(name, v, step, w) for step, v, w in points)])
    index = Index(directory / "logs", ":memory:")
    index.refresh()
    path = directory / f"out.{suffix}"
    export(index, path)
    index.close()
    if suffix == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            read = [(r, t, int(s), float(w), float(v)) for r, t, s, w, v in list(csv.reader(file))[1:]]
    elif suffix == "jsonl":
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
        read = [(one["run"], one["tag"], one["step"], float(one["wall_time"]), float(one["value"])) for one in lines]
    else:
        read = by_duckdb(path)
    assert exact(read) == exact([("r", name, step, wall, value) for step, value, wall in points])


def test_runs_tags_and_steps(index: Index, tmp_path: Path) -> None:
    export(index, tmp_path / "some.csv", None, ["a"], ["loss", "a,b"], 0, 2**41 + 1)
    with (tmp_path / "some.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    steps = [(i - 3) * 2**40 + 1 for i in (3, 4, 5)]
    expected = [("a", tag, step) for tag in ("loss", "a,b") for step in steps]
    assert [(run, tag, int(step)) for run, tag, step, *_ in rows] == expected


def test_superseded_points_are_left_out(tmp_path: Path) -> None:
    for name, begin, end, value in (("1", 0, 4, 1), ("2", 2, 5, 2)):
        frames = [double("x", value, step, 100 * value + step) for step in range(begin, end)]
        write(tmp_path / "logs" / "r" / f"tfevents.{name}", [version(), *frames])
    index = Index(tmp_path / "logs", ":memory:")
    index.refresh()
    export(index, tmp_path / "out.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(line["step"], line["value"]) for line in lines] == [(0, 1), (1, 1), (2, 2), (3, 2), (4, 2)]
    index.close()


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_nothing_is_written_over(suffix: str, index: Index, tmp_path: Path) -> None:
    path = tmp_path / f"there.{suffix}"
    path.write_text("precious")
    with pytest.raises(HeadwayError, match="is there already"):
        export(index, path)
    assert path.read_text() == "precious"
    (tmp_path / f"link.{suffix}").symlink_to(tmp_path / "nowhere")
    with pytest.raises(HeadwayError, match="is there already"):
        export(index, tmp_path / f"link.{suffix}")


def test_what_cannot_be_done_leaves_nothing(index: Index, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(HeadwayError, match="no run 'b'"):
        export(index, out / "x.csv", runs=["b"])
    with pytest.raises(HeadwayError, match="no tag 'los'; did you mean 'loss'"):
        export(index, out / "x.csv", tags=["los"])
    with pytest.raises(HeadwayError, match="does not say as what: one of csv, jsonl, parquet, events"):
        export(index, out / "x.txt")
    with pytest.raises(HeadwayError, match="no format 'xml'"):
        export(index, out / "x.csv", "xml")  # type: ignore[arg-type]
    with pytest.raises(HeadwayError, match="cannot be written"):
        export(index, tmp_path / "nowhere" / "x.csv")
    assert list(out.iterdir()) == []

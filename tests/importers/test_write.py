from __future__ import annotations

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.importers.bring import bring
from headway.importers.encode import ScalarEncoder
from headway.importers.run import ImportedRun, Row
from headway.importers.write import write
from headway.ingest.index import Index
from headway.record.about.ending import State
from importers.readback import Read
from record.observe import events


def run(rows: Iterator[Row] | list[Row]) -> ImportedRun:
    return ImportedRun("r", "source", "test", iter(rows))


def test_a_float32_stays_one_and_others_are_float64(tmp_path: Path) -> None:
    values = [0.5, 0.1, math.nan, math.inf, -0.0, 1e300, 5e-324, 3, 2**53 + 1, 2**60, -(2**63), True]
    write(run([Row(n, 1.5e9, {f"t{n}": value}) for n, value in enumerate(values)]), tmp_path, "r")
    read = Read(tmp_path / "r")
    for number, value in enumerate(values):
        (found,) = read.values(f"t{number}")
        assert found == value or math.isnan(value)
        assert math.copysign(1, found) == math.copysign(1, value)
    kinds = [min(read.dtypes[f"t{number}"]) for number in range(len(values))]
    assert kinds == [
        *("float32", "float64", "float32", "float32", "float32", "float64", "float64", "float32", "int64", "float32"),
        *("float32", "float32"),
    ]


def test_steps_are_int64(tmp_path: Path) -> None:
    steps = [-(2**63), -1, 0, 127, 128, 16383, 16384, 2**63 - 1]
    write(run([Row(step, 1.5e9, {"x": 1.0}) for step in steps]), tmp_path, "r")
    assert Read(tmp_path / "r").steps("x") == steps


def test_what_no_event_can_hold() -> None:
    for values in ({"": 1.0}, {"x": 2**64 + 1}, {"x": 10**400}):
        with pytest.raises(OverflowError):
            ScalarEncoder().event(0, 1.0, values)


def test_what_a_run_says_stands_at_its_first_step(tmp_path: Path) -> None:
    told = run([Row(5, 1.5e9, {"x": 1.0}), Row(3, 1.5e9 + 5, {"x": 2.0})])
    told.config, told.state = {"lr": 1e-3, "deep": {"token": "secret", "n": math.nan}}, State("failed", "boom")
    told.notes, told.tags, told.group, told.about = "Notes.", ["a"], "seeds", {"host": "there"}
    write(told, tmp_path, "r")
    read = Read(tmp_path / "r")
    assert read.account.config == {"lr": 1e-3, "deep.token": "***", "deep.n": "NaN"} | read.account.config
    assert read.account.state is not None
    assert (read.account.state.word, read.account.state.reason) == ("failed", "boom")
    assert read.account.state.wall_time == 1.5e9 + 5
    assert {step for tag in ("headway/run", "headway/config") for step, *_ in read.texts[tag]} == {3}
    assert (read.about["started"], read.about["step"], read.about["host"]) == (1.5e9, 3, "there")


def test_a_file_begins_when_its_run_did(tmp_path: Path) -> None:
    write(run([Row(0, 1.5e9, {"x": 1.0}), Row(1, 1.5e9 + 5, {"x": 1.0})]), tmp_path, "r")
    assert events(tmp_path / "r")[0].wall_time == 1.5e9
    started = run([])
    started.started = 1.4e9
    write(started, tmp_path, "empty")
    assert events(tmp_path / "empty")[0].wall_time == 1.4e9


def test_what_was_over_long_ago_is_not_live(tmp_path: Path) -> None:
    write(run([Row(0, 1.5e9 + 5, {"x": 1.0}), Row(1, 1.5e9, {"x": 1.0})]), tmp_path, "old")
    write(run([Row(0, time.time() + 1000, {"x": 1.0})]), tmp_path, "new")
    write(run([Row(0, -5.0, {"x": 1.0})]), tmp_path, "odd")
    index = Index(tmp_path, ":memory:")
    index.refresh()
    assert [(found.name, found.live) for found in index.runs()] == [("new", True), ("odd", True), ("old", False)]
    index.close()


def test_a_run_that_is_there_is_not_touched(tmp_path: Path) -> None:
    write(run([Row(0, 1.5e9, {"x": 1.0})]), tmp_path, "a/r")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(HeadwayError, match=r"the run 'a/r' exists already in .*; it is not overwritten"):
        write(run([Row(0, 1.5e9, {"x": 2.0})]), tmp_path, "a/r")
    assert sorted(tmp_path.rglob("*")) == before
    write(run([Row(0, 1.5e9, {"x": 2.0})]), tmp_path, "a")  # above it there is room
    assert Read(tmp_path / "a").values("x") == [2.0]


def test_one_that_begins_meanwhile_wins(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield Row(0, 1.5e9, {"x": 1.0})
        write(run([Row(0, 1.5e9, {"x": 2.0})]), tmp_path, "r")

    with pytest.raises(HeadwayError, match="exists already"):
        write(run(rows()), tmp_path, "r")
    assert Read(tmp_path / "r").values("x") == [2.0]
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_nothing_of_a_failure_is_left_and_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield from (Row(n, 1.5e9, {"x": n / 7}) for n in range(50_000))
        assert not [*tmp_path.rglob("*tfevents*")]
        (unfinished,) = tmp_path.iterdir()
        assert unfinished.stat().st_size > 1_000_000  # it is written as it comes
        raise HeadwayError("damaged")

    with pytest.raises(HeadwayError, match="damaged"):
        write(run(rows()), tmp_path, "deep/r")
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_refuses(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HeadwayError, match="cannot be written"):
        write(run([]), tmp_path / "logs", "r")


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(HeadwayError, match=r"Not a directory|cannot be written"):
        write(run([Row(0, 1.5e9, {"x": 1.0})]), tmp_path, "a/r")
    with pytest.raises(HeadwayError, match=r"Not a directory|cannot be written"):
        write(run([Row(0, 1.5e9, {"x": 1.0})]), tmp_path / "a", "r")


def test_a_killed_import_leaves_no_run(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text("".join(f'{{"step": {n}, "loss": {n / 7}}}\n' for n in range(400_000)))
    process = subprocess.Popen(
        [sys.executable, "-m", "headway", "import", str(source), "--into", str(tmp_path / "logs")]
    )
    deadline = time.monotonic() + 30
    while not [*(tmp_path / "logs").glob(".headway-import-*")] and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not [*(tmp_path / "logs").rglob("*tfevents*")]


def test_memory_does_not_grow_with_the_source(tmp_path: Path) -> None:
    import tracemalloc

    def rows() -> Iterator[Row]:
        for n in range(60_000):
            yield Row(n, 1.5e9, {"x": n / 7, "y": n / 11})

    tracemalloc.start()
    write(run(rows()), tmp_path, "r")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20
    assert (next((tmp_path / "r").iterdir())).stat().st_size > 5 << 20


def test_one_name_for_several_runs(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    for name in ("a", "b"):
        (tmp_path / "s" / f"{name}.csv").write_text("step,x\n1,2\n")
    first, second = bring(tmp_path / "s", tmp_path / "logs", name="../one")
    assert (first.error, first.name) == (None, "__/one")
    assert "several runs" in (second.error or "")

"""Runs of many lives, written by real writers at random: every way to read them gives what a few dictionaries say."""

from __future__ import annotations

import csv
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import tensorboardX
from torch.utils.tensorboard import SummaryWriter as TorchWriter

import headway
from headway.record.remote.pieces import new_records, piece_name
from headway.store import write as store_write

NOTE = "note/text_summary"  # as torch and tensorboardX call what is added as "note"
TAGS = ["loss", "val/loss", "acc"]
VALUES = [math.nan, math.inf, -math.inf, *(n / 4 for n in range(-9, 10))]
Point = tuple[int, float, float]
"""Step, wall time, value."""


@dataclass
class Session:
    """What one session of one file wrote."""

    file: int
    number: int
    start: int | None
    rank: int | None
    points: dict[str, list[Point]] = field(default_factory=dict)
    texts: list[Point] = field(default_factory=list)
    """With 0 for the value."""

    def has(self, tag: str) -> list[Point]:
        return self.texts if tag == NOTE else self.points.get(tag, [])

    @property
    def times(self) -> list[Point]:
        """What tells when it was: scalars, or else entries."""
        return [point for tag in self.points.values() for point in tag] or self.texts


# ---- writing


def written(run: Path, rng: random.Random, refresh: Callable[[], object]) -> list[Session]:
    """Write a run of some files, one after the other or at once; return its sessions."""
    sessions: list[Session] = []
    ranked = rng.random() < 0.3
    wall = 1000.0
    for file in range(rng.randint(1, 5)):
        wall = wall if file and rng.random() < 0.25 else wall + 1000.0  # at once with the one before, or later
        rank = rng.randrange(3) if ranked and rng.random() < 0.8 else None
        sessions += _file(run, rng, file, rank, wall)
        if rng.random() < 0.5:
            refresh()
    return sessions


def _file(run: Path, rng: random.Random, file: int, rank: int | None, wall: float) -> Iterator[Session]:
    purge = rng.choice([None, None, None, rng.randrange(12)]) if file else None
    is_ours = rank is not None or rng.random() < 0.5
    suffix = f".file{file}"
    writer: Any
    if is_ours:
        writer = headway.init(run, rank=rank, purge_step=purge, filename_suffix=suffix)
    else:
        make = rng.choice([tensorboardX.SummaryWriter, TorchWriter, headway.SummaryWriter])
        writer = make(str(run), purge_step=purge, filename_suffix=suffix)
    there = {path.name for path in run.glob(f"*{suffix}") if ".p0" not in path.name}
    session = Session(file, 0, purge, rank)
    for life in range(rng.randint(1, 3) if is_ours else 1):
        if life:
            session = Session(file, life, rng.randrange(12), rank)
            writer.rewind(session.start)
        wall = _log(writer, rng, session, wall)
        yield session
    writer.close()
    (name,) = there
    if is_ours and rng.random() < 0.5:
        _cut_up(run / name, rng)


def _log(writer: Any, rng: random.Random, session: Session, wall: float) -> float:
    step = rng.randrange(12)
    for i in range(rng.choice([1, 1, 8, 12])):
        wall += rng.random() + 0.001
        for tag in TAGS if not i else rng.sample(TAGS, rng.randint(0, 3)):
            at, value = step + rng.choice([0, 0, 0, -1, 1]), rng.choice(VALUES)
            session.points.setdefault(tag, []).append((at, wall, value))
            if isinstance(writer, headway.Run):
                writer.log({tag: value}, at, wall)
            else:
                writer.add_scalar(tag, value, at, walltime=wall)
        if rng.random() < 0.4:
            session.texts.append((step, wall, 0.0))
            if isinstance(writer, headway.Run):
                writer.log({NOTE: headway.Text(f"{wall}")}, step, wall)
            else:
                writer.add_text("note", f"{wall}", step, walltime=wall)
        step += rng.choice([0, 1, 1, 1, 2, -2])  # repeated, with gaps, and back as with several optimisers
    return wall


def _cut_up(path: Path, rng: random.Random) -> None:
    """Make pieces of a file, as an object store has them."""
    size, taken, number = path.stat().st_size, 0, 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("headway.record.remote.pieces.PIECE", max(size // rng.randint(1, 4), 200))
        while True:
            version, records = new_records(path, taken, everything=False)
            if not records:
                version, records = new_records(path, taken, everything=True)
            if not records:
                break
            path.with_name(piece_name(path.name, "0badcafe", number)).write_bytes(version + records)
            taken, number = taken + len(records), number + 1
    path.unlink()


# ---- what counts, by docs/format.md


def later(one: Session, other: Session) -> bool:
    if one.file == other.file:
        return one.number > other.number
    return min(p[1] for p in one.times) > max(p[1] for p in other.times)


def same_writer(one: Session, other: Session) -> bool:
    return None in (one.rank, other.rank) or one.rank == other.rank


def at_once(one: Session, other: Session) -> bool:
    return one is not other and (not (later(one, other) or later(other, one)) or not same_writer(one, other))


def cut(session: Session, tag: str, sessions: list[Session]) -> float:
    """The step from which on it is superseded."""
    cuts = [math.inf]
    for other in sessions:
        if later(other, session):
            cuts += [] if other.start is None else [other.start]
            goes_on = other.file == session.file or len({p[0] for p in other.times}) > 1
            if goes_on and same_writer(other, session):
                cuts += [p[0] for p in other.has(tag)]
    return min(cuts)


def lives(sessions: list[Session], tag: str) -> list[Session]:
    """Those that have the tag, in the order they began it."""
    return sorted((s for s in sessions if s.has(tag)), key=lambda s: min(p[1] for p in s.has(tag)))


def resolved(sessions: list[Session], tag: str, among: list[Session] | None = None) -> list[tuple[Point, bool]]:
    """All points, superseded or not, in the order they are read."""
    own = lives(sessions, tag)
    rows = [(p, p[0] >= cut(s, tag, sessions)) for s in own if among is None or s in among for p in s.has(tag)]
    if among is None and any(at_once(a, b) for a in own for b in own):
        rows.sort(key=lambda row: row[0][0])
    return rows


def writers(sessions: list[Session]) -> dict[int, list[Session]]:
    """The sessions by rank; those that say none by the first number whose last session was over."""
    found: dict[int, list[Session]] = {s.rank: [] for s in sessions if s.rank is not None}
    free = [n for n in range(20) if n not in found]
    for session in sorted(sessions, key=lambda s: min(p[1] for p in s.times)):
        number = session.rank
        if number is None:
            number = next(n for n in free if n not in found or not at_once(found[n][-1], session))
        found.setdefault(number, []).append(session)
    return found


# ---- reading


def columns(series: headway.Scalars) -> list[Point]:
    return list(zip(series.steps.tolist(), series.wall_times.tolist(), series.values.tolist(), strict=True))


def folded(shares: list[list[Point]], how: Callable[..., Any]) -> list[Point]:
    by_step: dict[int, list[Point]] = {}
    for share in shares:
        for point in {point[0]: point for point in share}.values():  # the last of each step
            by_step.setdefault(point[0], []).append(point)
    return [
        (step, max(p[1] for p in points), float(how([p[2] for p in points])))
        for step, points in sorted(by_step.items())
    ]


def check_series(logs: headway.Logs, name: str, tag: str, sessions: list[Session]) -> None:
    run, rows = logs[name], resolved(sessions, tag)
    counts = [point for point, gone in rows if not gone]
    assert repr(columns(run.scalars(tag))) == repr(counts)
    old = [p for s in lives(sessions, tag) for p in s.has(tag) if p[0] >= cut(s, tag, sessions)]
    assert repr(columns(run.scalars(tag, superseded=True))) == repr(old)
    shares = {
        number: [point for point, gone in resolved(sessions, tag, among) if not gone]
        for number, among in writers(sessions).items()
        if any(s.has(tag) for s in among)
    }
    assert repr({n: columns(s) for n, s in sorted(run.by_rank(tag).items())}) == repr(dict(sorted(shares.items())))
    with np.errstate(all="ignore"):
        for how in ("mean", "min", "max", "sum"):
            found, expected = columns(run.aggregated(tag, how)), folded(list(shares.values()), getattr(np, how))
            np.testing.assert_equal(np.array(found), np.array(expected))


def check_extremes(found: dict[tuple[Any, ...], tuple[Any, ...]], name: str, tag: str, counts: list[Point]) -> None:
    """By the view `series`."""
    if not counts:
        assert (name, tag) not in found
        return
    steps, walls, values = zip(*counts, strict=True)
    span, last, values_of = (row := found[name, tag])[3:8], row[8], row[9:]
    assert span == (len(counts), min(steps), max(steps), min(walls), max(walls))
    assert repr(last) == repr(values[-1])
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        assert values_of == (None,) * 4
        return
    low, low_step, high, high_step = values_of
    assert (low, high) == (min(finite), max(finite))
    assert {(low_step, low), (high_step, high)} <= {(step, value) for step, _, value in counts}


def check_notes(logs: headway.Logs, name: str, sessions: list[Session]) -> None:
    expected = resolved(sessions, NOTE)
    if not expected:
        assert NOTE not in logs[name].kinds.get("text", [])
        return
    found = logs[name].entries(NOTE)
    rows = zip(found.steps.tolist(), found.wall_times.tolist(), found.superseded.tolist(), strict=True)
    assert list(rows) == [(p[0], p[1], gone) for p, gone in expected]
    assert [one.text for one in found] == [f"{p[1]}" for p, _ in expected]  # type: ignore[union-attr]


def check_sql(logs: headway.Logs, runs: dict[str, list[Session]]) -> None:
    every = [(run, tag, s, p) for run, ss in runs.items() for s in ss for tag in [*TAGS, NOTE] for p in s.has(tag)]
    rows = [(run, tag, *p, p[0] >= cut(s, tag, runs[run]), s.rank) for run, tag, s, p in every]
    found = logs.sql("select run, tag, step, wall_time, value, superseded, rank from points").rows()
    found += logs.sql(
        "select run, tag, step, wall_time, 0.0::double, superseded, rank from events where tag = ?", [NOTE]
    ).rows()
    assert Counter(map(repr, found)) == Counter(map(repr, rows))
    series = {row[:2]: row for row in logs.sql("select * from series where kind = 'scalars'").rows()}
    for run, sessions in runs.items():
        for tag in TAGS:
            counts = [point for point, gone in resolved(sessions, tag) if not gone]
            check_extremes(series, run, tag, counts)
            finite = [value for _, _, value in counts if math.isfinite(value)]
            if finite:
                says = f"first({tag}) == {finite[0]} and last({tag}) == {finite[-1]} and min({tag}) == {min(finite)}"
                assert run in logs.where(says)


def check_export(logs: headway.Logs, runs: dict[str, list[Session]], directory: Path) -> None:
    for suffix in ("csv", "jsonl", "parquet"):
        logs.export(directory / f"all.{suffix}")
    with (directory / "all.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    plain = [(row["run"], row["tag"], int(row["step"]), float(row["wall_time"]), float(row["value"])) for row in rows]
    with (directory / "all.jsonl").open() as file:
        objects = [json.loads(line) for line in file]
    assert repr([(o["run"], o["tag"], o["step"], o["wall_time"], float(o["value"])) for o in objects]) == repr(plain)
    with duckdb.connect() as cursor:
        cursor.execute(
            "select run, tag, step, wall_time, value from read_parquet(?)", [str(directory / "all.parquet")]
        )
        assert repr(cursor.fetchall()) == repr(plain)
    logs.export(directory / "clean")
    clean = headway.open(directory / "clean", index=":memory:")
    for name, sessions in runs.items():
        for tag in TAGS:
            counts = [point for point, gone in resolved(sessions, tag) if not gone]
            assert repr([row[2:] for row in plain if row[:2] == (name, tag)]) == repr(counts)
            if counts:
                assert repr(columns(clean[name].scalars(tag))) == repr(counts)
        notes = [point[:2] for point, gone in resolved(sessions, NOTE) if not gone]
        if notes:
            again = clean[name].entries(NOTE)
            assert list(zip(again.steps.tolist(), again.wall_times.tolist(), strict=True)) == notes
            assert not again.superseded.any()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fresh", [0, 200_000])
def test_every_way_to_read_agrees(
    seed: int, fresh: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(store_write, "FRESH_LIMIT", fresh)
    rng = random.Random(seed)
    (tmp_path / "logs").mkdir()
    logs = headway.open(tmp_path / "logs", index=tmp_path / "index")
    runs = {f"run{i}": written(tmp_path / "logs" / f"run{i}", rng, logs.refresh) for i in range(8)}
    logs.refresh()
    assert logs.problems == []
    for again in (False, True):
        if again:  # what the index keeps says the same
            del logs
            logs = headway.open(tmp_path / "logs", index=tmp_path / "index")
        assert logs.runs == sorted(runs)
        for name, sessions in runs.items():
            for tag in TAGS:
                check_series(logs, name, tag, sessions)
            check_notes(logs, name, sessions)
        check_sql(logs, runs)
    check_export(logs, runs, tmp_path)

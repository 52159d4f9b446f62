from __future__ import annotations

import math
from pathlib import Path

import pytest

import headway
from events.frames import scalar, version
from events.frames import write as event_file
from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.query.expression import evaluate, parse
from headway.query.scalars import scalars
from headway.query.sql import select
from headway.store import write


@pytest.fixture
def index(tmp_path: Path) -> Index:
    with headway.init(tmp_path / "a", config={"lr": 0.1, "optim": {"name": "adam"}}) as run:
        for step in range(10):
            run.log({"loss": 1 / (step + 1), "huge": 1e300}, step=step)
        run.log({"loss": math.nan, "note": headway.Text("hello")}, step=10)
    with headway.init(tmp_path / "a", resume=True) as run:
        run.rewind(8)
        run.log({"loss": 5.0}, step=8)
    return Index(tmp_path, ":memory:")


def rows(index: Index, query: str, *parameters: object) -> list[tuple[object, ...]]:
    with select(index, query, parameters) as cursor:
        return cursor.fetchall()


@pytest.mark.parametrize("fresh", [0, 200_000])
def test_the_views(index: Index, fresh: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "FRESH_LIMIT", fresh)
    index.refresh()
    assert rows(index, "select run, state, points, last_step from runs") == [("a", "finished", 22, 10)]
    assert rows(index, "select key, value, number from config order by key") == [
        ("lr", "0.1", 0.1),
        ("optim.name", "adam", None),
    ]
    counts = rows(index, "select superseded, count(*) from points where tag = 'loss' group by 1 order by 1")
    assert counts == [(False, 9), (True, 3)]
    assert rows(index, "select step, value from points where tag = ? and step >= 8 and not superseded", "loss") == [
        (8, 5.0)
    ]
    assert rows(index, "select distinct value from points where tag = 'huge'") == [(1e300,)]
    ((last, low, high, last_step),) = rows(
        index, 'select "last", low, high, last_step from series where tag = ? and kind = ?', "loss", "scalars"
    )
    assert (last, low, high, last_step) == (5.0, pytest.approx(1 / 8), 5.0, 8)
    assert rows(index, "select tag, kind, step, superseded from events where tag = 'note'") == [
        ("note", "text", 10, True)
    ]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("drop table point", "read-only"),
        ("select 1; drop table point", "read-only"),
        ("insert into point values (1, 1, 1, 1)", "read-only"),
        ("copy (select 1) to '/tmp/never'", "read-only"),
        ("attach '/tmp/never' as other", "read-only"),
        ("set memory_limit = '1TB'", "read-only"),
        ("", "read-only"),
        ("select * from read_text('/etc/hostname')", "disabled"),
        ("select * from '/etc/hostname'", "failed"),
        ("select nothing from runs", "nothing"),
        ("selekt 1", "syntax error"),
        ("select ? from runs", "failed"),
    ],
)
def test_what_is_refused(index: Index, query: str, reason: str) -> None:
    index.refresh()
    with pytest.raises(HeadwayError, match=reason):
        rows(index, query)
    assert rows(index, "select count(*) from runs") == [(1,)]


def test_an_empty_log_directory_has_empty_views(tmp_path: Path) -> None:
    index = Index(tmp_path, ":memory:")
    index.refresh()
    for view in ("runs", "config", "series", "points", "events"):
        assert rows(index, f"from {view}") == []


def test_a_query_may_name_several_views_and_its_own(index: Index) -> None:
    index.refresh()
    query = """
        with best as (select run, min(value) low from POINTS where not superseded group by run)
        select r.run, low from runs r join best using (run)
    """
    assert rows(index, query) == [("a", pytest.approx(1 / 8))]


def test_points_without_times_supersede_nothing(tmp_path: Path) -> None:
    """Neither of two files is the later one: both count."""
    for name in ("tfevents.1", "tfevents.2"):
        frames = [scalar("x", 1, step, math.nan) for step in (1, 2)]
        event_file(tmp_path / "r" / name, [version(), *frames, scalar("y", 1, 1, math.inf)])
    index = Index(tmp_path, ":memory:")
    index.refresh()
    assert rows(index, "select step, superseded from points where tag = 'x' order by 1") == [
        (step, False) for step in (1, 1, 2, 2)
    ]
    assert rows(index, "select points, first_wall, last_wall from series where tag = 'x'") == [(4, None, None)]
    y = parse("relative * y")
    assert len(evaluate(y, lambda tag: scalars(index, "r", tag), index.first_wall("r")).steps) == 2
    index.close()

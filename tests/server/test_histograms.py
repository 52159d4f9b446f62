from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from headway import SummaryWriter
from headway.ingest.index import Index
from headway.marks import Marks
from headway.query.distribution import BASIS_POINTS
from headway.server.api import HistogramsData, HistogramsQuery
from headway.server.decoded import Decoded
from headway.server.histograms import chosen, histograms
from headway.server.served import Served
from headway.store.asker import Asker, NobodyWaits
from server.asked import MSGPACK, Asked, asking

STEPS = 300


def values(run: str, step: int) -> Any:
    return np.random.default_rng(step).normal(0, 1 + step / STEPS, 1000) + (5 if run == "b" else 0)


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of 300 histograms; the first has a second life from step 200 on, and odd values at step 7."""
    logdir = tmp_path_factory.mktemp("histograms")
    for run, begin, end, purge in (("a", 0, 250, None), ("a", 200, STEPS, 200), ("b", 0, STEPS, None)):
        with SummaryWriter(logdir / run, purge_step=purge) as writer:
            for step in range(begin, end):
                odd = [np.nan, np.inf, np.inf, -np.inf] if step == 7 else []
                writer.add_histogram(
                    "w", np.append(values(run, step), odd), step, walltime=1000.0 * (purge or 1) + step
                )
                writer.add_scalar("loss", 1.0, step)
    return logdir


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def ask(asked: Asked, **query: Any) -> HistogramsData:
    answer = asked.get("histograms", MSGPACK, tag="w", **query)
    assert answer.status == 200, answer.text
    return msgspec.msgpack.decode(answer.body, type=HistogramsData)


def test_one_request_gives_all_steps_on_common_bins(asked: Asked) -> None:
    data = ask(asked, run=[asked.id("b"), asked.id("a")], bins=40, most=100)
    edges = np.frombuffer(data.edges, "<f8")
    assert (data.scale, len(edges), [one.run for one in data.series]) == (
        "linear",
        41,
        [asked.id("b"), asked.id("a")],
    )
    b, a = data.series
    for run, series in (("a", a), ("b", b)):
        steps = np.frombuffer(series.step, "<i8")
        assert (steps[0], steps[-1], series.failed) == (0, STEPS - 1, 0)
        assert set(np.diff(steps[:-1])) == {4}
        assert np.frombuffer(series.every_step, "<i8").tolist() == [*range(STEPS)]
        counts = np.frombuffer(series.counts, "<f8").reshape(len(steps), 42)
        assert counts.sum(axis=1) == pytest.approx(1000)
        stats = np.frombuffer(series.stats, "<f8").reshape(len(steps), 6)
        for row, step in zip(stats, steps.tolist(), strict=True):
            x = values(run, step)
            assert row == pytest.approx([1000, x.mean(), x.std(), np.linalg.norm(x), x.min(), x.max()], rel=1e-6)
        percentiles = np.frombuffer(series.percentiles, "<f8").reshape(len(steps), len(BASIS_POINTS))
        assert (np.diff(percentiles) >= 0).all()
        assert percentiles[0] == pytest.approx(np.percentile(values(run, 0), data.percents), abs=0.2)
    assert len(np.frombuffer(a.every, "<i4")) == STEPS  # 50 more are superseded
    entry = asked.json("entry", run=a.run, tag="w", kind="histograms", i=int(np.frombuffer(a.i, "<i4")[-1]))
    assert (entry["step"], entry["superseded"]) == (STEPS - 1, False)


def test_any_step_can_be_asked_for(asked: Asked) -> None:
    (series,) = ask(asked, run=asked.id("a"), most=2, at=[7, 1000]).series
    assert np.frombuffer(series.step, "<i8").tolist() == [0, 7, STEPS - 1]
    assert np.frombuffer(series.bad, "<i8").reshape(-1, 3).tolist() == [[0, 0, 0], [1, 2, 1], [0, 0, 0]]
    (series,) = ask(asked, run=asked.id("a"), start=10, stop=12).series
    assert np.frombuffer(series.step, "<i8").tolist() == [10, 11, 12]


def test_bins_of_a_range(asked: Asked) -> None:
    data = ask(asked, run=asked.id("b"), low=5, high=6, bins=10, scale="symlog")
    assert np.frombuffer(data.edges, "<f8")[[0, -1]].tolist() == [5, 6]
    counts = np.frombuffer(data.series[0].counts, "<f8").reshape(-1, 12)
    assert counts.sum(axis=1) == pytest.approx(1000)
    assert counts[0, 0] == pytest.approx((values("b", 0) < 5).sum(), abs=60)


def test_it_is_not_sent_again(asked: Asked) -> None:
    first = asked.get("histograms", MSGPACK, tag="w", run=asked.id("a"))
    tag = {"If-None-Match": str(first.headers["ETag"])}
    assert asked.get("histograms", MSGPACK | tag, tag="w", run=asked.id("a")).status == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"run": 99}, 404),
        ({"run": 1, "tag": "loss"}, 404),
        ({"run": [1] * 17}, 400),
        ({"run": [1, 1]}, 400),
        ({"run": 1, "most": 501}, 400),
        ({"run": 1, "bins": 0}, 400),
        ({"run": 1, "low": 2, "high": 1}, 400),
        ({"run": 1, "scale": "log"}, 400),
        ({}, 400),
    ],
)
def test_what_cannot_be_answered(asked: Asked, query: dict[str, Any], status: int) -> None:
    assert asked.get("histograms", **({"tag": "w"} | query)).status == status


def test_whoever_leaves_ends_it(logdir: Path) -> None:
    with closing(Index(logdir, ":memory:")) as index:
        index.refresh()
        asker = Asker()
        asker.leave()
        run = index.run_id("b")
        assert run is not None
        with asker.asking(), pytest.raises(NobodyWaits):
            histograms(Served(index, Marks(logdir)), Decoded(), HistogramsQuery(run=[run], tag="w"))


def test_what_was_chosen_stays_while_more_comes() -> None:
    for many in (1, 2, 3, 50, 51, 10_000):
        steps = np.arange(many)
        rows = chosen(steps, 50)
        assert len(rows) <= 50
        assert (rows[0], rows[-1]) == (0, many - 1)
        later = chosen(np.arange(2 * many), 50)
        assert set(later[:-1]) <= {*range(0, 2 * many)}
    assert set(chosen(np.arange(70), 50)[:-1]) <= set(chosen(np.arange(80), 50))
    assert chosen(np.arange(0), 50).tolist() == []


def test_histograms_are_kept_up_to_a_size(logdir: Path) -> None:
    with closing(Index(logdir, ":memory:")) as index:
        index.refresh()
        served, decoded = Served(index, Marks(logdir)), Decoded(200_000)
        run = index.run_id("b")
        assert run is not None
        histograms(served, decoded, HistogramsQuery(run=[run], tag="w", most=300))
        assert 100_000 < decoded.bytes <= 200_000

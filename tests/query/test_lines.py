from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from events.frames import scalar, session_start, write
from headway import init
from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.query.chart import chart
from headway.query.curve import Curve
from headway.query.line import Line, Who
from headway.query.lines import Wanted, lines


def index_of(path: Path) -> Index:
    index = Index(path, ":memory:")
    index.refresh()
    return index


@pytest.fixture
def two(tmp_path: Path) -> Index:
    """Run a: loss, tokens, and a tag with spaces; run b: loss alone."""
    write(
        tmp_path / "a" / "tfevents",
        [frame for i in range(5) for frame in (scalar("loss", 10.0 - i, i, 50 + i), scalar("tokens", 1e3 * i, i))]
        + [scalar("a b", 1, 1)],
    )
    write(tmp_path / "b" / "tfevents", [scalar("loss", 3, 2)])
    return index_of(tmp_path)


def drawn(index: Index, tag: str, **more: object) -> list[Line]:
    return lines(index, Wanted(tag=tag, runs=[1, 2, 3], **more))  # type: ignore[arg-type]


def test_an_expression_is_computed_of_the_runs_that_have_its_tags(two: Index) -> None:
    (line,) = drawn(two, "loss - tokens / 1000")
    assert (line.who, line.x.tolist(), line.values.tolist()) == (Who(1), [0, 1, 2, 3, 4], [10, 8, 6, 4, 2])
    assert [line.values.tolist() for line in drawn(two, "loss * 2")] == [[20, 18, 16, 14, 12], [6]]
    (line,) = drawn(two, "loss - tokens", axis="relative")
    assert line.x.tolist() == [49, 50, 51, 52, 53]  # the first point of the run is another tag's


def test_a_tag_is_that_tag_however_it_reads(two: Index) -> None:
    (line,) = drawn(two, "a b")
    assert line.values.tolist() == [1]
    assert lines(two, Wanted(tag="a b", runs=[2])) == []
    with pytest.raises(HeadwayError, match="a c"):
        drawn(two, "a c")


def test_any_series_is_an_axis(two: Index) -> None:
    (line,) = drawn(two, "loss", x="tokens")
    assert (line.x.tolist(), line.values.tolist()) == ([0, 1000, 2000, 3000, 4000], [10, 9, 8, 7, 6])
    assert line.steps is not None
    assert line.walls is not None
    (backwards,) = drawn(two, "tokens", x="loss")
    assert (backwards.x.tolist(), backwards.values.tolist()) == ([6, 7, 8, 9, 10], [4000, 3000, 2000, 1000, 0])
    assert [line.x.tolist() for line in drawn(two, "loss", x="step * 2")] == [[0, 2, 4, 6, 8], [4]]
    (curve,) = chart(two, Wanted(tag="loss", runs=[1], x="tokens", columns=4)).curves
    assert (curve.begin, curve.end, len(curve.step), len(curve.wall)) == (0, 4000, len(curve.x), len(curve.x))
    with pytest.raises(HeadwayError, match="tokens"):
        drawn(two, "loss", x="tokens +")


def test_older_branches_are_lines_of_their_own(tmp_path: Path) -> None:
    frames = [scalar("x", float(i), i, i) for i in range(6)] + [session_start(3), scalar("x", 30, 3, 9)]
    write(tmp_path / "a" / "tfevents", frames)
    index = index_of(tmp_path)
    now, older = lines(index, Wanted(tag="x", runs=[1], superseded=True))
    assert (now.who, now.values.tolist()) == (Who(1), [0, 1, 2, 30])
    assert (older.who, older.values.tolist()) == (Who(1, superseded=True), [3, 4, 5])
    assert len(lines(index, Wanted(tag="x * 1", runs=[1], superseded=True))) == 1


def test_ranks_are_merged_or_apart_or_one(tmp_path: Path) -> None:
    for rank in range(2):
        frames = [scalar("x", float(10 * rank + i), i, 100 + i + rank / 2) for i in range(3)]
        write(tmp_path / "a" / f"events.out.tfevents.100.host.1.{rank}.rank{rank}", frames)
    index = index_of(tmp_path)
    merged, both, mean, spread = (
        lines(index, Wanted(tag=tag, runs=[1], ranks=ranks))  # type: ignore[arg-type]
        for tag, ranks in (("x", "merged"), ("x", "each"), ("x", "mean"), ("x * 2", "each"))
    )
    assert [line.values.tolist() for line in merged] == [[0, 10, 1, 11, 2, 12]]
    assert [(line.who.rank, line.values.tolist()) for line in both] == [(0, [0, 1, 2]), (1, [10, 11, 12])]
    assert [line.values.tolist() for line in mean] == [[5, 6, 7]]
    assert [line.values.tolist() for line in spread] == [[0, 2, 4], [20, 22, 24]]


@pytest.fixture
def seeds(tmp_path: Path) -> Index:
    """Three seeds of 200 steps, one of which ends early."""
    random = np.random.default_rng(0)
    for seed in range(3):
        with init(tmp_path / f"run{seed}") as run:
            for step in range(200 if seed else 100):
                run.log({"loss": random.normal()}, step=step)
    return index_of(tmp_path)


@pytest.mark.parametrize("band", ["interval", "std", "quantiles", "range"])
def test_the_edges_of_a_band_are_exact_in_every_column(seeds: Index, band: str) -> None:
    table = np.full((3, 200), np.nan)
    for line in lines(seeds, Wanted(tag="loss", runs=[1, 2, 3])):
        table[line.who.run - 1, line.x] = line.values
    with np.errstate(invalid="ignore"):
        count = np.isfinite(table).sum(axis=0)
        mean, std = np.nanmean(table, axis=0), np.nanstd(table, axis=0, ddof=1)
        reach = np.where(count == 3, 4.302652730, 12.706204736) * std / np.sqrt(count)
    middle = np.nanmedian(table, axis=0) if band == "quantiles" else mean
    low, high = {
        "interval": (mean - reach, mean + reach),
        "std": (mean - std, mean + std),
        "quantiles": (np.nanquantile(table, 0.25, axis=0), np.nanquantile(table, 0.75, axis=0)),
        "range": (np.nanmin(table, axis=0), np.nanmax(table, axis=0)),
    }[band]
    wanted = Wanted(tag="loss", runs=[], groups=[[1, 2, 3], [9]], band=band, columns=20, start=0, stop=199)  # type: ignore[arg-type]
    curve: Curve
    (curve,) = chart(seeds, wanted).curves
    assert (curve.who, curve.total) == (Who(1, group=0), 200)
    columns = [slice(math.ceil(c * 9.95), math.ceil((c + 1) * 9.95) + (c == 19)) for c in range(20)]
    np.testing.assert_allclose(curve.values[2], [middle[c].min() for c in columns], rtol=1e-6)
    np.testing.assert_allclose(curve.low, [low[c].min() for c in columns], rtol=1e-6)
    np.testing.assert_allclose(curve.high, [high[c].max() for c in columns], rtol=1e-6)
    assert (len(curve.step), len(curve.wall)) == (0, 0)


def test_one_run_has_no_interval(seeds: Index) -> None:
    (curve,) = chart(seeds, Wanted(tag="loss", runs=[], groups=[[2]], columns=5)).curves
    assert np.isnan(curve.low).all()
    assert len(curve.low) == len(curve.x) == 5

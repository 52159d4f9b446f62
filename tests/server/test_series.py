from __future__ import annotations

import asyncio
import gzip
import json
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from tensorboardX import SummaryWriter
from tensorboardX.proto.summary_pb2 import Summary

import headway
from headway.ingest.index import Index
from headway.marks import Marks
from headway.server import series
from headway.server.api import ChartData, ChartRequest, Group, SeriesRequest
from headway.server.serve import Server
from headway.server.served import Served
from server.client import Answer, Client


def frames(content: bytes) -> Iterator[ChartData]:
    while content:
        (length,) = struct.unpack("<I", content[:4])
        assert len(content) >= 4 + length
        yield msgspec.msgpack.decode(content[4 : 4 + length], type=ChartData)
        content = content[4 + length :]


def post(client: Client, *charts: dict[str, Any]) -> Answer:
    return client.post("/api/series", json.dumps({"charts": charts}).encode())


def ask(client: Client, *charts: dict[str, Any]) -> list[ChartData]:
    response = post(client, *charts)
    assert response.status == 200, response.text
    return list(frames(response.body))


def run_ids(index: Index) -> dict[str, int]:
    return {run.name: run.id for run in index.runs()}


def test_charts_come_in_the_order_asked(client: Client, index: Index) -> None:
    ids = run_ids(index)
    loss, accuracy = ask(
        client, {"tag": "loss", "runs": [*ids.values()]}, {"tag": "accuracy", "runs": [*ids.values()]}
    )
    assert (loss.tag, loss.axis, loss.columns, loss.error) == ("loss", "step", 600, None)
    assert (loss.start, loss.stop) == (0, 20)
    assert {curve.run: curve.total for curve in loss.curves} == {ids["a"]: 5, ids["b/c"]: 3}
    assert (accuracy.tag, [curve.run for curve in accuracy.curves]) == ("accuracy", [ids["a"]])


def test_columns_are_little_endian_bytes(client: Client, index: Index) -> None:
    asked = {"tag": "accuracy", "runs": [run_ids(index)["a"]], "columns": 100, "smoothing": 0.5}
    (chart,) = ask(client, asked | {"start": 0, "stop": 4})
    (curve,) = chart.curves
    assert not curve.wide
    assert np.frombuffer(curve.column, "<u2").tolist() == [0, 25, 50, 75, 99]
    assert np.frombuffer(curve.x, "<f8").tolist() == [0, 1, 2, 3, 4]
    assert np.frombuffer(curve.last, "<f4").tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert len(np.frombuffer(curve.smooth, "<f4")) == 5
    assert len(np.frombuffer(curve.wall, "<f8")) == 5
    assert curve.step == curve.count == curve.min == curve.bad_column == b""


def test_on_a_time_axis_steps_come_along(client: Client, index: Index) -> None:
    (chart,) = ask(client, {"tag": "loss", "runs": [run_ids(index)["b/c"]], "axis": "relative", "columns": 4096})
    (curve,) = chart.curves
    x, steps = np.frombuffer(curve.x, "<f8"), np.frombuffer(curve.step, "<i8")
    assert (chart.start, x[0]) == (0, 0)
    assert len(x) == len(steps) <= 3  # points of one moment share a column
    assert steps[-1] == 20
    assert curve.wall == b""


def test_a_range_brings_the_points_beside_it(client: Client, index: Index) -> None:
    (chart,) = ask(client, {"tag": "accuracy", "runs": [run_ids(index)["a"]], "start": 1.5, "stop": 2.5})
    assert (chart.start, chart.stop) == (1.5, 2.5)
    (curve,) = chart.curves
    assert (curve.total, curve.points) == (5, 1)
    assert curve.before is not None
    assert curve.after is not None
    assert (curve.before[:2], curve.after[:2]) == ((1, 0.25), (3, 0.75))


def test_what_the_page_knows_is_left_out(client: Client, index: Index) -> None:
    ids = run_ids(index)
    (chart,) = ask(client, {"tag": "loss", "runs": [ids["a"]]})
    (curve,) = chart.curves
    known = {"tag": "loss", "start": chart.start, "width": chart.width, "runs": [ids["a"], ids["b/c"]]}
    (again,) = ask(client, known | {"known": [curve.fingerprint]})
    assert (again.start, again.stop, again.columns) == (0, 20, 600)
    assert again.width == 20 / 599.5  # of the old width there would be too many: it is cut anew
    (again,) = ask(client, known | {"runs": [ids["a"]], "known": [curve.fingerprint]})
    assert (again.width, again.columns, again.curves, again.gone) == (chart.width, 600, [], [])
    (again,) = ask(client, known | {"runs": [ids["a"], 99], "known": ["", curve.fingerprint]})
    assert (again.curves, again.gone) == ([curve], [99])


def test_whoever_stops_listening_ends_the_reading(
    index: Index, logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def frame(_: Served, request: ChartRequest) -> bytes:
        read.append(request.tag)
        return request.tag.encode()

    async def listen_to_three() -> list[bytes]:
        wanted = SeriesRequest([ChartRequest(str(i), []) for i in range(100)])
        stream = series.Charts(Served(index, Marks(logdir))).frames(wanted)
        heard = [await anext(stream) for _ in range(3)]
        await stream.aclose()
        return heard

    monkeypatch.setattr(series, "frame", frame)
    assert asyncio.run(listen_to_three()) == [b"0", b"1", b"2"]
    assert len(read) <= 3 + series.AT_ONCE


def test_news_are_compressed_whatever_the_way(client: Client, index: Index) -> None:
    ids = [*run_ids(index).values()]
    zipped = {"Accept-Encoding": "gzip"}
    (chart,) = ask(client, {"tag": "loss", "runs": ids})
    news = {"tag": "loss", "runs": ids, "start": chart.start, "width": chart.width, "known": ["", ""]}
    whole, part = (
        client.post("/api/series", json.dumps({"charts": [one]}).encode(), zipped)
        for one in ({"tag": "loss", "runs": ids}, news)
    )
    assert whole.headers["Content-Encoding"] is None
    assert part.headers["Content-Encoding"] == "gzip"
    assert list(frames(gzip.decompress(part.body))) == list(frames(whole.body))


def test_runs_of_one_configuration_are_a_band(tmp_path: Path) -> None:
    for seed in range(4):
        config = {"seed": seed, "optimiser": {"lr": 0.1 * (seed // 2)}}
        with headway.init(tmp_path / f"run{seed}", config=config) as run:
            for step in range(3):
                run.log({"loss": seed + step}, step=step)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        ids = [*run_ids(index).values()]
        Marks(tmp_path).set("run3", group="other")
        with Server(index, port=0) as server:
            client = Client(server.port)
            rates, marked = ask(
                client,
                {"tag": "loss", "runs": ids, "group": ["optimiser.lr"], "band": "range"},
                {"tag": "loss", "runs": ids, "group": ["group", "nothing"]},
            )
    assert rates.groups == [Group(["0.0"], ids[:2]), Group(["0.1"], ids[2:])]
    assert [(curve.run, curve.group) for curve in rates.curves] == [(ids[0], 0), (ids[2], 1)]
    assert [np.frombuffer(curve.last, "<f4").tolist() for curve in rates.curves] == [[0.5, 1.5, 2.5], [2.5, 3.5, 4.5]]
    assert np.frombuffer(rates.curves[1].low, "<f4").tolist() == [2, 3, 4]
    assert np.frombuffer(rates.curves[1].high, "<f4").tolist() == [3, 4, 5]
    assert marked.groups == [Group(["", ""], ids[:3]), Group(["other", ""], ids[3:])]


def test_no_charts_is_an_empty_answer(client: Client) -> None:
    assert ask(client) == []


def test_unknown_runs_and_tags_are_empty_charts(client: Client) -> None:
    charts = ask(client, {"tag": "loss", "runs": [12345, -1]}, {"tag": "nothing/of/that-name", "runs": [0]})
    assert [(chart.curves, chart.error) for chart in charts] == [([], None), ([], None)]


def test_an_expression_is_a_chart_and_a_mistake_in_it_is_pointed_at(client: Client, index: Index) -> None:
    ids = [*run_ids(index).values()]
    sum_, wrong, loss = ask(
        client,
        {"tag": "loss + accuracy", "runs": ids},
        {"tag": "ema(loss, 2", "runs": ids},
        {"tag": "loss", "runs": ids, "x": "accuracy * 100"},
    )
    (curve,) = sum_.curves
    y = np.frombuffer(curve.last, "<f8" if curve.wide else "<f4")
    assert y.tolist() == pytest.approx([1, 0.75, 0.5 + 1 / 3, 1, 1.2])
    assert (wrong.curves, wrong.error is not None) == ([], True)
    assert "ema(loss, 2" in str(wrong.error)
    assert "^" in str(wrong.error)
    (curve,) = loss.curves
    assert np.frombuffer(curve.x, "<f8").tolist() == [0, 25, 50, 75, 100]
    assert (len(curve.step), len(curve.wall)) == (40, 40)
    assert loss.error is None


def test_a_chart_that_fails_says_so_in_its_place(
    client: Client, index: Index, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = series.chart_data

    def fail_at_accuracy(served: Served, request: ChartRequest) -> ChartData:
        if request.tag == "accuracy":
            raise OSError("the disk is gone")
        return read(served, request)

    monkeypatch.setattr(series, "chart_data", fail_at_accuracy)
    ids = [*run_ids(index).values()]
    first, second = ask(client, {"tag": "accuracy", "runs": ids}, {"tag": "loss", "runs": ids})
    assert first.error == "OSError: the disk is gone"
    assert (first.tag, first.curves) == ("accuracy", [])
    assert (second.error, len(second.curves)) == (None, 2)
    assert "the disk is gone" in caplog.text


@pytest.mark.parametrize(
    ("chart", "message"),
    [
        ({"columns": 0}, "`int` >= 1 - at `$.charts[0].columns`"),
        ({"columns": 4097}, "`int` <= 4096"),
        ({"smoothing": 1.0}, "`float` < 1.0"),
        ({"smoothing": -0.1}, "`float` >= 0.0"),
        ({"axis": "epoch"}, "'epoch' - at `$.charts[0].axis`"),
        ({"start": 2, "stop": 1}, "start is beyond stop"),
        ({"start": 1, "stop": 2, "width": 1}, "width goes with start and without stop"),
        ({"group": ["seed"], "known": [""]}, "known goes with one curve a run"),
        ({"group": ["seed"] * 101}, "length <= 100"),
        ({"runs": [1, 2, 1]}, "a run is named twice"),
        ({"runs": [1] * 700_000}, "a run is named twice"),
        ({"width": 1}, "width goes with start and without stop"),
        ({"start": 1, "width": 0}, "`float` > 0.0"),
        ({"runs": "all"}, "Expected `array`"),
        ({"smooth": 0.1}, "unknown field `smooth`"),
        ({"tag": None}, "Expected `str`"),
    ],
)
def test_what_is_beyond_the_limits_is_refused(client: Client, chart: dict[str, Any], message: str) -> None:
    response = post(client, {"tag": "loss", "runs": [0]} | chart)
    assert response.status == 400
    assert message in response.text
    assert response.text.count("\n") == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff\xfe", b'{"charts": 1}', b'{"charts": [{"tag": "\\ud800", "runs": []}]}']
)
def test_malformed_bodies_are_refused(client: Client, body: bytes) -> None:
    response = client.post("/api/series", body)
    assert response.status == 400
    assert response.headers["content-type"].startswith("text/plain")


def test_too_many_charts_are_refused(client: Client) -> None:
    response = post(client, *[{"tag": "loss", "runs": []}] * 257)
    assert (response.status, "`array` of length <= 256" in response.text) == (400, True)


def test_a_body_too_large_is_refused(client: Client) -> None:
    response = post(client, {"tag": "x" * series.MAX_BODY, "runs": []})
    assert (response.status, "at most 4194304 bytes" in response.text) == (413, True)


def test_a_tag_as_the_writer_wrote_it(tmp_path: Path) -> None:
    # Tags are free text; a page asks with what it got.
    tag = "训练/<script>alert('损失')</script>?#%2f&\\" + "x" * 10_000
    with SummaryWriter(str(tmp_path)) as writer:
        writer.file_writer.add_summary(Summary(value=[Summary.Value(tag=tag, simple_value=0.5)]), 1)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        with Server(index, port=0) as server:
            client = Client(server.port)
            (info,) = client.get("/api/overview").json()["tags"]
            (chart,) = ask(client, {"tag": info["name"], "runs": info["runs"]})
    assert info["name"] == tag
    assert [curve.total for curve in chart.curves] == [1]


def test_one_run_is_subtracted_from_the_others(tmp_path: Path) -> None:
    """Against the plainest reading: at each of a run's steps, the straight line between the other's neighbours."""
    random = np.random.default_rng(7)
    steps: dict[str, Any] = {
        "base": np.arange(0, 60, 3),
        "same": np.arange(0, 60, 3),
        "denser": np.arange(-5, 80),
        "later": [100, 101],
    }
    values = {name: random.normal(size=len(at)).astype(np.float32).astype(float) for name, at in steps.items()}
    values["denser"][20] = np.nan
    for name, at in steps.items():
        with headway.SummaryWriter(tmp_path / name) as writer:
            for step, value in zip(at, values[name], strict=True):
                writer.add_scalar("loss", value, int(step))
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        ids = run_ids(index)
        request = ChartRequest(
            tag="loss", runs=[ids[name] for name in ("same", "denser", "later")], minus=ids["base"]
        )
        chart = series.chart_data(Served(index, Marks(tmp_path)), request)
    found = {curve.run: curve for curve in chart.curves}
    assert set(found) == {ids["same"], ids["denser"]}
    for name in ("same", "denser"):
        wanted = {}
        for step, value in zip(steps[name], values[name], strict=True):
            before = [i for i, at in enumerate(steps["base"]) if at <= step]
            after = [i for i, at in enumerate(steps["base"]) if at >= step]
            if before and after and np.isfinite(value):
                i, j = before[-1], after[0]
                share = 0 if i == j else (step - steps["base"][i]) / (steps["base"][j] - steps["base"][i])
                wanted[int(step)] = value - (values["base"][i] + share * (values["base"][j] - values["base"][i]))
        curve = found[ids[name]]
        drawn = dict(
            zip(np.frombuffer(curve.x), np.frombuffer(curve.last, "<f8" if curve.wide else "<f4"), strict=True)
        )
        assert [*drawn] == [*wanted]
        assert np.allclose([*drawn.values()], [*wanted.values()], atol=1e-6)
        assert len(np.frombuffer(curve.bad_x)) == (name == "denser")


def test_a_difference_from_a_run_without_the_tag_or_none_at_all(client: Client, index: Index) -> None:
    ids = run_ids(index)
    absent, gone = ask(
        client,
        {"tag": "accuracy", "runs": [ids["a"]], "minus": ids["b/c"]},
        {"tag": "accuracy", "runs": [ids["a"]], "minus": 999},
    )
    assert (absent.curves, absent.error, gone.curves, gone.error) == ([], None, [], None)
    assert post(client, {"tag": "loss", "runs": [], "minus": 1, "ranks": "each"}).status == 400

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest

from headway import SummaryWriter
from headway.server import heat
from headway.server.api import HeatHead, HeatRows
from server.asked import Asked, asking

STEPS = 1000


def value(layer: int, step: int) -> float:
    return {(2, 500): math.nan, (2, 501): math.inf, (3, 700): 1e300}.get((layer, step), layer + math.sin(step))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    logdir = tmp_path_factory.mktemp("heat")
    with SummaryWriter(logdir / "run") as writer:
        for step in range(STEPS):
            for layer in range(4):
                writer.add_scalar(f"g/{layer}", value(layer, step), step)
        for step in range(10):
            writer.add_histogram("h", np.full(100, 2.0 + step), step)
        writer.add_histogram("h", np.array([1.0, np.nan]), 10)
    with asking(logdir) as asked:
        yield asked


def ask(asked: Asked, tags: list[str], **more: Any) -> tuple[HeatHead, list[HeatRows]]:
    body = json.dumps({"run": asked.id("run"), "tags": tags} | more).encode()
    answer = asked.client.post("/api/heat", body)
    assert answer.status == 200, answer.text
    content, frames = answer.body, []
    while content:
        (length,) = struct.unpack("<I", content[:4])
        frames.append(content[4 : 4 + length])
        content = content[4 + length :]
    return msgspec.msgpack.decode(frames[0], type=HeatHead), [
        msgspec.msgpack.decode(frame, type=HeatRows) for frame in frames[1:]
    ]


def column(data: bytes, columns: int) -> Any:
    return np.frombuffer(data, "<f4").reshape(-1, columns)


def test_each_row_is_a_series_and_each_cell_exact(asked: Asked) -> None:
    head, (rows,) = ask(asked, ["g/1", "nothing", "g/2"], columns=100)
    assert (head.columns, head.start, head.rows, rows.rows) == (100, 0, 3, 3)
    mean, least, greatest = (column(one, 100) for one in (rows.mean, rows.min, rows.max))
    for row, layer in ((0, 1), (2, 2)):
        for c in range(100):
            inside = [value(layer, s) for s in range(STEPS) if c <= s / head.width < c + 1]
            finite = [y for y in inside if math.isfinite(y)]
            cell = (mean[row, c], least[row, c], greatest[row, c])
            assert cell == pytest.approx((np.mean(finite), min(finite), max(finite)), rel=1e-6)
    assert np.isnan(mean[1]).all()
    assert np.frombuffer(rows.points, "<u4").tolist() == [STEPS, 0, STEPS]
    assert (np.frombuffer(rows.bad, "<u4") // 100).tolist() == [2]
    assert np.frombuffer(rows.bad_kind, "u1").tolist() == [3]
    assert np.frombuffer(rows.greatest, "<f4")[[0, 2]] == pytest.approx([2, 3], abs=1e-3)


def test_where_points_are_few_each_has_a_column(asked: Asked) -> None:
    head, (rows,) = ask(asked, ["g/0"], columns=2048)
    assert (head.columns, rows.min, rows.max) == (STEPS, b"", b"")
    assert column(rows.mean, STEPS)[0] == pytest.approx([value(0, s) for s in range(STEPS)], rel=1e-6, abs=1e-6)


def test_a_range(asked: Asked) -> None:
    head, (rows,) = ask(asked, ["g/1"], start=100, stop=109, columns=10)
    assert (head.start, head.stop) == (100, 109)
    assert column(rows.mean, 10)[0] == pytest.approx([value(1, s) for s in range(100, 110)], rel=1e-6)


def test_what_float32_does_not_hold_is_its_greatest(asked: Asked) -> None:
    _, (rows,) = ask(asked, ["g/3"], columns=2000)
    assert np.nanmax(column(rows.mean, STEPS)) == np.finfo(np.float32).max
    assert rows.bad == b""


def test_many_rows_come_some_at_a_time(asked: Asked) -> None:
    head, rows = ask(asked, ["g/0"] * 100, columns=5)
    assert (head.rows, [one.row for one in rows]) == (100, [0, 48, 96])
    assert [one.rows for one in rows] == [48, 48, 4]


def test_numbers_of_histograms(asked: Asked) -> None:
    head, (rows,) = ask(asked, ["h", "none"], kind="histograms", stat="norm")
    assert head.columns == 11
    norms = column(rows.mean, 11)
    assert norms[0, :10] == pytest.approx([10 * (2 + step) for step in range(10)])
    assert np.frombuffer(rows.bad, "<u4").tolist() == [10]
    _, (rows,) = ask(asked, ["h"], kind="histograms", stat="max", start=3, stop=4)
    assert column(rows.mean, 2).tolist() == [[5, 6]]


def test_rows_that_fail_say_so_in_their_place(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(heat, "scalars", fail)
    _, (rows,) = ask(asked, ["g/0"], columns=5)
    assert rows.error == "OSError: the disk is gone"
    assert np.isnan(column(rows.mean, 5)).all()
    assert "the disk is gone" in caplog.text


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"columns": 2049}, 400),
        ({"columns": 2048, "tags": ["x"] * 5000}, 400),
        ({"stat": "norm"}, 400),
        ({"kind": "histograms"}, 400),
        ({"start": 2, "stop": 1}, 400),
        ({"run": 99}, 404),
        ({"more": 1}, 400),
    ],
)
def test_what_is_beyond_the_limits_is_refused(asked: Asked, more: dict[str, Any], status: int) -> None:
    body = json.dumps({"run": asked.id("run"), "tags": ["g/0"]} | more).encode()
    assert asked.client.post("/api/heat", body).status == status

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

from headway.ingest.index import Index
from server.client import Client
from server.test_series import post, run_ids


def table(client: Client, *charts: dict[str, Any]) -> list[dict[str, str]]:
    answer = client.post("/api/points", json.dumps({"charts": charts}).encode())
    assert answer.status == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_every_point_of_every_run_is_a_line(client: Client, index: Index) -> None:
    ids = run_ids(index)
    rows = table(client, {"tag": "loss", "runs": [ids["a"], ids["b/c"]]}, {"tag": "accuracy", "runs": [ids["a"]]})
    assert list(rows[0]) == ["tag", "run", "step", "wall_time", "value"]
    assert [(row["tag"], row["run"]) for row in rows] == (
        [("loss", "a")] * 5 + [("loss", "b/c")] * 3 + [("accuracy", "a")] * 5
    )
    assert [float(row["value"]) for row in rows if row["tag"] == "accuracy"] == [0, 0.25, 0.5, 0.75, 1]


def test_only_the_range_and_what_is_drawn(client: Client, index: Index) -> None:
    run = run_ids(index)["a"]
    asked = {"tag": "accuracy * 2", "runs": [run], "start": 1, "stop": 2, "smoothing": 0.5}
    rows = table(client, asked)
    assert [(row["step"], row["value"]) for row in rows] == [("1", "0.5"), ("2", "1.0")]
    # Smoothed over all points: of 0, 0.5.
    assert math.isclose(float(rows[0]["smoothed"]), 0.5 * 0.5 / 0.75)
    assert table(client, asked | {"start": 100, "stop": 200}) == []
    assert [row["step"] for row in table(client, {"tag": "accuracy", "runs": [run], "x_scale": "log"})] == list(
        "1234"
    )


def test_another_axis_comes_along(client: Client, index: Index) -> None:
    run = run_ids(index)["a"]
    (first, *_) = table(client, {"tag": "accuracy", "runs": [run], "x": "accuracy * 100"})
    assert (first["x"], first["step"], first["value"]) == ("0.0", "0", "0.0")
    relative = table(client, {"tag": "accuracy", "runs": [run], "axis": "relative"})
    wall = float(relative[0]["wall_time"]) - float(relative[0]["x"])
    assert all(math.isclose(float(row["wall_time"]) - float(row["x"]), wall) for row in relative)


def test_groups_ranks_and_branches_are_told(client: Client, index: Index) -> None:
    runs = [*run_ids(index).values()]
    rows = table(client, {"tag": "loss", "runs": runs, "group": ["lr"]})
    assert list(rows[0]) == ["tag", "group", "runs", "x", "value", "low", "high"]
    assert (rows[0]["group"], rows[0]["runs"]) == ("lr=", str(len(runs)))
    rows = table(client, {"tag": "loss", "runs": runs, "ranks": "each", "superseded": True})
    assert {(row["rank"], row["superseded"]) for row in rows} == {("0", "0")}


def test_what_cannot_be_understood_is_said(client: Client, index: Index) -> None:
    body = json.dumps({"charts": [{"tag": "loss +", "runs": [run_ids(index)["a"]]}]}).encode()
    answer = client.post("/api/points", body)
    assert answer.status == 400
    assert "character" in answer.text
    assert post(client, {"tag": "loss +", "runs": []}).status == 200  # a chart says it in its own place

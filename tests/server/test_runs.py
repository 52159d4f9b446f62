from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from tensorboardX import SummaryWriter

import headway
from headway.marks import Marks
from headway.server.api import RunDetail, RunList
from server.asked import MSGPACK, Asked, asking

HOSTILE = 'ünï "q" <b>\n; drop'


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs by headway, of which one failed, and one by tensorboardX, resumed, under a hostile name."""
    logdir = tmp_path_factory.mktemp("runs")
    for name, rate in [("sweep/a", 1e-2), ("sweep/b", 1e-4)]:
        with headway.init(logdir / name, config={"optim": {"lr": rate}, "layers": [1, 2]}, tags=["sweep"]) as run:
            for step, loss in enumerate([3.0, 1.0, float("nan"), 2.0]):
                run.log({"loss": loss * rate, "lr": rate}, step=step)
            run.log({"said": headway.Text("hello")}, step=4)
    with suppress(ZeroDivisionError), headway.init(logdir / "failed") as run:
        run.log({"loss": float("inf")}, step=0)
        1 / 0  # noqa: B018
    for purge in (None, 3):
        with SummaryWriter(str(logdir / HOSTILE), purge_step=purge, filename_suffix=f".{purge}") as writer:
            for step in range(purge or 0, 5):
                writer.add_scalar("loss", step + (purge or 0), step, walltime=100.0 * (purge or 1) + step)
    return logdir


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def names(asked: Asked, text: str) -> list[str]:
    return [run["name"] for run in asked.json("runs", filter=text)["runs"]]


def test_the_list(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("runs"), RunList)
    assert answer.total == len(answer.runs) == 4
    assert answer.columns == []
    runs = {run.name: run for run in answer.runs}
    assert list(runs) == sorted([HOSTILE, "failed", "sweep/a", "sweep/b"])
    assert (runs["sweep/a"].state, runs["failed"].state) == ("finished", "failed")
    assert (runs["sweep/a"].points, runs["sweep/a"].series, runs["sweep/a"].last_step) == (8, 2, 3)
    assert runs["sweep/a"].entries > 1
    assert runs["sweep/a"].started == pytest.approx(time.time(), abs=100)
    assert (runs[HOSTILE].first_wall, runs[HOSTILE].started) == (100.0, 100.0)
    assert all(run.mark is None for run in answer.runs)
    assert (runs["sweep/a"].tags, runs["sweep/a"].group, runs[HOSTILE].tags) == (["sweep"], "", [])


def test_values_of_tags(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("runs", tag=["loss", "nothing"]), RunList)
    loss, nothing = answer.columns
    at = {run.name: i for i, run in enumerate(answer.runs)}
    a, failed, resumed = at["sweep/a"], at["failed"], at[HOSTILE]
    assert (loss.tag, nothing.tag) == ("loss", "nothing")
    assert [loss.last[a], loss.min[a], loss.max[a]] == pytest.approx([0.02, 0.01, 0.03])
    assert (loss.last_step[a], loss.min_step[a], loss.max_step[a], loss.points[a]) == (3, 1, 0, 4)
    assert (loss.last[failed], loss.min[failed], loss.max_step[failed], loss.points[failed]) == (None, None, None, 1)
    assert (loss.last[resumed], loss.max[resumed], loss.points[resumed]) == (7.0, 7.0, 5)  # of what counts
    assert nothing.last == [None] * 4
    assert nothing.points == [0] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [HOSTILE, "failed", "sweep/a", "sweep/b"]),
        ("config.optim.lr < 1e-3", ["sweep/b"]),
        ("state == failed or name matches /^sweep.a$/", ["failed", "sweep/a"]),
        ("0 < min(loss) and min(loss) < 0.001", ["sweep/b"]),
        ("last(loss) == 7", [HOSTILE]),
        ("tags contains sweep and not steps > 3", ["sweep/a", "sweep/b"]),
        (f"name == '{HOSTILE}'", [HOSTILE]),
        ("config.nothing == 1", []),
    ],
)
def test_filters(asked: Asked, text: str, expected: list[str]) -> None:
    assert names(asked, text) == sorted(expected)


@pytest.mark.parametrize("text", ["config.lr <", "name matches /(/", "nothing(loss) > 1", "(" * 5000, "\x00"])
def test_a_filter_that_is_none_is_refused(asked: Asked, text: str) -> None:
    answer = asked.get("runs", filter=text)
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.endswith("\n")


def test_more_tags_than_a_table_has_columns_are_refused(asked: Asked) -> None:
    answer = asked.get("runs", tag=["loss"] * 101)
    assert (answer.status, "length <= 100" in answer.text) == (400, True)


def test_one_run(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("run", run=asked.id("sweep/a")), RunDetail)
    assert answer.run.name == "sweep/a"
    assert answer.config == {"optim.lr": 0.01, "layers": "[1, 2]"}
    assert answer.about["tags"] == ["sweep"]
    assert answer.about["id"]
    assert (answer.reason, answer.traceback, answer.ranks) == ("", "", {})
    kinds = {kind.kind: (kind.tags, kind.points) for kind in answer.kinds}
    assert kinds["scalars"] == (2, 8)
    assert kinds["text"][0] >= 3
    (session,) = answer.sessions
    assert (session.start, session.points, session.rank) == (None, 8, None)
    assert session.file.startswith("sweep/a/events.out.tfevents.")


def test_why_a_run_failed(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("run", run=asked.id("failed")), RunDetail)
    assert answer.run.state == "failed"
    assert "ZeroDivisionError" in answer.reason
    assert "1 / 0" in answer.traceback


def test_lives_of_a_run(asked: Asked) -> None:
    sessions = msgspec.convert(asked.json("run", run=asked.id(HOSTILE)), RunDetail).sessions
    assert (sessions[0].first_wall, sessions[0].last_wall) == (100.0, 104.0)
    assert [(one.start, one.points) for one in sessions if one.points] == [(None, 5), (3, 2)]


def test_marks_are_in_the_list(asked: Asked, logdir: Path) -> None:
    Marks(logdir).set("failed", name="Icarus", archived=True, tags=["wax"])
    Marks(logdir).set("sweep/b", group="seeds", tags=["good"])
    every = {run["name"]: run for run in asked.json("runs")["runs"]}
    assert (every["sweep/b"]["group"], every["sweep/b"]["tags"]) == ("seeds", ["sweep", "good"])
    rows = {name: run["mark"] for name, run in every.items()}
    assert rows["failed"] | {"note": ""} == {
        "name": "Icarus",
        "note": "",
        "tags": ["wax"],
        "archived": True,
        "group": "",
        "colour": "",
        "pinned": False,
    }
    assert rows["sweep/a"] is None
    assert names(asked, "archived or tags contains wax") == ["failed"]


def test_msgpack_is_the_same(asked: Asked) -> None:
    answer = asked.get("runs", MSGPACK, tag="lr")
    assert answer.headers["content-type"] == "application/msgpack"
    assert msgspec.msgpack.decode(answer.body, type=RunList) == msgspec.convert(asked.json("runs", tag="lr"), RunList)


def test_what_the_client_has_is_not_sent_again(asked: Asked, logdir: Path) -> None:
    tag = asked.get("runs").headers["etag"]
    assert asked.get("runs", {"If-None-Match": tag}).status == 304
    Marks(logdir).set("sweep/b", pinned=True)
    assert asked.get("runs", {"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("run", ["", "x", "1.5", "999", "-1", "1e3", "9" * 40])
def test_a_run_that_is_not_there(asked: Asked, run: str) -> None:
    answer = asked.get("run", run=run)
    assert answer.status in (400, 404)
    assert answer.text.count("\n") == 1


def test_values_of_the_configuration(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("runs", config=["optim.lr", "layers", "nothing"]), RunList)
    at = {run.name: i for i, run in enumerate(answer.runs)}
    rate, layers, nothing = answer.config
    assert [rate.values[at[name]] for name in ("sweep/a", "sweep/b", "failed")] == [0.01, 1e-4, None]
    assert layers.values[at["sweep/a"]] == "[1, 2]"
    assert nothing.values == [None] * 4


def test_the_keys_of_the_configurations(asked: Asked) -> None:
    found = {key["key"]: key for key in asked.json("config")["keys"]}
    assert found["optim.lr"] == {"key": "optim.lr", "runs": 2, "values": 2, "numeric": True}
    assert found["layers"] == {"key": "layers", "runs": 2, "values": 1, "numeric": False}
    assert list(found) == sorted(found)


def test_which_runs_match(asked: Asked) -> None:
    assert asked.json("matches", filter="config.optim.lr < 1e-3")["runs"] == [asked.id("sweep/b")]
    assert len(asked.json("matches")["runs"]) == 4
    assert asked.get("matches", filter="config.lr <").status == 400


def test_only_what_is_new(asked: Asked) -> None:
    revision = asked.json("runs")["revision"]
    answer = asked.json("runs", since=revision, tag=["loss"], config=["optim.lr"])
    assert [run["state"] for run in answer["runs"] if run["state"] not in ("running", "lost")] == []
    assert len(answer["columns"][0]["last"]) == len(answer["config"][0]["values"]) == len(answer["runs"])
    assert (answer["total"], len(asked.json("runs", since=0)["runs"])) == (4, 4)

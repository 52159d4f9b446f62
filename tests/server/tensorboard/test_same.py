"""What TensorBoard 2.21 answers, answered alike."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from server.client import Client
from server.tensorboard.written import HOSTILE, HOSTILE_TAG, LOST, NEW, OLD, picture

PLUGIN = "/data/plugin"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def of(run: str, tag: str, **more: Any) -> str:
    return urlencode({"run": run, "tag": tag, **more}, quote_via=quote)


def without(answer: Any, run: str) -> Any:
    return {name: tags for name, tags in answer.items() if name != run}


@pytest.mark.parametrize(
    "path",
    [
        f"{PLUGIN}/scalars/tags",
        f"{PLUGIN}/histograms/tags",
        f"{PLUGIN}/distributions/tags",
        f"{PLUGIN}/images/tags",
        f"{PLUGIN}/audio/tags",
        f"{PLUGIN}/pr_curves/tags",
    ],
)
def test_tags(ours: Client, theirs: Client, path: str) -> None:
    answer = ours.get(path)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert without(answer.json(), LOST) == theirs.get(path).json()


def test_text_tags(ours: Client, theirs: Client) -> None:
    answers = [client.get(f"{PLUGIN}/text/tags").json() for client in (ours, theirs)]
    answer, judge = ({run: sorted(tags) for run, tags in answer.items()} for answer in answers)
    assert answer == judge


@pytest.mark.parametrize(
    "path",
    [
        *(f"{PLUGIN}/scalars/scalars?{of(run, tag)}" for run, tag in [(OLD, "loss"), (NEW, "loss")]),
        f"{PLUGIN}/scalars/scalars?{of(HOSTILE, HOSTILE_TAG)}",
        f"{PLUGIN}/scalars/scalars?{of(OLD, 'loss', format='xml', experiment='e')}",
        f"{PLUGIN}/histograms/histograms?{of(NEW, 'weights')}",
        *(f"{PLUGIN}/distributions/distributions?{of(run, 'weights')}" for run in (OLD, NEW)),
        *(f"{PLUGIN}/text/text?{of(NEW, f'text {rank}')}" for rank in range(4)),
        *(f"{PLUGIN}/text/text?{of(NEW, f'text {rank}', markdown='false')}" for rank in range(4)),
        f"{PLUGIN}/text/text?{of(OLD, 'said/text_summary', markdown='true')}",
        f"{PLUGIN}/text/text?{of(NEW, 'nothing')}",
        *(f"{PLUGIN}/pr_curves/pr_curves?{of(run, 'pr')}" for run in (OLD, NEW)),
        f"{PLUGIN}/pr_curves/pr_curves?{of(NEW, 'pr')}&run={quote(OLD)}",
        "/data/runs",
        "/data/experiments",
        "/data/window_properties",
        "/data/logdir",
    ],
)
def test_data(ours: Client, theirs: Client, path: str) -> None:
    answer, judge = ours.get(path), theirs.get(path)
    assert (answer.status, judge.status) == (200, 200), answer.text
    assert answer.headers["content-type"] == judge.headers["content-type"] == "application/json"
    assert answer.json() == judge.json()


def test_csv(ours: Client, theirs: Client) -> None:
    path = f"{PLUGIN}/scalars/scalars?{of(OLD, 'loss', format='csv')}"
    answer, judge = ours.get(path), theirs.get(path)
    assert answer.body == judge.body
    assert answer.headers["content-type"] == judge.headers["content-type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("runs", [[OLD], [OLD, NEW, "nothing", OLD], ["nothing"], []])
def test_scalars_of_several_runs(ours: Client, theirs: Client, runs: list[str]) -> None:
    form = urlencode([("tag", "loss"), *(("runs", run) for run in runs)]).encode()
    answers = [client.post(f"{PLUGIN}/scalars/scalars_multirun", form, FORM) for client in (ours, theirs)]
    assert [answer.status for answer in answers] == [200, 200]
    if runs:
        assert answers[0].json() == answers[1].json()
    else:
        assert answers[0].json() == {}  # TensorBoard takes none for all


def test_a_form_of_its_own_page(ours: Client, theirs: Client) -> None:
    parts = [("tag", HOSTILE_TAG), ("runs", OLD), ("runs", HOSTILE)]
    body = (
        "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts) + "--x--\r\n"
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    path = f"{PLUGIN}/scalars/scalars_multirun"
    answers = [client.post(path, body.encode(), kind).json() for client in (ours, theirs)]
    assert answers[0] == answers[1] == {HOSTILE: [[200.25, 0, 0.0], [201.25, 1, 1.0]]}


@pytest.mark.parametrize(
    ("plugin", "one", "run", "tag"),
    [
        ("images", "individualImage", OLD, "picture"),
        ("images", "individualImage", NEW, "pictures"),
        ("audio", "individualAudio", OLD, "sound"),
        ("audio", "individualAudio", NEW, "sounds"),
    ],
)
def test_pictures_and_clips(ours: Client, theirs: Client, plugin: str, one: str, run: str, tag: str) -> None:
    for sample in range(1 if run != NEW else 4 if plugin == "images" else 2):
        path = f"{PLUGIN}/{plugin}/{plugin}?{of(run, tag, sample=sample)}"
        rows, judges = ours.get(path).json(), theirs.get(path).json()
        assert rows
        for row, judge in zip(rows, judges, strict=True):
            answer = ours.get(f"{PLUGIN}/{plugin}/{one}?{row.pop('query')}")
            expected = theirs.get(f"{PLUGIN}/{plugin}/{one}?{judge.pop('query')}")
            assert (answer.status, answer.body) == (expected.status, expected.body) == (200, expected.body)
            if (plugin, run) == ("audio", OLD):
                assert judge.pop("contentType") == "application/octet-stream"  # though it is told in the file
                assert row.pop("contentType") == answer.headers["content-type"] == "audio/wav"
            else:
                assert answer.headers["content-type"] == expected.headers["content-type"]
            assert row == judge


def test_a_picture_under_a_hostile_name(ours: Client, theirs: Client) -> None:
    """TensorBoard lists it, and does not know its own key again."""
    path = f"{PLUGIN}/images/images?{of(HOSTILE, HOSTILE_TAG + 'i')}"
    rows, judges = ours.get(path).json(), theirs.get(path).json()
    assert [theirs.get(f"{PLUGIN}/images/individualImage?{row.pop('query')}").status for row in judges] == [400, 400]
    answers = [ours.get(f"{PLUGIN}/images/individualImage?{row.pop('query')}") for row in rows]
    assert rows == judges
    assert [answer.body for answer in answers] == [picture("PNG", 1)] * 2


def test_old_histograms(ours: Client, theirs: Client) -> None:
    """TensorBoard's fast loader leaves one empty bucket before the first, whose left edge is beyond its right one."""
    path = f"{PLUGIN}/histograms/histograms?{of(OLD, 'weights')}"
    rows, judges = ours.get(path).json(), theirs.get(path).json()
    assert [row[:2] for row in rows] == [judge[:2] for judge in judges]
    for (*_, buckets), (*_, (empty, first, *others)) in zip(rows, judges, strict=True):
        assert empty[2] == 0
        assert empty[0] > empty[1]
        assert buckets == [[empty[0], *first[1:]], *others]


@pytest.mark.parametrize("sample", [4, 5, 100])
def test_no_entry_has_so_many_pictures(ours: Client, theirs: Client, sample: int) -> None:
    path = f"{PLUGIN}/images/images?{of(NEW, 'pictures', sample=sample)}"
    assert ours.get(path).json() == theirs.get(path).json() == []


@pytest.mark.parametrize(
    "path",
    [
        f"{PLUGIN}/scalars/scalars",
        f"{PLUGIN}/scalars/scalars?run=a%27b",
        f"{PLUGIN}/scalars/scalars?{of(OLD, 'nothing')}",
        f"{PLUGIN}/scalars/scalars?{of('../' + OLD, 'loss')}",
        f"{PLUGIN}/histograms/histograms?{of(OLD, 'loss')}",
        f"{PLUGIN}/distributions/distributions?{of('nothing', 'loss')}",
        f"{PLUGIN}/images/images?{of(OLD, 'no' + chr(10))}",
        f"{PLUGIN}/audio/audio?{of(OLD, 'picture')}",
        f"{PLUGIN}/pr_curves/pr_curves?{of(NEW, 'nothing')}",
    ],
)
def test_refusals(ours: Client, theirs: Client, path: str) -> None:
    answer, judge = ours.get(path), theirs.get(path)
    assert (answer.status, answer.text) == (judge.status, judge.text)
    assert answer.status in (400, 404)
    assert answer.headers["content-type"] == judge.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_form_without_a_tag(ours: Client, theirs: Client) -> None:
    path = f"{PLUGIN}/scalars/scalars_multirun"
    answers = [client.post(path, b"runs=a", FORM) for client in (ours, theirs)]
    assert (answers[0].status, answers[0].text) == (answers[1].status, answers[1].text)
    assert ours.get(path).status == theirs.get(path).status == 405


def test_plugins_listing(ours: Client, theirs: Client) -> None:
    listed, judge = (client.get("/data/plugins_listing").json() for client in (ours, theirs))
    assert all(listed[name] == judge[name] for name in listed)
    assert [name for name in judge if judge[name]["enabled"] and name not in listed] == ["timeseries"]


def test_environment(ours: Client, theirs: Client) -> None:
    environment, judge = (client.get("/data/environment").json() for client in (ours, theirs))
    del judge["debug"]
    assert environment == judge


def test_answers_are_json_for_everyone(ours: Client) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(ours.get(f"{PLUGIN}/scalars/scalars?{of(OLD, 'loss')}").body, parse_constant=refuse)

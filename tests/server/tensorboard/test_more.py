"""What is answered otherwise than by TensorBoard 2.21, and why."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from starlette.applications import Starlette
from tensorboardX import SummaryWriter

from headway.ingest.index import Index
from headway.marks import Marks
from headway.server.endpoint import routes
from headway.server.served import Served
from headway.server.tensorboard import endpoints
from server.client import Client, serving
from server.tensorboard.written import LOST, NEW, OLD, REPEATED, STEPS, Events, lost, picture, strings

PLUGIN = "/data/plugin"


def of(run: str, tag: str, **more: object) -> str:
    return urlencode({"run": run, "tag": tag, **more}, quote_via=quote)


def test_steps_that_are_logged_again(ours: Client, theirs: Client) -> None:
    path = f"{PLUGIN}/scalars/scalars?{of(REPEATED, 'again')}"
    points = ours.get(path).json()
    assert points == [[200.25 + step, step, number] for number, step in enumerate(STEPS)]
    assert theirs.get(path).json() == [points[0], points[5], points[7]]


@pytest.mark.parametrize("tag", lost(0))
def test_scalars_that_its_fast_loader_loses(ours: Client, theirs: Client, tag: str) -> None:
    path = f"{PLUGIN}/scalars/scalars?{of(LOST, tag)}"
    assert ours.get(path).json() == [[200.25 + step, step, lost(step)[tag].item()] for step in range(3)]
    assert theirs.get(path).json() == []


def test_markdown_stays_as_it_was_written(ours: Client, theirs: Client) -> None:
    path = f"{PLUGIN}/text/text?{of(OLD, 'said/text_summary')}"
    cell = "<table>\n<tbody>\n<tr>\n<td><p>line 0 {}</p></td>\n</tr>\n</tbody>\n</table>"
    assert ours.get(path).json()[0]["text"] == cell.format("&lt;i&gt;") == theirs.get(path).json()[0]["text"]


@pytest.mark.parametrize(
    "path",
    [
        f"{PLUGIN}/histograms/histograms?run={OLD}",
        f"{PLUGIN}/images/images?{of(NEW, 'pictures', sample='x')}",
        f"{PLUGIN}/audio/audio?{of(NEW, 'sounds', sample='9' * 5000)}",
        f"{PLUGIN}/audio/individualAudio",
        f"{PLUGIN}/pr_curves/pr_curves?run={quote(NEW)}",
        f"{PLUGIN}/images/individualImage?blob_key=%FF%00",
        f"{PLUGIN}/images/individualImage?blob_key=e30",
    ],
)
def test_a_bad_request_is_no_error_of_the_server(ours: Client, path: str) -> None:
    answer = ours.get(path)
    assert answer.status == 400
    assert answer.text.startswith("Invalid argument: ")
    assert "\n" not in answer.text


def test_keys_of_what_is_not_there(ours: Client) -> None:
    row = ours.get(f"{PLUGIN}/images/images?{of(NEW, 'pictures')}").json()[0]
    assert ours.get(f"{PLUGIN}/audio/individualAudio?{row['query']}").status == 404


def test_every_histogram_and_point_is_given(tmp_path: Path) -> None:
    """TensorBoard gives 51 histograms at most, whatever it is told, and a thousand points unless it is told."""
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(120):
            writer.add_histogram("h", [0.0, 1.0, step], step)
        for step in range(40_000):
            writer.add_scalar("s", step / 7, step, walltime=step)
        for step in range(20_000, 20_010):
            writer.add_scalar("t", step, step, walltime=step)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        app = Starlette(routes=routes(endpoints(Served(index, Marks(tmp_path)))))
        with serving(app) as client:
            assert [row[1] for row in client.get(f"{PLUGIN}/histograms/histograms?run=.&tag=h").json()] == [
                *range(120)
            ]
            points = client.get(f"{PLUGIN}/scalars/scalars?run=.&tag=s").json()
            assert [row[:2] for row in points] == [[step, step] for step in range(40_000)]
            lines = client.get(f"{PLUGIN}/scalars/scalars?run=.&tag=s&format=csv").text.split("\r\n")
            assert (len(lines), lines[-1], lines[2]) == (40_002, "", "1.0,1,0.1428571492433548")


def test_entries_that_a_later_life_replaced_are_left_out(tmp_path: Path) -> None:
    for purge in (None, 3):
        with SummaryWriter(str(tmp_path), purge_step=purge, filename_suffix=f".{purge}") as writer:
            for step in range(purge or 0, 5):
                writer.add_text("t", f"{purge}", step, walltime=(purge or 0) * 100 + step)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        with serving(Starlette(routes=routes(endpoints(Served(index, Marks(tmp_path)))))) as client:
            rows = client.get(f"{PLUGIN}/text/text?run=.&tag=t/text_summary&markdown=false").json()
            said = ["3" in row["text"] for row in rows]
            assert [row["step"] for row in rows] == [0, 1, 2, 3, 4]
            assert said == [False, False, False, True, True]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    with Events(tmp_path) as events:
        for step, buckets in enumerate([[[0.0, 1.0, 2.0]], [0.0, 1.0], [[0.0, 1.0, 3.0]]]):
            events.tensor("h", buckets, "histograms", step)
        events.tensor("i", strings(b"4", b"3", picture("PNG", 1)), "images", 0)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        with serving(Starlette(routes=routes(endpoints(Served(index, Marks(tmp_path)))))) as client:
            assert [row[1] for row in client.get(f"{PLUGIN}/histograms/histograms?run=.&tag=h").json()] == [0, 2]
            (row,) = client.get(f"{PLUGIN}/images/images?run=.&tag=i").json()
            (file,) = tmp_path.iterdir()
            file.unlink()
            assert client.get(f"{PLUGIN}/images/individualImage?{row['query']}").status == 404
            assert client.get(f"{PLUGIN}/images/tags").json()["."]["i"]["samples"] == 0
            assert client.get(f"{PLUGIN}/histograms/histograms?run=.&tag=h").json() == []


def test_a_form_that_never_ends(ours: Client) -> None:
    with closing(HTTPConnection(ours.host, ours.port, timeout=10)) as connection:
        connection.putrequest("POST", f"{PLUGIN}/scalars/scalars_multirun")
        connection.putheader("Content-Length", str(1 << 30))
        connection.endheaders()
        connection.send(b"x" * (5 << 20))
        assert connection.getresponse().status == 413

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from kernel import Kernel, kernel
from server.client import Client


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("notebook")
    for run in ("runs/a", "others/<b>"):
        with SummaryWriter(str(home / run)) as writer:
            writer.add_scalar("loss", 1.0, 0)
    return home


@pytest.fixture(scope="module")
def notebook(home: Path) -> Iterator[Kernel]:
    with kernel(home) as running:
        assert running.run("%load_ext headway") == running.run("pass")
        yield running


def place(html: str) -> tuple[int, str]:
    """The port and the token in an output."""
    found = re.search(r'href="http://127\.0\.0\.1:(\d+)/t/([\w-]+)/"', html)
    assert found is not None, html
    return int(found[1]), found[2]


def is_free(port: int) -> bool:
    with socket.socket() as other:
        return other.connect_ex(("127.0.0.1", port)) != 0


def test_a_log_directory_is_served_from_the_kernel(notebook: Kernel) -> None:
    cell = notebook.run("%headway view runs --height 333")
    assert (cell.failure, cell.printed) == ("", "")
    (output,) = cell.displayed
    port, token = place(output["text/html"])
    assert 'height="333"' in output["text/html"]
    assert re.fullmatch(rf"headway: runs at http://127\.0\.0\.1:{port}/\?token={token}", output["text/plain"])
    client = Client(port)
    assert client.get("/api/overview").status == 401
    answer = client.get(f"/t/{token}/api/overview")
    assert [run["name"] for run in answer.json()["runs"]] == ["a"]
    # The same directory, named otherwise, has the same server.
    (again,) = notebook.run("where = './runs/'\n%headway view {where}").displayed
    assert place(again["text/html"]) == (port, token)
    assert notebook.run("%headway stop").failure == ""
    assert is_free(port)
    assert notebook.run("%headway stop").failure == ""


def test_several_and_a_port_of_ones_own(notebook: Kernel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        wanted = free.getsockname()[1]
    (first,) = notebook.run("%headway view runs").displayed
    (second,) = notebook.run("%headway view 'others'").displayed
    ports = [place(output["text/html"])[0] for output in (first, second)]
    assert len({*ports}) == 2
    (moved,) = notebook.run(f"%headway view runs --port {wanted}").displayed
    assert place(moved["text/html"])[0] == wanted
    assert is_free(ports[0])
    notebook.run("%headway stop others")
    assert (is_free(ports[1]), is_free(wanted)) == (True, False)
    notebook.run("%unload_ext headway")
    assert is_free(wanted)
    notebook.run("%reload_ext headway")


def test_nothing_of_a_name_gets_into_the_page(notebook: Kernel) -> None:
    (output,) = notebook.run("%headway view 'others/<b>'").displayed
    assert "<b>" not in output["text/html"]
    assert "headway: others/&lt;b&gt;" in output["text/html"]
    notebook.run("%headway stop")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("%headway look", "No such command 'look'"),
        ("%headway view runs more", "unexpected extra argument"),
        ("%headway view --port x", "'x' is not a valid integer"),
        ("%headway view 'runs", "No closing quotation"),
        ("%headway view kernel.json", "is a file"),
    ],
)
def test_mistakes_are_one_line(notebook: Kernel, line: str, says: str) -> None:
    cell = notebook.run(line)
    assert cell.failure.startswith("UsageError: ") or cell.printed.startswith("UsageError: "), cell
    assert says in cell.failure + cell.printed


def test_help(notebook: Kernel) -> None:
    assert "Usage: %headway [OPTIONS] COMMAND" in notebook.run("%headway").printed
    assert "Usage: %headway view [OPTIONS] [LOGDIR]" in notebook.run("%headway view --help").printed

"""No address leads to a file that is not meant to be served, however it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route
from tensorboardX import SummaryWriter

from headway.ingest.index import Index
from headway.server.app import create_app
from headway.server.serve import Server
from server.client import Client

SECRET = "what-nobody-may-read"
TOKEN = "a-token-of-ones-own"

UP = (
    *("..", "%2e%2e", ".%2e", "%2E.", "%252e%252e", "..%00", "%00..", "..;", "...", ".. ", "..%20"),
    *("%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae", "%f0%80%80%ae", "%uff0e%uff0e"),  # overlong, and not at all
    *("%ef%bc%8e%ef%bc%8e", "%e2%80%a4%e2%80%a4"),  # dots elsewhere in Unicode
)
SLASH = ("/", "%2f", "%2F", "%5c", "\\", "%252f", "%c0%af", "%ef%bc%8f", "%e2%88%95", "//", "/./", "%00/")
STARTS = (
    *("/", "/api/", "/assets/", "/data/", "/data/plugin/", "/a/b/", "//", "/x/../"),
    *(f"/t/{TOKEN}/", f"/t/{TOKEN}/assets/", f"/a/b/t/{TOKEN}/api/"),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log directory with a secret beside it, in it, and behind a link."""
    place = tmp_path_factory.mktemp("place")
    (place / "secret.txt").write_text(SECRET)
    with SummaryWriter(str(place / "logs" / "a")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    (place / "logs" / "a" / "secret.txt").write_text(SECRET)
    (place / "logs" / "link").symlink_to(place / "secret.txt")
    return place


@pytest.fixture(scope="module")
def index(place: Path) -> Iterator[Index]:
    index = Index(place / "logs", ":memory:")
    index.refresh()
    yield index
    index.close()


@pytest.fixture(scope="module")
def client(index: Index) -> Iterator[Client]:
    with Server(index, port=0, token=TOKEN, prefix="/a/b") as server:
        yield Client(server.port)


def refuse(client: Client, path: str, status: range = range(400, 500)) -> None:
    """Whoever asks for `path` gets no file."""
    answer = client.get(path, {"Authorization": f"Bearer {TOKEN}"})
    assert SECRET not in answer.text, path
    assert "root:" not in answer.text, path
    assert answer.status in status, (path, answer.status)


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    start=st.sampled_from(STARTS),
    steps=st.lists(st.tuples(st.sampled_from(UP), st.sampled_from(SLASH)), min_size=1, max_size=12),
    end=st.sampled_from(("secret.txt", "etc/passwd", "logs/a/secret.txt", "logs/link", "py.typed", "server/app.py")),
)
def test_upwards(client: Client, start: str, steps: list[tuple[str, str]], end: str) -> None:
    refuse(client, quote(start + "".join(map("".join, steps)) + end, safe="/%;\\"))


def test_to_the_file_itself(client: Client, place: Path) -> None:
    for file in (place / "secret.txt", Path("/etc/passwd"), Path("/proc/self/environ")):
        for start in ("", "/", "/api", "/assets", "/data/", f"/t/{TOKEN}", "/%2f", "/file://", "/%5c%5c?%5c"):
            for path in (str(file), quote(str(file), safe=""), f"{file}%00.js", f"{file}/", f"{file}/."):
                refuse(client, f"{start}{path}" if start else path)


def test_what_is_asked_for_may_be_no_path(client: Client, index: Index, place: Path) -> None:
    """Every parameter of every address, with paths for values."""
    run = index.runs()[0].id
    values = ["../secret.txt", "a/secret.txt", "secret.txt", "link", "..\\secret.txt", "..%2fsecret.txt", "\0", "a\0"]
    values += ["file:///etc/passwd", "/etc/passwd", str(place / "secret.txt")]
    told = client.get("/api/openapi.json", {"Authorization": f"Bearer {TOKEN}"}).json()
    asked = 0
    for path, methods in told["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            for value in values:
                query = {"run": str(run), "tag": "loss", "kind": "scalars", "i": "0"} | {parameter["name"]: value}
                refuse(client, f"{path}?{'&'.join(f'{k}={quote(v)}' for k, v in query.items())}", range(200, 500))
                asked += 1
    assert asked > 50


def test_tensorboards_addresses_too(client: Client, index: Index) -> None:
    for route in create_app(index).routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or route.path == "/api/changes":
            continue
        for name in ("run", "tag", "sample", "blob_key", "name", "path"):
            for value in ("../secret.txt", "/etc/passwd", "a/../../secret.txt", "%00"):
                refuse(client, f"{route.path}?run=a&tag=loss&{name}={quote(value)}", range(200, 500))

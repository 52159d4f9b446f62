"""Every address that answers from the index, whatever it is asked: no error of the server, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote, urlencode

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway import SummaryWriter
from headway.marks import Marks
from headway.server.endpoint import Endpoint
from headway.server.routes import endpoints
from headway.server.served import Served
from server.asked import Asked, asking

SECRET = "what nobody may read"
HOSTILE = [
    "",
    ".",
    "..",
    "../secret",
    "../../../../../../etc/passwd",
    "..%2fsecret",
    "/etc/passwd",
    "C:\\windows\\win.ini",
    "file:///etc/passwd",
    "\x00",
    "a\r\nSet-Cookie: x=1",
    "'; drop table segment; --",
    '" or "1"="1',
    "${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "ünï\u202e\u2028",
    "(a+)+$" * 50,
    "-1",
    "1e999",
    "NaN",
    "9" * 400,
    "x" * 20_000,
]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    root = tmp_path_factory.mktemp("routes")
    (root / "secret").write_text(SECRET)
    (root / "logs").mkdir()
    with SummaryWriter(root / "logs") as writer:
        writer.add_scalar("s", 1.0, 0)
        writer.add_histogram("histograms", np.arange(9.0), 0)
        writer.add_text("text", "x", 0)
        writer.add_image("images", np.zeros((3, 4, 4), np.uint8), 0)
        writer.add_embedding(np.eye(3))
    with asking(root / "logs") as asked:
        yield asked


VALID = {"run": "1", "tag": "images", "kind": "images", "i": "0"}


def ask(asked: Asked, path: str, query: dict[str, str]) -> None:
    answer = asked.client.get(f"{path}?{urlencode(query, quote_via=quote)}")
    assert answer.status in (200, 304, 400, 404, 416, 422, 414), (path, query, answer.text)
    assert SECRET not in answer.body.decode("latin-1")
    assert "root:" not in answer.body.decode("latin-1")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["set-cookie"] is None
    if answer.status >= 400:
        assert answer.headers["content-type"].startswith("text/plain")


@pytest.fixture(scope="module")
def gets(asked: Asked) -> dict[str, Endpoint]:
    """Address → what answers there."""
    served = Served(asked.index, Marks(asked.index.logdir))
    return {one.path: one for one in endpoints(served) if one.method == "GET"}


def test_hostile_parameters(asked: Asked, gets: dict[str, Endpoint]) -> None:
    assert len(gets) > 25
    for path, one in gets.items():
        fields = [] if one.query is None else [field.encode_name for field in msgspec.structs.fields(one.query)]
        valid = {name: VALID[name] for name in fields if name in VALID}
        for name in [*fields, "unknown"]:
            for value in HOSTILE:
                ask(asked, path, valid | {name: value})


def test_below_every_address_there_is_nothing(asked: Asked, gets: dict[str, Endpoint]) -> None:
    for path in gets:
        for more in ("/", "/../secret", "/..%2f..%2fsecret", "%00", "/%2e%2e/%2e%2e/secret"):
            answer = asked.client.get(path + more)
            assert answer.status in (400, 404), path + more
            assert SECRET not in answer.body.decode("latin-1")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_query(asked: Asked, gets: dict[str, Endpoint], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(gets)))
    names = st.sampled_from([*VALID, "item", "key", "path", "q", "filter", "blob_key", "sample"])
    query = data.draw(st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]), max_size=40)))
    ask(asked, path, VALID | query)

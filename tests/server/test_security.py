from __future__ import annotations

import logging
from http.client import HTTPMessage

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from headway.ingest.index import Index
from headway.server import security
from headway.server.serve import Server
from server.client import Client, serving

TOKEN = "a-token_of_some_24-bytes"


def guarded() -> security.Guard:
    return security.Guard(PlainTextResponse("inside"), hosts=None, token=TOKEN)


def test_every_answer_has_the_headers(client: Client) -> None:
    answers = [
        client.get("/api/overview"),
        client.get("/"),
        client.get("/nothing"),
        client.post("/api/series", b"{"),
        client.get("/api/overview", {"Host": "evil.example"}),
    ]
    assert {answer.status for answer in answers} > {200, 400, 403}
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:6006", "LocalHost:1", "127.0.0.1", "127.0.0.1:65535", "[::1]", "[::1]:80"],
)
def test_this_machine_may_ask_at_any_port(client: Client, host: str) -> None:
    assert client.get("/api/overview", {"Host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example:6006",
        "evil.example:127",
        "127.0.0.1.nip.io",
        "127.0.0.2",
        "0.0.0.0:6006",
        "[::2]",
        "2130706433",
    ],
)
def test_a_foreign_host_is_refused(client: Client, host: str) -> None:
    answer = client.get("/api/overview", {"Host": host})
    assert answer.status == 403
    assert "does not answer as" in answer.text
    assert b"points" not in answer.body


@pytest.mark.parametrize("host", ["", "a@localhost", "localhost/x", "localhost:6006:1", "[localhost]", ":6006"])
def test_a_host_that_is_none_is_refused(client: Client, host: str) -> None:
    assert client.get("/api/overview", {"Host": host}).status == 400


def test_its_own_origin_may_ask(client: Client) -> None:
    own = f"http://127.0.0.1:{client.port}"
    assert client.post("/api/series", b'{"charts": []}', {"Origin": own}).status == 200
    proxied = {"Host": "localhost:5173", "Origin": "http://localhost:5173"}
    assert client.post("/api/series", b'{"charts": []}', proxied).status == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://localhost",
        "http://127.0.0.1:1",
        "file://",
        "http://127.0.0.1:{port}.a",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/overview", "/api/changes", "/api/series"])
def test_a_foreign_origin_is_refused(client: Client, path: str, origin: str) -> None:
    headers = {"Origin": origin.format(port=client.port)}
    answer = client.post(path, b'{"charts": []}', headers) if path == "/api/series" else client.get(path, headers)
    assert (answer.status, answer.text) == (403, security.FOREIGN + "\n")


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
        ("cross-site", "navigate", 200),
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("cross-site", "", 403),
    ],
)
def test_another_pages_script_tag_is_refused(client: Client, site: str, mode: str, status: int) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
    assert client.get("/api/overview", headers).status == status


def test_any_name_needs_a_token() -> None:
    with pytest.raises(ValueError, match="token"):
        security.Guard(PlainTextResponse("inside"), hosts=None, token=None)


def test_a_token_is_asked_for() -> None:
    with serving(guarded()) as client:
        for headers in [
            {},
            {"Host": "gpu01.cluster:80"},
            {"Authorization": "Bearer x"},
            {"Authorization": f"Basic {TOKEN}"},
            {"Authorization": "Bearer " + "\xfc" * 30},
            {"Cookie": f"headway-{client.port}=x"},
            {"Cookie": f"headway-1={TOKEN}"},
        ]:
            answer = client.get("/", headers)
            assert (answer.status, answer.text) == (401, security.NO_TOKEN + "\n"), headers
        assert client.get("/?token=x").status == 401
        assert client.get(f"/?token={TOKEN}x").status == 401
        assert client.post(f"/?token={TOKEN}", b"").status == 401
        bearer = {"Authorization": f"Bearer {TOKEN}", "Host": "gpu01.cluster:80"}
        assert client.get("/", bearer).text == "inside"
        assert client.get("/", bearer | {"Origin": "http://evil.example"}).status == 403


def test_the_address_with_the_token_sets_a_cookie_and_goes_on_without() -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with serving(guarded()) as client:
        answer = client.get(f"/?token={TOKEN}&lang=zh&q=%22%3E%3Cb%3E", link)
        assert (answer.status, "inside" in answer.text, TOKEN in answer.text) == (200, False, False)
        cookie = answer.headers["set-cookie"]
        assert cookie == f"headway-{client.port}={TOKEN}; HttpOnly; SameSite=strict"
        assert 'content="0;url=?lang=zh&amp;q=%22%3E%3Cb%3E"' in answer.text
        assert 'content="0;url=./"' in client.get(f"/?token={TOKEN}").text
        assert client.get("/", {"Cookie": f"a=b; {cookie.partition(';')[0]}"}).text == "inside"


class Inside:
    """Says which path it was asked for, and what the request still knows of the token."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        knows = [name for name, value in scope.items() if name != "headers" and TOKEN in repr(value)]
        await PlainTextResponse(f"{scope['method']} {scope['path']} {knows}")(scope, receive, send)


def framed(headers: HTTPMessage) -> bool:
    return "frame-ancestors" not in headers["content-security-policy"]


def test_the_token_may_stand_in_the_path() -> None:
    with serving(security.Guard(Inside(), hosts=None, token=TOKEN)) as client:
        for path, inside in {
            f"/t/{TOKEN}/": "GET / []",
            f"/t/{TOKEN}/api/overview?x=1": "GET /api/overview []",
            f"/t/{TOKEN.replace('a', '%61')}/a%20b": "GET /a b []",
            f"/t/{TOKEN}//etc/passwd": "GET //etc/passwd []",
        }.items():
            answer = client.get(path)
            assert (answer.status, answer.text, framed(answer.headers)) == (200, inside, True)
            assert "set-cookie" not in answer.headers
            assert answer.headers["referrer-policy"] == "no-referrer"
        foreign = {
            "Host": "4zx8-6006.euw.devtunnels.ms",
            "Origin": "vscode-webview://abc",
            "Sec-Fetch-Site": "cross-site",
        }
        assert client.post(f"/t/{TOKEN}/x", b"", foreign).text == "POST /x []"


@pytest.mark.parametrize(
    "path",
    [
        "/t/",
        "/t",
        "/t//",
        "/t/x/",
        f"/t/{TOKEN}x/",
        f"/t/{TOKEN[:-1]}/",
        f"/t/%00{TOKEN}/",
        "/t/%ff%fe/",
        "/t/" + "x" * 5000 + "/",
        f"/t/../t/{TOKEN}/",
        f"/T/{TOKEN}/",
        f"//t/{TOKEN}/",
        f"/x/t/{TOKEN}/",
    ],
)
def test_a_wrong_token_in_the_path_is_refused(path: str) -> None:
    with serving(security.Guard(Inside(), hosts=None, token=TOKEN)) as client:
        answer = client.get(path)
        assert (answer.status, answer.text, framed(answer.headers)) == (401, security.NO_TOKEN + "\n", False)
        # Not even beside a right cookie: whose address it is, is not known.
        if path.startswith("/t/"):
            assert client.get(path, {"Cookie": f"headway-{client.port}={TOKEN}"}).status == 401


def test_a_directory_without_its_slash_is_where_its_addresses_work() -> None:
    with serving(security.Guard(Inside(), hosts=None, token=TOKEN, prefix="/a/b")) as client:
        answer = client.get(f"/a/b/t/{TOKEN}?lang=zh")
        assert (answer.status, answer.headers["location"]) == (307, f"./{TOKEN}/?lang=zh")
        answer = client.get("/a/b", {"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status, answer.headers["location"]) == (307, "./b/")
        assert client.get("/a/b").status == 401


def test_below_a_prefix_and_without() -> None:
    with serving(security.Guard(Inside(), security.LOOPBACK_NAMES, None, prefix="/a/ü")) as client:
        for path, seen in {
            "/a/%C3%BC/": "/",
            "/a/%C3%BC/api/x": "/api/x",
            "/api/x": "/api/x",
            "/a/%C3%BC/a/%C3%BC/": "/a/ü/",
            "/t/none/": "/t/none/",
        }.items():
            answer = client.get(path, {"X-Forwarded-Prefix": "/api"})
            assert (answer.text, framed(answer.headers)) == (f"GET {seen} []", False)


def test_nothing_of_the_token_is_logged(index: Index, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(index, port=0, token=TOKEN) as server:
        client = Client(server.port)
        assert client.get(f"/t/{TOKEN}/api/overview").status == 200
        assert client.get(f"/t/{TOKEN}/nothing").status == 404
        assert client.get(f"/?token={TOKEN}").status == 200
        assert client.post(f"/t/{TOKEN}/api/series", b"{").status == 400
    assert TOKEN not in caplog.text


def test_an_answers_own_policy_holds_too() -> None:
    stricter = PlainTextResponse("bytes", headers={"Content-Security-Policy": "sandbox"})
    with serving(security.Guard(stricter, hosts=None, token=TOKEN)) as client:
        policy = client.get(f"/t/{TOKEN}/").headers["content-security-policy"]
        assert policy == f"sandbox, {security.POLICY}"

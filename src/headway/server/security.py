"""Who may ask: Host and Origin of every request, the token beyond localhost, the headers of every answer.

A page from elsewhere that someone has open must not be able to read training runs through their browser. Such
a page comes with its own Origin, or reaches this server under its own name (DNS rebinding), which Host tells.

A token may also stand in the path, `/t/<token>/…`: in frames of other sites (notebooks, editors) browsers keep no
cookies. Whoever asks so knows the token, which no foreign page does, and could as well ask without a browser. So Host
and Origin tell nothing more, and proxies that change one of them do no harm. Nor does it matter who puts such a page
into a frame: that gives nothing beyond the token. `frame-ancestors *` would not do: `*` means http and https, and an
editor's window is neither. Relative addresses carry the token on to all that the page asks for, and `Referrer-Policy:
no-referrer` keeps it from everybody else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from html import escape
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headway.server.address import below, taken_apart, with_slash

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

CSP = "Content-Security-Policy"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    CSP: f"{POLICY}; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
DOCUMENT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
"""Of HTML that somebody logged: it has styles, and pictures in itself; it runs nothing, fetches nothing, and has an
origin of its own, so that it can neither ask this server nor see the page around it.
"""
FRAMED_HEADERS = HEADERS | {CSP: POLICY}
"""Of answers to requests with the token in the path: any page may frame them."""

NOT_KEPT = {"Cache-Control": "no-store"}

FOREIGN = "This server answers its own page only, not pages from elsewhere."
NO_TOKEN = "This server asks for its token: open the address that it printed when it started, …/?token=…"

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(:\d{1,5})?", re.ASCII)


class Guard:
    """ASGI middleware that refuses foreign requests and adds `HEADERS` to every answer.

    `hosts`: the names under which the server may be asked, without port, an IPv6 address in brackets; None
    for any, which needs a token. `token`: asked of every request, as a cookie or `Authorization: Bearer`, or
    in the path, or once as `?token=…`, which sets the cookie; None for no token. `prefix`: of the path, as
    `prefix_of` gives it. The application inside sees the path without prefix and token.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None, token: str | None, prefix: str = "") -> None:
        if hosts is None and not token:
            raise ValueError("a server that answers to any name needs a token")
        self.app = app
        self.hosts = None if hosts is None else {host.lower() for host in hosts}
        self.token = token
        self.prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request here, or let the application do it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given, path = None, below(scope["path"], self.prefix)
        if self.token is not None:
            given, path = taken_apart(path)
        answer: ASGIApp = self.app
        headers = HEADERS if given is None else FRAMED_HEADERS
        if refusal := self._refuse(Request(scope), given):
            answer, headers = refusal, HEADERS
        elif not path:
            query = scope["query_string"].decode("latin-1")
            answer = RedirectResponse(with_slash(scope["path"], query), headers=NOT_KEPT)
        inside = {name: value for name, value in scope.items() if name != "raw_path"} | {"path": path}
        await answer(inside, receive, _with_headers(send, headers))

    def _refuse(self, request: Request, given: str | None) -> Response | None:
        """None for a request that is fine; `given`: the token in its path."""
        if given is None:
            return self._refuse_foreign(request) or self._ask_for_token(request)
        return None if self._is_token(given) else _refusal(401, NO_TOKEN)

    def _refuse_foreign(self, request: Request) -> Response | None:
        headers = request.headers
        host = headers.get("host", "").lower()
        match = _HOST.fullmatch(host)
        if match is None or len(headers.getlist("host")) != 1:
            return _refusal(400, "A request has to name its host, once.")
        if self.hosts is not None and match["name"] not in self.hosts:
            names = ", ".join(sorted(self.hosts))
            return _refusal(403, f"This server does not answer as {match['name']}, only as {names}.")
        own = (f"http://{host}", f"https://{host}")
        if any(origin.lower() not in own for origin in headers.getlist("origin")):
            return _refusal(403, FOREIGN)
        # An <img> or <script> of another page carries no Origin, but this. Following a link is fine.
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode")
        if site not in ("same-origin", "none") and mode != "navigate":
            return _refusal(403, FOREIGN)
        return None

    def _ask_for_token(self, request: Request) -> Response | None:
        """None when the request has the token or needs none, else what to answer."""
        if self.token is None:
            return None
        # Cookies know no ports: two servers on one machine must not overwrite each other's.
        cookie = f"headway-{request.scope['server'][1]}"
        bearer = re.fullmatch(r"bearer +(\S+)", request.headers.get("authorization", ""), re.IGNORECASE)
        if self._is_token(request.cookies.get(cookie)) or (bearer and self._is_token(bearer[1])):
            return None
        if request.method == "GET" and self._is_token(request.query_params.get("token")):
            return _welcome(request, cookie, self.token)
        return _refusal(401, NO_TOKEN)

    def _is_token(self, text: str | None) -> bool:
        if text is None or self.token is None:
            return False
        return secrets.compare_digest(text.encode("utf-8", "replace"), self.token.encode())


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered = MutableHeaders(scope=message)
            stricter = answered.get(CSP)
            answered.update(headers)
            if stricter == DOCUMENT:
                answered[CSP] = f"{stricter}{headers[CSP].removeprefix(POLICY)}"
            elif stricter:  # of two policies, both hold
                answered[CSP] = f"{stricter}, {headers[CSP]}"
        await send(message)

    return send_with_headers


def _welcome(request: Request, cookie: str, token: str) -> Response:
    """Keep the token as a cookie and go on to the same address without it.

    Not by a redirect: when the link was followed from another site, the browser would hold a SameSite=Strict
    cookie back from it. The address is relative, so that a path prefix stays.
    """
    query = urlencode([item for item in request.query_params.multi_items() if item[0] != "token"])
    refresh = escape(f"0;url={f'?{query}' if query else './'}")
    response = HTMLResponse(
        '<!doctype html><title>headway</title><link rel="icon" href="data:,">'
        f'<meta http-equiv="refresh" content="{refresh}">',
        headers=NOT_KEPT,
    )
    response.set_cookie(cookie, token, path=None, httponly=True, samesite="strict")
    return response


def _refusal(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=NOT_KEPT)

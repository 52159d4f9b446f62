"""What may stand in an address before the page's own part: the path prefix, and the token.

All that the page and the answers say is relative, so nothing here has to be told to them.
"""

from __future__ import annotations

import re
import secrets
from urllib.parse import quote, unquote

from headway.errors import HeadwayError

ANY_TOKEN = "auto"
"""As a wish: any token, a random one."""

OWN_ADDRESSES = frozenset({"api", "assets", "data", "t"})
"""First parts of addresses below the prefix: a prefix that began so could not be told from them."""

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{8,}")
_BEFORE_TOKEN = "/t/"


def token_of(wish: str) -> str:
    """The token to ask for: `wish`, or a random one for `ANY_TOKEN`. HeadwayError when it cannot be one."""
    if wish == ANY_TOKEN:
        return secrets.token_urlsafe(18)
    if not _TOKEN.fullmatch(wish):
        raise HeadwayError(
            "the token stands in addresses: it has to be letters, digits and - . _ ~, at least 8 of them"
            f" ({ANY_TOKEN!r} makes one)"
        )
    return wish


def token_path(token: str) -> str:
    """Where the page is for who has no cookies, relative to its root."""
    return f"{_BEFORE_TOKEN[1:]}{token}/"


def prefix_of(text: str) -> str:
    """A prefix as the server wants it, `/some/path`; "" for none. HeadwayError when it cannot be one."""
    prefix = unquote(text).rstrip("/")
    parts = prefix.split("/")[1:]
    if prefix and not prefix.startswith("/"):
        raise HeadwayError(f"the prefix {text!r} has to begin with /")
    if any(part in ("", ".", "..") for part in parts) or not all(c.isprintable() and c not in "?#\\" for c in prefix):
        raise HeadwayError(f"the prefix {text!r} is no path")
    if parts and parts[0] in OWN_ADDRESSES:
        raise HeadwayError(f"the prefix {text!r} cannot be told from the page's own addresses; choose another")
    return prefix


def below(path: str, prefix: str) -> str:
    """The part of `path` below `prefix`, which some proxies take off and others leave; "" at the prefix itself."""
    return path[len(prefix) :] if path == prefix or path.startswith(f"{prefix}/") else path


def taken_apart(path: str) -> tuple[str | None, str]:
    """The token in `/t/<token>/rest`, or None, and `/rest`; that is "" when nothing ends the token."""
    if not path.startswith(_BEFORE_TOKEN):
        return None, path
    token, slash, rest = path.removeprefix(_BEFORE_TOKEN).partition("/")
    return token, slash + rest


def with_slash(path: str, query: str) -> str:
    """Where a directory that was asked for without its slash is, relative to that: addresses in it need the slash."""
    return f"./{quote(path.rpartition('/')[2])}/{f'?{query}' if query else ''}"

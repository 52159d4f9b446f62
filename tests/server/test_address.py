from __future__ import annotations

import pytest

from headway.errors import HeadwayError
from headway.server.address import ANY_TOKEN, below, prefix_of, taken_apart, token_of, token_path, with_slash


def test_a_token_is_random_or_ones_own() -> None:
    assert token_of("my-own.token_~1") == "my-own.token_~1"
    assert len({token_of(ANY_TOKEN) for _ in range(10)}) == 10
    assert len(token_of(ANY_TOKEN)) == 24
    assert taken_apart("/" + token_path(token_of(ANY_TOKEN)))[1] == "/"


@pytest.mark.parametrize("token", ["", "short", "with space", "with/slash", "ümlaute-hier", "question?", "new\nline"])
def test_what_cannot_stand_in_an_address_is_no_token_and_is_not_repeated(token: str) -> None:
    with pytest.raises(HeadwayError, match="at least 8") as caught:
        token_of(token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "prefix"),
    [
        ("", ""),
        ("/", ""),
        ("/a", "/a"),
        ("/a/b/", "/a/b"),
        ("/user/j%C3%BC x/", "/user/jü x"),
        ("/apis", "/apis"),
    ],
)
def test_a_prefix(given: str, prefix: str) -> None:
    assert prefix_of(given) == prefix


@pytest.mark.parametrize(
    "given", ["a", "http://a/b", "/a//b", "//a", "/../a", "/a/%2e%2e", "/a?b", "/a#b", "/a\\b", "/a%00", "/a\n"]
)
def test_no_prefix(given: str) -> None:
    with pytest.raises(HeadwayError, match="prefix"):
        prefix_of(given)


@pytest.mark.parametrize("given", ["/api", "/t/x", "/assets", "/data/x", "/%61pi"])
def test_a_prefix_is_told_from_the_pages_own_addresses(given: str) -> None:
    with pytest.raises(HeadwayError, match="choose another"):
        prefix_of(given)


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/a/b/api/x", "/api/x"),
        ("/api/x", "/api/x"),
        ("/a/b/", "/"),
        ("/a/b", ""),
        ("/a/bc/", "/a/bc/"),
        ("/a/b/a/b/", "/a/b/"),
        ("/", "/"),
    ],
)
def test_below_a_prefix(path: str, rest: str) -> None:
    assert below(path, "/a/b") == rest
    assert below(path, "") == path


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/t/abc/", ("abc", "/")),
        ("/t/abc/api/x", ("abc", "/api/x")),
        ("/t/abc", ("abc", "")),
        ("/t/", ("", "")),
        ("/t//x", ("", "/x")),
        ("/t", (None, "/t")),
        ("/tabc/", (None, "/tabc/")),
        ("//t/abc/", (None, "//t/abc/")),
    ],
)
def test_the_token_in_a_path(path: str, parts: tuple[str | None, str]) -> None:
    assert taken_apart(path) == parts


def test_a_directory_without_its_slash() -> None:
    assert with_slash("/a/b", "") == "./b/"
    assert with_slash("/a/javascript:x y", "lang=zh") == "./javascript%3Ax%20y/?lang=zh"

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboardX.summary import text as tensorboardx_text
from torch.utils.tensorboard.summary import text as torch_text

import headway
from headway.query.kinds import Text, decode, plain
from headway.record.kinds.text import text_value
from query.kinds.samples import value


def read(content: bytes) -> Text:
    found = decode("text", content)
    assert isinstance(found, Text)
    return found


@given(st.text())
def test_what_headway_writes_comes_back(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    for content in (text_value("t", text), headway.Text(text).encode("t")[0]):
        found = read(content)
        assert (found.text, found.html) == (clean, False)


@pytest.mark.parametrize("writer", [tensorboardx_text, torch_text])
def test_the_texts_of_others(writer: Any) -> None:
    found = read(writer("t", "héllo\n*world*").value[0].SerializeToString())
    assert found.strings.tolist() == ["héllo\n*world*"]


@pytest.mark.parametrize("shape", [(), (4,), (2, 2), (1, 2, 2)])
def test_any_rank(shape: tuple[int, ...]) -> None:
    words = np.array([b"a", b"b", b"c", b"d"][: int(np.prod(shape, dtype=int))], object).reshape(shape)
    found = read(value("text", words))
    assert found.strings.shape == shape
    assert "".join(found.strings.ravel().tolist()) == "abcd"[: words.size]


def test_bytes_that_are_no_utf8() -> None:
    assert read(value("text", np.array([b"a\xffb"], object))).text == "a\ufffdb"


def test_html_is_told_apart() -> None:
    found = read(headway.Html("<b>hi</b>").encode("t")[0])
    assert (found.text, found.html) == ("<b>hi</b>", True)


def test_numbers_are_no_text() -> None:
    with pytest.raises(ValueError, match="text at 'a tag': a tensor of strings is expected, not of float64"):
        read(value("text", np.zeros(2)))
    with pytest.raises(ValueError, match="text at 'a tag': it holds no tensor"):
        read(value("text"))


def test_plain() -> None:
    assert plain(read(value("text", np.array([[b"a"], [b"b"]], object)))) == {
        "kind": "text",
        "shape": [2, 1],
        "strings": ["a", "b"],
        "html": False,
    }

from __future__ import annotations

from pathlib import Path

import pytest
import tensorboardX.summary
import torch.utils.tensorboard.summary
from hypothesis import given
from hypothesis import strategies as st

from headway.record.kinds.text import check_text, text_value
from record.kinds.peers import ours, theirs
from record.kinds.shown import tensors

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=150)


@given(TEXT, TEXT)
def test_equal_to_the_peers(tag: str, text: str) -> None:
    [value] = ours([text_value(tag, text)])
    assert [value] == theirs(tensorboardX.summary.text(tag, text))
    assert [value] == theirs(torch.utils.tensorboard.summary.text(tag, text))


def test_tensorboard_shows_it(tmp_path: Path) -> None:
    assert tensors(tmp_path, [text_value("dummy", "text 123 é")]) == {"dummy/text_summary": ["text 123 é".encode()]}


def test_a_lone_surrogate_does_not_lose_the_text() -> None:
    assert ours([text_value("t", "a\ud800b")])[0].tensor.string_val == [b"a?b"]


def test_only_texts() -> None:
    check_text("t", "")
    with pytest.raises(TypeError, match="'notes': a text must be a str, not int"):
        check_text("notes", 3)

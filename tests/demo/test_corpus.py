from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import headway
from headway.demo import corpus


def test_the_standard_library_is_there_and_read_at_once() -> None:
    began = time.perf_counter()
    text = corpus.load()
    assert time.perf_counter() - began < 2
    assert 1_000_000 < len(text.train) < 20_000_000
    assert 50_000 < len(text.validation) < len(text.train) / 4
    assert b"def __init__(self" in text.train.tobytes()


def test_every_tenth_file_is_kept_for_validation(tmp_path: Path) -> None:
    for i in range(25):
        (tmp_path / f"m{i:02}.py").write_text(f"<{i:02}>")
    (tmp_path / "notes.txt").write_text("no source")
    text = corpus.load(tmp_path)
    assert text.validation.tobytes() == b"<09>\n<19>"
    assert text.train.tobytes() == b"\n".join(b"<%02d>" % i for i in range(25) if i not in (9, 19))


def test_too_little_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("pass")
    with pytest.raises(headway.HeadwayError, match="no Python source") as error:
        corpus.load(tmp_path)
    assert str(tmp_path) in str(error.value)


def test_targets_are_the_bytes_after_the_inputs() -> None:
    text = np.arange(40, dtype=np.uint8)
    inputs, targets = corpus.draw(text, np.random.default_rng(0), batch=500, context=8)
    assert inputs.shape == targets.shape == (500, 8)
    np.testing.assert_array_equal(targets, inputs + 1)
    assert set(inputs[:, 0]) == set(range(32))  # every place there is, the last one too

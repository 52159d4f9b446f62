from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tensorboardX
import torch.utils.tensorboard

from headway.query.kinds.projector import (
    Embedding,
    Labels,
    Sprite,
    labels_of_tsv,
    points_of_bytes,
    points_of_tsv,
    projector_config,
)
from headway.record.kinds import projector as encoder

MATRIX = np.random.default_rng(8).normal(size=(4, 3)).astype(np.float32)


def test_what_headway_writes_comes_back(tmp_path: Path) -> None:
    images = np.zeros((4, 3, 5, 5), np.uint8)
    encoder.write_embedding(tmp_path, MATRIX, ["a", "b\tc", "", "猫"], images, step=7, tag="words/en")
    encoder.write_embedding(tmp_path, MATRIX, [["1", "x"]] * 4, step=8, tag="words", header=["n", "letter"])
    found = projector_config((tmp_path / "projector_config.pbtxt").read_bytes())
    folder = "00007/words%2fen"
    sprite = Sprite(f"{folder}/sprite.png", 5, 5)
    first = Embedding("words/en:00007", f"{folder}/tensors.tsv", f"{folder}/metadata.tsv", "", (), sprite)
    assert found.embeddings[0] == first
    assert found.embeddings[1].sprite is None
    np.testing.assert_array_equal(points_of_tsv((tmp_path / first.tensor_path).read_bytes()), MATRIX)
    labels = labels_of_tsv((tmp_path / first.metadata_path).read_bytes())
    assert labels == Labels((), (("a",), ("b c",), ("\u200b",), ("猫",)))
    labels = labels_of_tsv((tmp_path / found.embeddings[1].metadata_path).read_bytes())
    assert labels == Labels(("n", "letter"), (("1", "x"),) * 4)


@pytest.mark.parametrize("writer", [tensorboardX.SummaryWriter, torch.utils.tensorboard.SummaryWriter])
def test_the_files_of_others(tmp_path: Path, writer: type) -> None:
    with writer(str(tmp_path)) as made:
        made.add_embedding(MATRIX, ["a", "b", "c", "d"], torch.zeros(4, 3, 5, 5), global_step=3, tag="e")
    [found] = projector_config((tmp_path / "projector_config.pbtxt").read_bytes()).embeddings
    assert found.name == "e:00003"
    assert found.sprite is not None
    assert (found.sprite.width, found.sprite.height) == (5, 5)
    np.testing.assert_allclose(points_of_tsv((tmp_path / found.tensor_path).read_bytes()), MATRIX)
    assert labels_of_tsv((tmp_path / found.metadata_path).read_bytes()).rows == (("a",), ("b",), ("c",), ("d",))


def test_raw_tensors_have_the_shape_that_is_told() -> None:
    text = (
        b'embeddings { tensor_path: "t.bytes" tensor_shape: 4 tensor_shape: 3 } model_checkpoint_path: "model.ckpt"'
    )
    config = projector_config(text)
    assert config.checkpoint == "model.ckpt"
    np.testing.assert_array_equal(points_of_bytes(MATRIX.tobytes(), config.embeddings[0].shape), MATRIX)
    for shape in ((4, 4), (12,), (1 << 40, 3), (-4, -3)):
        with pytest.raises(ValueError, match="an embedding"):
            points_of_bytes(MATRIX.tobytes(), shape)
    with pytest.raises(ValueError, match="tensor_shape is not 'wide'"):
        projector_config(b"embeddings { tensor_shape: wide }")


def test_tsv_with_blank_lines_and_what_is_not_finite() -> None:
    found = points_of_tsv(b"1\t2\r\n\n nan\t-inf\n1e300\t5\n")
    np.testing.assert_array_equal(found, np.array([[1, 2], [np.nan, -np.inf], [np.inf, 5]], np.float32))
    assert points_of_tsv(b"").shape == (0, 0)


@pytest.mark.parametrize(
    ("file", "complaint"),
    [(b"1\t2\n\n1\n", "line 3 has 1 numbers, the first one has 2"), (b"1\t2\n1\tx\n", "line 2 has something")],
)
def test_a_wrong_line_is_told(file: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        points_of_tsv(file)


def test_labels_that_are_ragged_or_no_utf8() -> None:
    assert labels_of_tsv(b"a\tb\r\n1\n1\t\xff\t3\n") == Labels(("a", "b"), (("1",), ("1", "\ufffd", "3")))
    assert labels_of_tsv(b"") == Labels((), ())

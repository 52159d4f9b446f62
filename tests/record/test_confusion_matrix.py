from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import headway
from headway.query.kinds import ConfusionMatrix, Text, decode, plain
from record.kinds.shown import html, tensors


def read(matrix: headway.ConfusionMatrix) -> ConfusionMatrix:
    [value] = matrix.encode("confusion")
    found = decode("text", value)
    assert isinstance(found, ConfusionMatrix)
    return found


@pytest.mark.parametrize(
    "matrix",
    [[[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]], np.float32), torch.tensor([[1, 2], [3, 4]])],
)
def test_it_comes_back(matrix: Any) -> None:
    found = read(headway.ConfusionMatrix(matrix, ["cat", "dog|"]))
    assert found.labels == ("cat", "dog|")
    assert found.counts.tolist() == [[1, 2], [3, 4]]
    assert plain(found) == {"kind": "confusion_matrix", "labels": ["cat", "dog|"], "counts": [[1, 2], [3, 4]]}


def test_weights_and_classes_without_names() -> None:
    found = read(headway.ConfusionMatrix([[0.1, 2**60], [0, 1e-300]]))
    assert found.labels == ("0", "1")
    assert found.counts.tolist() == [[0.1, 2.0**60], [0, 1e-300]]


def test_tensorboard_draws_a_table(tmp_path: Path) -> None:
    found = tensors(tmp_path, headway.ConfusionMatrix([[1, 2], [3, 4]], ["cat", "dog"]).encode("confusion"))
    assert found["confusion"].tolist()[1] == [b"cat", b"1", b"2"]
    drawn = html(found["confusion"])
    assert drawn.count("<td>") + drawn.count("<th>") == 9
    assert "<p>dog</p>" in drawn


def counted(actual: Any, predicted: Any, labels: Any) -> list[list[int]]:
    """The brute-force truth."""
    pairs = list(zip(actual, predicted, strict=True))
    return [[pairs.count((one, other)) for other in labels] for one in labels]


def test_samples_are_counted() -> None:
    rng = np.random.default_rng(0)
    actual, predicted = rng.integers(0, 5, (2, 1000))
    found = read(headway.ConfusionMatrix.of(actual, torch.tensor(predicted)))
    assert found.counts.tolist() == counted(actual.tolist(), predicted.tolist(), range(5))
    names = np.array(["a", "b", "c", "d", "e"])
    by_name = read(headway.ConfusionMatrix.of(names[actual].tolist(), names[predicted].tolist(), "ebdca"))
    expected = counted(names[actual], names[predicted], "ebdca")
    assert (by_name.labels, by_name.counts.tolist()) == (tuple("ebdca"), expected)
    numbered = read(headway.ConfusionMatrix.of([0, 2], [2, 2], ["x", "y", "z"]))
    assert (numbered.labels, numbered.counts.tolist()) == (("x", "y", "z"), [[0, 0, 1], [0, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("matrix", "labels", "error"),
    [
        ([[1, 2]], None, headway.ShapeError),
        ([], None, headway.ShapeError),
        ([[1]], ["a", "b"], headway.ShapeError),
        ([[1, 2], [3, 4]], ["a", "a"], ValueError),
        ([[-1]], None, ValueError),
        ([[float("nan")]], None, ValueError),
        ([[1j]], None, TypeError),
    ],
)
def test_what_is_none_is_refused(matrix: Any, labels: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        headway.ConfusionMatrix(matrix, labels)


def test_samples_that_cannot_be_counted_are_refused() -> None:
    with pytest.raises(headway.ShapeError):
        headway.ConfusionMatrix.of([1, 2], [1])
    with pytest.raises(ValueError, match="class 7 is none of the 2 labels"):
        headway.ConfusionMatrix.of([0, 7], [0, 1], ["a", "b"])
    with pytest.raises(headway.ShapeError):
        headway.ConfusionMatrix.of([], [])


def test_it_is_kept_as_it_was() -> None:
    counts = np.ones((2, 2))
    matrix = headway.ConfusionMatrix(counts)
    counts[:] = 9
    assert read(matrix).counts.tolist() == [[1, 1], [1, 1]]
    assert matrix.nbytes >= 32


@pytest.mark.parametrize(("old", "new"), [(b"\x01a", b"\x01b"), (b"\x011", b"\x01x")])
def test_a_table_that_says_it_is_a_matrix_and_is_none_is_a_text(old: bytes, new: bytes) -> None:
    [value] = headway.ConfusionMatrix([[1]], ["a"]).encode("t")
    assert old in value
    assert isinstance(decode("text", value.replace(old, new, 1)), Text)

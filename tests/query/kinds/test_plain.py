from __future__ import annotations

import math

import numpy as np
import pytest

from headway.query.kinds import Raw, Tensor, plain
from headway.query.kinds.plain import MOST, finite


@pytest.mark.parametrize(
    ("number", "told"), [(1.5, 1.5), (math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")]
)
def test_what_is_not_finite_has_a_name(number: float, told: float | str) -> None:
    assert finite(number) == told
    assert plain(Tensor(np.array(number), "float64"))["values"] == [told]


def test_a_tensor_is_told_with_its_first_elements() -> None:
    told = plain(Tensor(np.arange(2 * MOST).reshape(2, -1), "int64"))
    assert told["values"] == [*range(MOST)]
    assert (told["shape"], told["elements"], told["dtype"]) == ([2, MOST], 2 * MOST, "int64")


def test_elements_of_every_sort() -> None:
    strings = np.array([b"a", b"\xff"], object)
    assert plain(Tensor(strings, "string"))["values"] == ["a", "\\xff"]
    assert plain(Tensor(np.array([1 + 2j, complex("nanj")]), "complex64"))["values"] == [[1.0, 2.0], [0.0, "NaN"]]
    assert plain(Tensor(np.array([True]), "bool"))["values"] == [True]
    assert plain(Tensor(np.array([2**64 - 1], np.uint64), "uint64"))["values"] == [2**64 - 1]


def test_raw_values_tell_how_much_there_is() -> None:
    assert plain(Raw("theirs", b"a\xff", None, b"123")) == {
        "kind": "raw",
        "plugin": "theirs",
        "metadata": {"text": "a\\xff", "bytes": 2},
        "tensor": None,
        "bytes": 3,
    }
    told = plain(Raw("theirs", b"", Tensor(np.zeros(1), "float64"), b""))
    assert told["tensor"] == {"dtype": "float64", "shape": [1], "elements": 1, "values": [0.0]}

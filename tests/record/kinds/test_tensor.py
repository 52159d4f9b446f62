from __future__ import annotations

from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tensorboard.util.tensor_util import make_ndarray
from torch.utils.tensorboard.summary import tensor_proto

from headway.record.arrays import as_array
from headway.record.kinds.tensor import LARGEST, check_tensor, tensor_of, tensor_value
from record.kinds.peers import ours, theirs
from record.kinds.shown import tensors

SHAPES = [(), (1,), (3,), (2, 3), (1, 1), (0,), (2, 0, 3)]
TYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1", "c8", "c16"]


def read(value: bytes) -> NDArray[Any]:
    [parsed] = ours([value])
    assert parsed.metadata.plugin_data.plugin_name == "tensor"
    array: NDArray[Any] = make_ndarray(parsed.tensor)
    return array


def some(dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """Numbers of both signs and all sizes, with the extremes of the type."""
    kind = np.dtype(dtype)
    values = np.frombuffer(np.random.default_rng(5).bytes(1000), dtype=np.int8).astype(np.float64)
    values = np.resize(values * 1.37, int(np.prod(shape)))
    if kind.kind == "c":
        return (values + 1j * values[::-1]).astype(kind).reshape(shape)
    if kind.kind == "b":
        return (values > 0).reshape(shape)
    array = values.astype(np.int64).astype(kind) if kind.kind in "iu" else values.astype(kind)
    if array.size and kind.kind in "iu":
        array[0], array[-1] = np.iinfo(kind).max, np.iinfo(kind).min
    return array.reshape(shape)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", TYPES)
def test_tensorboard_reads_back_what_was_logged(dtype: str, shape: tuple[int, ...]) -> None:
    array = some(dtype, shape)
    if dtype in ("u4", "u8") and not array.size:
        return  # TensorBoard reads no empty tensor of these types
    found = read(tensor_value("t", array))
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", ["f4", "f8", "i1", "i2", "i4", "i8", "b1", "c8", "c16"])
def test_equal_to_torch(dtype: str, shape: tuple[int, ...]) -> None:
    array = some(dtype, shape)
    assert ours([tensor_value("a/b", array)]) == theirs(tensor_proto("a/b", torch.from_numpy(array)))


HALVES = [1.0, -2.5, 1e-5, 65000.0, float("inf"), 0.1]


def test_half_precision_is_exact() -> None:
    given = torch.tensor(HALVES, dtype=torch.float16)
    [torch_s] = theirs(tensor_proto("t", given))
    [value] = ours([tensor_value("t", given.numpy())])
    assert (value.tensor.dtype, value.tensor.tensor_shape) == (torch_s.tensor.dtype, torch_s.tensor.tensor_shape)
    assert make_ndarray(value.tensor).tolist() == given.tolist()
    with pytest.raises(OverflowError):  # theirs has the bits of float32 there
        make_ndarray(torch_s.tensor)


def test_bfloat16_is_exact_as_float32_or_as_itself() -> None:
    given = torch.tensor(HALVES, dtype=torch.bfloat16)
    array = as_array(given, "t")
    assert read(tensor_value("t", array)).tolist() == given.tolist()
    [value] = ours([tensor_value("t", array, bfloat16=True)])
    [torch_s] = theirs(tensor_proto("t", given))
    assert (value.tensor.dtype, value.tensor.tensor_shape) == (torch_s.tensor.dtype, torch_s.tensor.tensor_shape)
    bits = np.array(value.tensor.half_val, dtype=np.uint16)
    assert bits.view(ml_dtypes.bfloat16).astype(float).tolist() == given.tolist()


def test_torch_s_bytes_are_lost_and_ours_are_not() -> None:
    given = torch.tensor([1, 200], dtype=torch.uint8)
    with pytest.raises(ValueError, match="reshape"):
        make_ndarray(theirs(tensor_proto("t", given))[0].tensor)
    assert read(tensor_value("t", given.numpy())).tolist() == [1, 200]


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=2, max_size=50))
def test_integers_of_every_length(numbers: list[int]) -> None:
    assert read(tensor_value("t", np.array(numbers, dtype=np.int64))).tolist() == numbers


def test_many_integers() -> None:
    array = np.arange(-100_000, 100_000)
    assert (read(tensor_value("t", array)) == array).all()


def test_any_order_of_memory_and_bytes() -> None:
    array = np.arange(12, dtype=">f4").reshape(3, 4)
    assert read(tensor_value("t", array.T)).tolist() == array.T.tolist()
    assert read(tensor_value("t", array.astype(">f2")[::-1])).tolist() == array[::-1].tolist()


def test_tensorboard_s_loader(tmp_path: Path) -> None:
    array = some("f8", (4, 5))
    assert tensors(tmp_path, [tensor_value("w", array)])["w"].tolist() == array.tolist()


def test_what_is_no_tensor() -> None:
    with pytest.raises(TypeError, match="datetime64"):
        tensor_of(np.array(["2026-01-01"], dtype="datetime64[D]"))
    check_tensor("t", LARGEST)
    with pytest.raises(ValueError, match=r"'w': a tensor of 2,147,483,648 bytes"):
        check_tensor("w", 1 << 31)

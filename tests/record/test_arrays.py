from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np
import pytest
import torch

from headway.errors import ShapeError
from headway.record.arrays import as_array, snapshot


class OnlyArray:
    """What MLX and others offer."""

    def __init__(self, array: Any) -> None:
        self.kept = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.array(self.kept, dtype=dtype)


class OnlyDlpack:
    def __init__(self, array: Any) -> None:
        self.kept = array

    def __dlpack__(self, **keywords: Any) -> Any:
        return self.kept.__dlpack__(**keywords)

    def __dlpack_device__(self) -> Any:
        return self.kept.__dlpack_device__()


BASE = np.arange(6, dtype=np.float32).reshape(2, 3)
FORMS: dict[str, Callable[[], Any]] = {
    "numpy": lambda: BASE,
    "transposed": lambda: np.asfortranarray(BASE),
    "list": lambda: BASE.tolist(),
    "list of arrays": lambda: list(BASE),
    "list of tensors": lambda: list(torch.from_numpy(BASE)),
    "torch": lambda: torch.from_numpy(BASE),
    "torch, gradient": lambda: torch.tensor(BASE, requires_grad=True),
    "torch, view": lambda: torch.from_numpy(BASE.T.copy()).T,
    "torch, sparse": lambda: torch.from_numpy(BASE).to_sparse(),
    "torch, bfloat16": lambda: torch.from_numpy(BASE).to(torch.bfloat16),
    "torch, float8": lambda: torch.from_numpy(BASE).to(torch.float8_e4m3fn),
    "torch, double": lambda: torch.from_numpy(BASE).double(),
    "torch, quantized": lambda: torch.quantize_per_tensor(torch.from_numpy(BASE), 1.0, 0, torch.quint8),
    "ml_dtypes": lambda: BASE.astype(ml_dtypes.bfloat16),
    "__array__": lambda: OnlyArray(BASE),
    "__dlpack__": lambda: OnlyDlpack(BASE),
    "masked": lambda: np.ma.masked_array(BASE),
}


@pytest.mark.filterwarnings("ignore:.*quantize_per_tensor:UserWarning")  # torch is about to drop it
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_numbers(form: str) -> None:
    array = as_array(FORMS[form](), "tag")
    assert type(array) is np.ndarray
    np.testing.assert_array_equal(array, BASE)
    taken = snapshot(FORMS[form](), "tag")
    assert (taken.shape, taken.kind) == ((2, 3), "f")
    assert taken.nbytes > 0
    np.testing.assert_array_equal(taken.array(), BASE)


def test_bfloat16_keeps_its_range() -> None:
    tensor = torch.tensor([1e30, -3e-39, 65536.0], dtype=torch.bfloat16)
    assert as_array(tensor, "tag").tolist() == tensor.double().tolist()
    assert snapshot(tensor, "tag").array().tolist() == tensor.double().tolist()


@pytest.mark.parametrize(
    ("dtype", "kind"),
    [(torch.bool, "b"), (torch.uint8, "u"), (torch.int64, "i"), (torch.complex64, "c"), (torch.float16, "f")],
)
def test_types_of_torch(dtype: torch.dtype, kind: str) -> None:
    tensor = torch.ones(3).to(dtype)
    taken = snapshot(tensor, "tag")
    assert taken.kind == kind == taken.array().dtype.kind
    assert taken.array().tolist() == tensor.tolist()


def test_a_conjugate_of_torch() -> None:
    tensor = torch.tensor([1 + 2j]).conj()
    assert snapshot(tensor, "tag").array().tolist() == [1 - 2j]


@pytest.mark.parametrize("make", [np.array, torch.tensor, lambda values: OnlyArray(np.array(values))])
def test_later_changes_do_not_reach_a_snapshot(make: Any) -> None:
    source = make([1.0, 2.0])
    taken = snapshot(source, "tag")
    target = source.kept if isinstance(source, OnlyArray) else source
    target[0] = 9.0
    assert taken.array().tolist() == [1.0, 2.0]


def test_arrays_of_jax() -> None:
    """In a process of its own: where JAX is loaded, forking warns."""
    script = """
import jax, jax.numpy as jnp, numpy as np
from headway.record.arrays import as_array, snapshot

base = np.arange(6, dtype=np.float32).reshape(2, 3)
for array in (jnp.asarray(base), jnp.asarray(base, dtype=jnp.bfloat16), jnp.asarray(base, dtype=jnp.float8_e4m3fn)):
    taken = snapshot(array, "tag")
    assert type(as_array(array, "tag")) is type(taken.array()) is np.ndarray
    assert as_array(array, "tag").tolist() == taken.array().tolist() == base.tolist()
    assert (taken.shape, taken.kind) == ((2, 3), "f")
assert snapshot(jnp.arange(3), "tag").kind == "i"

source = jnp.arange(4.0)
taken = snapshot(source, "tag")
jax.jit(lambda x: x + 1, donate_argnums=0)(source)
assert source.is_deleted()
assert taken.array().tolist() == [0.0, 1.0, 2.0, 3.0]
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True)


def test_a_tensor_that_is_spread_over_processes() -> None:
    script = """
import torch, torch.distributed as dist
from torch.distributed.tensor import distribute_tensor, init_device_mesh
from headway.record.arrays import as_array, snapshot

dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
spread = distribute_tensor(torch.ones(2), init_device_mesh("cpu", (1,)))
for take in (as_array, snapshot):
    try:
        take(spread, "weights")
    except TypeError as error:
        assert "'weights' is spread over processes" in str(error)
    else:
        raise AssertionError
assert as_array(spread.full_tensor(), "weights").tolist() == [1, 1]
assert snapshot(spread.to_local(), "weights").array().tolist() == [1, 1]
dist.destroy_process_group()
"""
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)


@pytest.mark.parametrize("number", [3, True, 1.5, np.float16(2), np.int64(7)])
def test_single_numbers(number: Any) -> None:
    assert as_array(number, "tag").shape == ()
    assert as_array(number, "tag").item() == number


@pytest.mark.parametrize(
    "value",
    [
        "text",
        ["text"],
        None,
        {"a": 1},
        object(),
        np.array(["text"]),
        np.array([object()]),
        np.zeros(2, "M8[s]"),
        np.zeros(1, [("field", "f4")]),
        [None],
    ],
)
def test_what_holds_no_numbers_is_named(value: Any) -> None:
    for take in (as_array, snapshot):
        with pytest.raises(TypeError, match="'my/tag'"):
            take(value, "my/tag")


@pytest.mark.parametrize("value", [[[1, 2], [3]], [np.zeros(2), np.zeros((2, 2))], [torch.zeros(1), 2.0]])
def test_a_list_of_unequal_parts(value: Any) -> None:
    for take in (as_array, snapshot):
        with pytest.raises(ShapeError, match="'my/tag' is a list of arrays of different shapes"):
            take(value, "my/tag")

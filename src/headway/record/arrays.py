"""Arrays of any framework as numpy's: at once, or as a private copy that is cheap to take.

No framework is imported: a tensor of torch can only come from a process that has torch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.errors import ShapeError
from headway.events.number import type_name

Array = NDArray[Any]

_KINDS = "biufc"
_MISSING = object()


class Snapshot:
    """What an array held when it was logged; later changes to the array change nothing here."""

    __slots__ = ("_make", "kind", "nbytes", "shape")

    def __init__(self, shape: Sequence[int], kind: str, nbytes: int, make: Callable[[], Array]) -> None:
        self.shape = tuple(shape)
        self.kind = kind
        """"b", "i", "u", "f" or "c", as `numpy.dtype.kind`."""
        self.nbytes = nbytes
        """Bytes that this keeps alive."""
        self._make = make

    def array(self) -> Array:
        """Return the values; waits for the device that they come from, so call it where waiting is cheap."""
        return self._make()


def as_array(value: Any, name: str) -> Array:
    """Return `value` as a numpy array, without copying where that is possible.

    Takes numbers, (nested) lists of numbers or arrays, numpy arrays, tensors of torch, JAX, TensorFlow and others
    that offer `__array__` or `__dlpack__`. Types that numpy lacks (bfloat16, the float8 types) become float32, which
    holds each of their values exactly.

    Raises:
        TypeError: `value` holds no numbers; the message has `name`.
        ShapeError: it is a list whose parts differ in shape.

    """
    array = _converted(value, name)
    kind = array.dtype.kind
    if kind == "V" and array.dtype.fields is None:  # bfloat16 and its like, of the package ml_dtypes
        return array.astype(np.float32)
    if kind not in _KINDS:
        raise TypeError(f"{name!r} must hold numbers, not {type_name(value)} of {array.dtype}")
    return array


def snapshot(value: Any, name: str) -> Snapshot:
    """Return a private copy of `value`, anything that `as_array` takes.

    A tensor on a CUDA device is copied into pinned memory in the order of the current stream, without waiting for
    the device; one of JAX is copied on its device.

    Raises:
        TypeError: `value` holds no numbers; the message has `name`.

    """
    if isinstance(value, np.ndarray):
        return _of_copy(as_array(value, name), value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _of_torch(torch, _whole(value, name))
    jax = sys.modules.get("jax")
    if jax is not None and isinstance(value, jax.Array):
        copied = value.copy()  # not donated with the original to some jitted function
        kind = copied.dtype.kind if copied.dtype.kind in _KINDS else "f"
        return Snapshot(copied.shape, kind, copied.nbytes, lambda: as_array(copied, name))
    return _of_copy(as_array(value, name), value)


def _of_copy(array: Array, source: Any) -> Snapshot:
    mine = array if isinstance(source, (list, tuple)) else array.copy()
    return Snapshot(mine.shape, mine.dtype.kind, mine.nbytes, lambda: mine)


def _of_torch(torch: Any, tensor: Any) -> Snapshot:
    tensor = _plain(tensor)
    nbytes = tensor.numel() * tensor.element_size()
    if tensor.device.type == "cuda":
        copied, done = _to_pinned(torch, tensor)
    else:
        copied, done = tensor.to("cpu", copy=True), None

    def make() -> Array:
        if done is not None:
            done.synchronize()
        return _numpy_of_torch(copied)

    return Snapshot(tensor.shape, _kind_of_torch(torch, tensor), nbytes, make)


def _kind_of_torch(torch: Any, tensor: Any) -> str:
    if tensor.is_complex():
        return "c"
    if tensor.is_floating_point():
        return "f"
    if tensor.dtype is torch.bool:
        return "b"
    return "i" if tensor.dtype.is_signed else "u"


def _to_pinned(torch: Any, tensor: Any) -> tuple[Any, Any]:
    """Begin to copy a CUDA tensor to pinned host memory; return it and the event that says when it is there."""
    with torch.cuda.device(tensor.device):
        host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
        host.copy_(tensor, non_blocking=True)
        done = torch.cuda.Event()
        done.record()
    return host, done


def _whole(tensor: Any, name: str) -> Any:
    if hasattr(tensor, "full_tensor"):  # gathering it here would hang, unless every rank came here at once
        raise TypeError(f"{name!r} is spread over processes: log its full_tensor(), of all ranks, or its to_local()")
    return tensor


def _plain(tensor: Any) -> Any:
    """Return a tensor of torch without gradient, sparsity, quantisation or lazy conjugation."""
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout is not sys.modules["torch"].strided:
        tensor = tensor.to_dense()
    return tensor.resolve_conj().resolve_neg()


def _numpy_of_torch(tensor: Any) -> Array:
    tensor = tensor.cpu()
    if tensor.dtype.itemsize <= 2 and tensor.is_floating_point() and tensor.dtype is not sys.modules["torch"].float16:
        tensor = tensor.float()  # bfloat16 and the float8 types
    array: Array = tensor.numpy()
    return array


def _converted(value: Any, name: str) -> Array:
    if isinstance(value, np.ndarray):
        return np.asarray(value)  # subclasses (matrix, masked arrays) as what they are underneath
    if isinstance(value, (list, tuple)):
        return _of_sequence(value, name)
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return np.asarray(value)
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        return _numpy_of_torch(_plain(_whole(value, name)))
    for convert in (_by_array, _by_numpy_method, _by_dlpack):
        array = convert(value)
        if array is not _MISSING:
            return np.asarray(array)
    raise TypeError(f"{name!r} must be an array, a tensor or numbers, not {type_name(value)}")


def _of_sequence(values: Sequence[Any], name: str) -> Array:
    parts = [item if isinstance(item, (bool, int, float)) else as_array(item, name) for item in values]
    try:
        return np.asarray(parts)
    except ValueError:
        shapes = sorted({np.shape(part) for part in parts})
        raise ShapeError(f"{name!r} is a list of arrays of different shapes: {shapes[:4]}") from None


def _by_array(value: Any) -> Any:
    if not hasattr(value, "__array__"):
        return _MISSING
    try:
        return np.asarray(value)
    except TypeError:  # cupy: only `get` copies from its device
        get = getattr(value, "get", None)
        return get() if callable(get) else _MISSING


def _by_numpy_method(value: Any) -> Any:
    for method in ("numpy", "asnumpy"):
        convert = getattr(value, method, None)
        if callable(convert):
            return convert()
    return _MISSING


def _by_dlpack(value: Any) -> Any:
    return np.from_dlpack(value) if hasattr(value, "__dlpack__") else _MISSING

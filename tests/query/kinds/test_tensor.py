from __future__ import annotations

import tracemalloc
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.util import tensor_util

from headway.events.messages import tensor as encoded_tensor
from headway.events.tensors import scalar_of
from headway.events.wire import FIXED32, VARINT, key, message, varint
from headway.query.kinds import Raw, Tensor, decode
from headway.query.kinds.dtypes import NAMES, SMALL_FLOATS
from headway.query.kinds.tensor import MOST_REPEATED, tensor_of
from headway.record.kinds import tensor as encoder
from query.kinds.samples import value

NUMPY = [*("float16", "float32", "float64"), *("int8", "int16", "int32", "int64")]
NUMPY += [*("uint8", "uint16", "uint32", "uint64"), *("bool", "complex64", "complex128")]
SMALL = {
    24: ml_dtypes.float8_e5m2,
    25: ml_dtypes.float8_e4m3fn,
    26: ml_dtypes.float8_e4m3fnuz,
    27: ml_dtypes.float8_e4m3b11fnuz,
    28: ml_dtypes.float8_e5m2fnuz,
}


def read(proto: Any) -> Tensor:
    return tensor_of(memoryview(proto if isinstance(proto, bytes) else proto.SerializeToString()))


def same(found: Tensor, expected: Any) -> None:
    assert found.array.shape == expected.shape
    np.testing.assert_array_equal(found.array, expected, strict=True)


@given(st.sampled_from(NUMPY).flatmap(lambda name: arrays.arrays(name, arrays.array_shapes(min_dims=0, min_side=0))))
def test_what_the_encoder_writes_comes_back_bit_by_bit(array: Any) -> None:
    found = read(encoder.tensor_of(array)).array
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize("name", [name for name in NUMPY if name not in ("uint32", "uint64")])
@pytest.mark.parametrize("array", [np.array(3), np.arange(5), np.array([[1, 0, 1], [0, 0, 1]]), np.zeros((0, 4))])
def test_tensorboards_tensors_are_as_it_reads_them(name: str, array: Any) -> None:
    proto = tensor_util.make_tensor_proto(array.astype(name))
    found = read(proto)
    assert found.dtype == name
    same(found, tensor_util.make_ndarray(proto))


@pytest.mark.parametrize("dtype", sorted(set(NAMES) - {0, 7, 20, 21}))
def test_raw_content_of_every_type(dtype: int) -> None:
    bits = np.arange(256, dtype=np.uint8)
    if dtype in SMALL:
        expected = bits.view(SMALL[dtype]).astype(np.float32)
    elif dtype == 33:
        bits = bits[:16]
        expected = bits.view(ml_dtypes.float4_e2m1fn).astype(np.float32)
    elif dtype == 14:
        bits = np.arange(1 << 16, dtype="<u2").view(np.uint8)
        expected = bits.view(ml_dtypes.bfloat16).astype(np.float32)
    else:
        name = NAMES[dtype].removeprefix("q")
        name = {"uint4": "uint8", "uint2": "uint8", "int4": "int8", "int2": "int8"}.get(name, name)
        expected = (bits & 1 if name == "bool" else bits).view(name)
    found = read(TensorProto(dtype=dtype, tensor_shape=shape(len(expected)), tensor_content=bits.tobytes()))
    if dtype == 10:
        expected = bits != 0
    same(found, expected)
    assert found.dtype == NAMES[dtype]


def test_what_numpy_has_no_type_for_is_widened_out_of_the_typed_fields_too() -> None:
    bits = [0x3F80, 0xC000, 0x7F80]
    same(read(TensorProto(dtype=14, tensor_shape=shape(3), half_val=bits)), np.array([1, -2, np.inf], np.float32))
    halves = [0x3C00, 0xC000, 0x7C00]
    same(read(TensorProto(dtype=19, tensor_shape=shape(3), half_val=halves)), np.array([1, -2, np.inf], np.float16))
    same(read(TensorProto(dtype=25, tensor_shape=shape(2), float8_val=b"\x38\xb8")), np.array([1, -1], np.float32))
    assert {*SMALL, 33} == {*SMALL_FLOATS}


@pytest.mark.parametrize("dtype", [1, 2, 3, 9, 10, 14, 19, 22, 23, 24, 25])
def test_a_number_is_the_one_that_the_decoder_of_points_finds(dtype: int) -> None:
    for content in (b"\x01", b"\x7b", b"\xfe"):
        width = read(TensorProto(dtype=dtype, tensor_shape=shape(1))).array.dtype.itemsize
        width = {14: 2, 24: 1, 25: 1}.get(dtype, width)
        proto = TensorProto(dtype=dtype, tensor_content=content * width).SerializeToString()
        assert read(proto).array.item() == pytest.approx(scalar_of(memoryview(proto)), nan_ok=True)


def test_typed_fields_that_are_not_packed_are_read() -> None:
    floats = b"".join(key(5, FIXED32) + np.float32(n).tobytes() for n in (1.5, -2))
    same(read(encoded_tensor(1, (2,), floats)), np.array([1.5, -2], np.float32))
    integers = b"".join(key(10, VARINT) + varint(n) for n in (300, -1))
    same(read(encoded_tensor(9, (3,), integers + message(10, varint(7)))), np.array([300, -1, 7], np.int64))
    same(
        read(encoded_tensor(4, (2,), key(7, VARINT) + varint(255) + message(7, varint(3)))),
        np.array([255, 3], np.uint8),
    )


def test_the_last_element_stands_for_those_that_are_missing() -> None:
    same(
        read(TensorProto(dtype=1, tensor_shape=shape(2, 2), float_val=[1, 5])), np.array([[1, 5], [5, 5]], np.float32)
    )
    same(read(TensorProto(dtype=3, tensor_shape=shape(3))), np.array([0, 0, 0], np.int32))
    for proto in (
        TensorProto(dtype=2, tensor_shape=shape(1000, 3), double_val=[0.5]),
        TensorProto(dtype=7, tensor_shape=shape(2, 2), string_val=[b"ab"]),
    ):
        same(read(proto), tensor_util.make_ndarray(proto))
    assert read(TensorProto(dtype=7, tensor_shape=shape(2))).array.tolist() == [b"", b""]


def test_a_shape_is_a_claim_that_takes_no_memory() -> None:
    claims = [
        TensorProto(dtype=1, tensor_shape=shape(1 << 40), float_val=[1, 2]),
        TensorProto(dtype=1, tensor_shape=shape(MOST_REPEATED + 1), float_val=[1]),
        TensorProto(dtype=2, tensor_shape=shape(1 << 62, 0, 1 << 62)),
        TensorProto(dtype=7, tensor_shape=shape(MOST_REPEATED), string_val=[b"a" * 100]),
        TensorProto(dtype=1, tensor_shape=shape(3), tensor_content=b"12345678"),
        TensorProto(dtype=1, tensor_shape=shape(3), tensor_content=b"1234567"),
        TensorProto(dtype=1, tensor_shape=shape(1), float_val=[1, 2]),
        TensorProto(dtype=1, tensor_shape=shape(-1), float_val=[1, 2]),
        TensorProto(dtype=1, tensor_shape=shape(*[1] * 40), float_val=[1]),
    ]
    tracemalloc.start()
    try:
        for proto in claims:
            content = value("tensor", tensor=proto)
            tracemalloc.reset_peak()
            with pytest.raises(ValueError, match=r"'a tag': a tensor|'a tag': its shape"):
                decode("tensor", content)
            assert tracemalloc.get_traced_memory()[1] < 1 << 20
        most = TensorProto(dtype=1, tensor_shape=shape(MOST_REPEATED), float_val=[1])
        assert read(most).array.sum() == MOST_REPEATED
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_without_a_shape_it_is_a_number_or_a_row() -> None:
    same(read(TensorProto(dtype=1, float_val=[2.5])), np.float32(2.5))
    same(read(TensorProto(dtype=1, float_val=[2.5, 1])), np.array([2.5, 1], np.float32))
    proto = TensorProto(dtype=1, tensor_content=np.array([1, 2], np.float32).tobytes())
    proto.tensor_shape.unknown_rank = True
    same(read(proto), np.array([1, 2], np.float32))


def test_references_are_what_they_refer_to() -> None:
    same(read(TensorProto(dtype=101, tensor_shape=shape(1), float_val=[2])), np.array([2], np.float32))


@pytest.mark.parametrize("dtype", [0, 20, 21, 99])
def test_what_is_no_array_is_kept_raw(dtype: int) -> None:
    proto = TensorProto(dtype=dtype)
    proto.resource_handle_val.add(name="a handle")
    found = decode("tensor", value("x", tensor=proto))
    assert isinstance(found, Raw)
    assert found.content == proto.SerializeToString()


def test_unknown_plugins_lose_nothing() -> None:
    found = decode("theirs", value("theirs", np.arange(3), b"\x00\xff"))
    assert isinstance(found, Raw)
    assert isinstance(found.tensor, Tensor)
    assert (found.plugin, found.metadata, found.content) == ("theirs", b"\x00\xff", b"")
    assert found.tensor.array.tolist() == [0, 1, 2]

    impossible = TensorProto(dtype=1, tensor_shape=shape(1 << 40))
    found = decode("theirs", value("", tensor=impossible), value("theirs", content=b"told first"))
    assert isinstance(found, Raw)
    assert (found.plugin, found.metadata, found.tensor) == ("theirs", b"told first", None)
    assert found.content == impossible.SerializeToString()


def test_long_packed_integers_are_read_in_pieces() -> None:
    numbers = np.random.default_rng(3).integers(-(1 << 62), 1 << 62, 50_000) >> np.arange(50_000) % 60
    same(read(encoder.tensor_of(numbers)), numbers)


def shape(*sizes: int) -> Any:
    from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in sizes])

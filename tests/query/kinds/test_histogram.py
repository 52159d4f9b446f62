from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.histogram_pb2 import HistogramProto
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.data_compat import migrate_value
from tensorboard.plugins.histogram import summary_v2
from tensorboard.util import tensor_util
from tensorboardX.summary import histogram as tensorboardx_histogram

import headway
from headway.query.kinds import Histogram, decode, plain
from headway.record.kinds.histogram import raw_histogram_value
from query.kinds.samples import value

LARGEST = 1.7976931348623157e308


def read(content: bytes) -> Histogram:
    found = decode("histograms", content)
    assert isinstance(found, Histogram)
    return found


def old(**fields: Any) -> bytes:
    encoded: bytes = Summary.Value(tag="h", histo=HistogramProto(**fields)).SerializeToString()
    return encoded


def as_tensorboard_trims(content: bytes) -> Any:
    return tensor_util.make_ndarray(migrate_value(Summary.Value.FromString(content)).tensor)


@pytest.mark.parametrize(
    "content",
    [
        # TensorFlow 1, whose outermost limits are the largest numbers
        old(min=-3, max=4, num=6, sum=1, sum_squares=9, bucket_limit=[-1, 0, 2, LARGEST], bucket=[1, 0, 2, 3]),
        old(min=0, max=4, num=3, bucket_limit=[-1, 0, 2, 4, LARGEST], bucket=[0, 0, 0, 3, 0]),
        old(min=0, max=0, bucket_limit=[1, 2], bucket=[0, 0]),
        old(min=0, max=0),
        headway.Histogram([-5.0, 0.0, 1e-13, 3.25]).encode("h")[0],
        headway.Histogram(np.arange(100), bins=7).encode("h")[0],
        tensorboardx_histogram("h", np.random.default_rng(1).normal(size=300), "auto").value[0].SerializeToString(),
    ],
)
def test_old_forms_are_trimmed_as_tensorboard_does_it(content: bytes) -> None:
    np.testing.assert_array_equal(read(content).buckets.astype(np.float32), as_tensorboard_trims(content))


def test_an_old_form_keeps_its_totals_and_doubles() -> None:
    found = read(old(min=0.1, max=0.3, num=2, sum=0.4, sum_squares=0.1, bucket_limit=[0.2, 1e300], bucket=[1, 1]))
    assert (found.min, found.max, found.num, found.sum, found.sum_squares) == (0.1, 0.3, 2, 0.4, 0.1)
    assert found.buckets.tolist() == [[0.1, 0.2, 1], [0.2, 0.3, 1]]


@given(st.lists(st.floats(width=32), min_size=1, max_size=40))
def test_what_headway_writes_comes_back_with_what_is_not_finite(values: list[float]) -> None:
    found = read(headway.Histogram(values).encode("h")[0])
    array = np.array(values)
    finite = array[np.isfinite(array)]
    assert found.num == found.buckets[:, 2].sum() == len(finite)
    assert (found.nan, found.plus_inf, found.minus_inf) == (
        np.isnan(array).sum(),
        np.isposinf(array).sum(),
        np.isneginf(array).sum(),
    )
    if len(finite):
        assert (found.min, found.max) == (finite.min(), finite.max())
        assert (found.buckets[0, 0], found.buckets[-1, 1]) == (finite.min(), finite.max())
    assert np.array_equal(found.buckets[1:, 0], found.buckets[:-1, 1])


@pytest.mark.parametrize("data", [[1.0, 2.0, 2.5], [3.0], [], [-1e300, 1e300]])
def test_the_new_form_is_as_tensorflow_2_writes_it(data: list[float]) -> None:
    summary = summary_v2.histogram_pb("h", data, buckets=5)
    found = read(summary.value[0].SerializeToString())
    np.testing.assert_array_equal(found.buckets, tensor_util.make_ndarray(summary.value[0].tensor))
    assert found.num == len(data)
    assert found.sum is None
    assert (found.min, found.max) == ((min(data), max(data)) if data else (None, None))


@pytest.mark.parametrize("empty", [np.zeros((0, 3)), np.zeros(0), np.zeros((0, 3), np.float32)])
def test_an_empty_one_has_no_buckets(empty: Any) -> None:
    assert read(value("histograms", empty, b"{}")).buckets.shape == (0, 3)


def test_integers_and_single_precision_are_doubles() -> None:
    for dtype in (np.float32, np.int64, np.float16):
        assert read(value("histograms", np.array([[0, 1, 4]], dtype), b"{}")).buckets.tolist() == [[0, 1, 4]]


@pytest.mark.parametrize("array", [np.zeros((2, 4)), np.zeros((3, 3, 3)), np.array([[b"a", b"b", b"c"]], object)])
def test_another_shape_is_refused(array: Any) -> None:
    with pytest.raises(ValueError, match="histograms at 'a tag': a histogram is a tensor"):
        read(value("histograms", array))


def test_limits_that_are_missing_are_refused() -> None:
    with pytest.raises(ValueError, match="of 3 buckets has 1 limits"):
        read(old(min=0, max=1, num=3, bucket_limit=[1], bucket=[1, 1, 1]))


def test_counted_elsewhere() -> None:
    found = read(raw_histogram_value("h", 0, 3, 4, 5, 6, [1, 2, 3], [1, 0, 3]))
    assert found.buckets.tolist() == [[0, 1, 1], [1, 2, 0], [2, 3, 3]]


def test_plain_names_what_is_not_finite() -> None:
    told = plain(read(old(min=float("-inf"), max=float("nan"), num=1, bucket_limit=[1], bucket=[1])))
    assert told["kind"] == "histogram"
    assert (told["min"], told["max"], told["buckets"]) == ("-Infinity", "NaN", [["-Infinity", "NaN", 1.0]])

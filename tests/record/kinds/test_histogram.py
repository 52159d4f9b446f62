from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tensorboard.compat.proto.summary_pb2 import HistogramProto
from tensorboardX import SummaryWriter as TensorboardXWriter
from tensorboardX.summary import make_histogram

from headway.events.wire import fields
from headway.record.kinds import histogram
from headway.record.kinds.histogram import check_histogram, default_bins, histogram_value, raw_histogram_value
from record.kinds.shown import parsed, tensors

EDGES = default_bins()
LIMITS, CELLS = histogram._tables()
SCANS = [histogram.python_scan, histogram.scan]
assert SCANS[0] is not SCANS[1], "the compiled pass is not there"
FINITE = st.floats(allow_nan=False, allow_infinity=False)
INSIDE = st.floats(-9e19, 9e19)
CURIOUS = st.one_of(
    st.floats(),
    st.floats(width=32),
    st.sampled_from([0.0, -0.0, 5e-324, -5e-324, np.inf, -np.inf, np.nan]),
    st.builds(
        lambda at, towards: float(np.nextafter(EDGES[at], towards)),
        st.integers(0, len(EDGES) - 1),
        st.sampled_from([-np.inf, 0.0, np.inf]),
    ),
    st.integers(0, len(EDGES) - 1).map(lambda at: float(EDGES[at])),
)
ALL_BINS = ["tensorflow", *sorted(histogram.RULES), 1, 7, [0.0, 1.0, 4.0], np.array([-2.0, 0.5, 0.5, 3.0])]


def theirs(values: NDArray[Any], bins: Any, max_bins: int | None = None) -> Any:
    bins = EDGES.tolist() if isinstance(bins, str) and bins == "tensorflow" else bins
    return HistogramProto.FromString(make_histogram(values.astype(float), bins, max_bins).SerializeToString())


def ours(values: NDArray[Any], bins: Any = "tensorflow", max_bins: int | None = None) -> Any:
    return parsed(histogram_value("t", values, bins, max_bins)).histo


def others(value: bytes) -> dict[int, int]:
    """Our own fields of a histogram."""
    [proto] = [content for field, _, content in fields(value) if field == 5 and not isinstance(content, int)]
    return {field: content for field, _, content in fields(proto) if field > 100 and isinstance(content, int)}


def assert_equal(one: Any, other: Any) -> None:
    assert list(one.bucket) == list(other.bucket)
    assert list(one.bucket_limit) == list(other.bucket_limit)
    assert (one.num, one.min, one.max) == (other.num, other.min, other.max)
    tolerance = 1e-12 * max(1.0, abs(other.min), abs(other.max)) * other.num
    assert one.sum == pytest.approx(other.sum, rel=1e-12, abs=tolerance)
    assert one.sum_squares == pytest.approx(other.sum_squares, rel=1e-12)


def scanned(scan: Callable[..., None], values: NDArray[Any]) -> tuple[list[int], list[int], list[float]]:
    counts, strange = np.zeros((2, len(LIMITS)), np.int64), np.zeros(3, np.int64)
    totals = np.array([np.inf, -np.inf, 0.0, 0.0])
    scan(values, CELLS, LIMITS, counts, strange, totals)
    return counts.sum(axis=0).tolist(), strange.tolist(), totals.tolist()


def brute(values: NDArray[Any]) -> tuple[list[int], list[int]]:
    wide = values.astype(float)
    finite = wide[np.isfinite(wide)]
    counts = [
        int((finite < EDGES[0]).sum()),
        *np.histogram(finite, EDGES)[0].tolist(),
        int((finite > EDGES[-1]).sum()),
    ]
    return counts, [int(np.isnan(wide).sum()), int((wide == np.inf).sum()), int((wide == -np.inf).sum())]


def test_the_default_edges_are_tensorboardx_s(tmp_path: Path) -> None:
    peer = TensorboardXWriter(str(tmp_path), write_to_disk=False)
    assert EDGES.tolist() == peer.default_bins
    assert len(EDGES) == 1549
    peer.close()


@pytest.mark.parametrize("scan", SCANS)
def test_every_edge_and_cell_border_falls_where_numpy_says(scan: Callable[..., None]) -> None:
    starts = (np.arange(1 << 17, dtype=np.uint64) << np.uint64(47)).view(np.float64)
    points = np.concatenate([EDGES, starts[np.isfinite(starts)], [np.finfo(float).max, 5e-324, -0.0]])
    with np.errstate(over="ignore"):
        points = np.concatenate([points, np.nextafter(points, np.inf), np.nextafter(points, -np.inf)])
    points = points[np.isfinite(points)]
    counts, strange, _ = scanned(scan, points)
    assert (counts, strange) == brute(points)


@pytest.mark.parametrize("scan", SCANS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(drawn=st.lists(CURIOUS, max_size=40), times=st.integers(1, 20))
def test_one_pass_is_numpy_s_histogram(
    scan: Callable[..., None], dtype: type[np.floating[Any]], drawn: list[float], times: int
) -> None:
    with np.errstate(over="ignore"):
        values = np.tile(np.array(drawn, dtype=dtype), times)
    counts, strange, (low, high, total, squares) = scanned(scan, values)
    assert (counts, strange) == brute(values)
    wide = values.astype(float)
    finite = wide[np.isfinite(wide)]
    assert (low, high) == (finite.min(initial=np.inf), finite.max(initial=-np.inf))
    with np.errstate(all="ignore"):
        magnitude, power = np.abs(finite).sum(), finite @ finite
    if np.isfinite(magnitude):
        assert total == pytest.approx(finite.sum(), rel=1e-13, abs=1e-13 * magnitude)
    assert squares == pytest.approx(power, rel=1e-13)


@pytest.mark.parametrize("size", [1, 3, 4, 255, 256, 257, 1000, 70_001])
def test_blocks_have_no_seams(size: int) -> None:
    values = np.random.default_rng(size).standard_normal(size).astype(np.float32)
    values[:: size // 2 + 1] = np.nan
    counts, strange, totals = scanned(histogram.scan, values)
    assert (counts, strange) == brute(values)
    assert totals == pytest.approx(scanned(histogram.python_scan, values)[2], rel=1e-12)


def test_long_sums_are_as_exact_as_numpy_s() -> None:
    values = np.full(3_000_000, 0.1, dtype=np.float32)
    exact = float(np.float32(0.1)) * len(values)
    assert abs(ours(values).sum - exact) <= abs(values.astype(float).sum() - exact) + np.spacing(exact)


@pytest.mark.filterwarnings("ignore:The number of bins estimated may be suboptimal:RuntimeWarning")
@pytest.mark.parametrize("max_bins", [None, 1, 3, 100, 2000])
@pytest.mark.parametrize("bins", ALL_BINS, ids=str)
@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "i4", "u1", "b1", ">f4"])
def test_equal_to_tensorboardx(dtype: str, bins: Any, max_bins: int | None) -> None:
    values = (np.random.default_rng(3).standard_normal((20, 25)) * 2 + 1).astype(dtype)
    assert_equal(ours(values, bins, max_bins), theirs(values, bins, max_bins))


@given(st.lists(INSIDE, min_size=1, max_size=30), st.one_of(st.none(), st.integers(1, 1600)))
def test_any_finite_values_as_tensorboardx_has_them(drawn: list[float], max_bins: int | None) -> None:
    values = np.array(drawn)
    assert_equal(ours(values, "tensorflow", max_bins), theirs(values, "tensorflow", max_bins))


def test_the_known_answers() -> None:
    """1024 counted numbers, by a rule of numpy's that gives 186 a bucket."""
    for rule in ("auto", "fd", "doane"):
        found = ours(np.arange(1024.0), rule, max_bins=5)
        assert list(found.bucket) == [0, 186, 186, 186, 186, 186, 94]
        assert list(found.bucket_limit) == [0, 186, 372, 558, 744, 930, 1023]
        assert (found.num, found.sum, found.sum_squares) == (1024, 523776, 357389824)


@given(st.lists(FINITE, min_size=1, max_size=20), st.one_of(st.none(), st.integers(1, 50)))
def test_every_finite_value_is_in_a_bucket(drawn: list[float], max_bins: int | None) -> None:
    found = ours(np.array(drawn), "tensorflow", max_bins)
    assert sum(found.bucket) == found.num == len(drawn)
    assert list(found.bucket_limit) == sorted(found.bucket_limit)
    assert found.bucket_limit[0] <= found.min
    assert found.bucket_limit[-1] >= found.max


def test_values_beyond_the_outermost_edges_are_kept(tmp_path: Path) -> None:
    values = np.array([-1e25, -1e22, 1.0, 3e30])
    shown = tensors(tmp_path, [histogram_value("t", values)])["t"]
    assert shown[[0, -1]].tolist() == np.array([[-1e25, EDGES[0], 2], [EDGES[-1], 3e30, 1]], "f4").tolist()
    assert shown[:, 2].sum() == 4
    assert sum(theirs(values, "tensorflow").bucket) == 1  # three of four are lost there


def test_what_is_not_finite_is_counted_beside_the_buckets(tmp_path: Path) -> None:
    values = np.array([np.nan, 1.0, np.inf, 2.0, -np.inf, np.nan, np.nan, np.inf], dtype=np.float32)
    for bins in ("tensorflow", "auto", 4):
        value = histogram_value("t", values, bins)
        assert others(value) == {101: 3, 102: 2, 103: 1}
        found = parsed(value).histo
        found.DiscardUnknownFields()
        assert found == ours(values[np.isfinite(values)], bins)
        assert tensors(tmp_path, [value])["t"][:, 2].sum() == 2
        assert others(histogram_value("t", np.ones(3), bins)) == {}


@pytest.mark.parametrize("bins", ["tensorflow", "auto", 5, [0.0, 1.0]], ids=str)
def test_tensorboard_reads_a_histogram_without_a_finite_value(bins: Any, tmp_path: Path) -> None:
    value = histogram_value("t", np.array([np.nan, np.inf]), bins)
    assert others(value) == {101: 1, 102: 1}
    found = parsed(value).histo
    assert (found.num, found.min, found.max, found.sum, list(found.bucket)) == (0, 0, 0, 0, [])
    assert tensors(tmp_path, [value])["t"].shape == (0, 3)


def test_values_outside_of_the_edges_that_were_given(tmp_path: Path) -> None:
    value = histogram_value("t", np.array([5.0, 6.0]), [0.0, 1.0])
    assert (parsed(value).histo.num, list(parsed(value).histo.bucket)) == (2, [])
    assert tensors(tmp_path, [value])["t"].shape == (0, 3)


def test_tensorboard_shows_the_buckets(tmp_path: Path) -> None:
    shown = tensors(tmp_path, [histogram_value("t", np.array([0.0, 0.5, 1.0, 1.0]), [0.0, 0.5, 1.0])])["t"]
    assert shown.tolist() == [[0.0, 0.5, 1.0], [0.5, 1.0, 3.0]]
    counts, edges = np.histogram(values := np.random.default_rng(1).standard_normal(1000), EDGES)
    shown = tensors(tmp_path, [histogram_value("t", values)])["t"]
    filled = np.flatnonzero(counts)
    assert shown[:, 2].tolist() == counts[filled[0] : filled[-1] + 1].tolist()
    assert shown[1:, 0].tolist() == edges[filled[0] + 1 : filled[-1] + 1].astype(np.float32).tolist()
    assert (shown[0, 0], shown[-1, 1]) == (np.float32(values.min()), np.float32(values.max()))


def test_counted_elsewhere() -> None:
    found = parsed(raw_histogram_value("a/b", -1, 2.5, 7, 3, 9.5, [0, 1, 2.5], np.array([3, 0, 4])))
    assert found.tag == "a/b"
    assert found.histo == HistogramProto(
        min=-1, max=2.5, num=7, sum=3, sum_squares=9.5, bucket_limit=[0, 1, 2.5], bucket=[3, 0, 4]
    )


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", "i8", "u1"])
def test_the_values_are_never_copied_as_a_whole(dtype: str) -> None:
    values = np.ones((1000, 2000), dtype=dtype)
    ours(values[0])
    tracemalloc.start()
    ours(values)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 << 20, "as doubles they are 16 MB"


def test_each_bucket_counted_elsewhere_has_an_edge() -> None:
    with pytest.raises(ValueError, match="'t': bucket_limits are 3, bucket_counts 2"):
        raw_histogram_value("t", 0, 1, 2, 1, 1, [0, 1, 2], [1, 1])


def test_values_in_any_order_of_memory() -> None:
    values = np.arange(24, dtype=np.float32).reshape(4, 6)
    for view in (values.T, values[:, ::2], values[::-1]):
        assert_equal(ours(view), theirs(view, "tensorflow"))


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (((0,), "tensorflow"), ValueError, "at least one value"),
        (((3, 0), "auto"), ValueError, r"\(3, 0\)"),
        (((3,), "tensorflo"), ValueError, "'tensorflo' is none of tensorflow, auto"),
        (((3,), 0), ValueError, "at least one bin"),
        (((3,), [1.0]), ValueError, "do not descend"),
        (((3,), [1.0, 0.0]), ValueError, "do not descend"),
        (((3,), [np.nan, 0.0]), ValueError, "do not descend"),
        (((3,), None), TypeError, "None"),
        (((3,), 2.5), TypeError, "how many"),
        (((3,), "auto", 0), ValueError, "max_bins"),
    ],
    ids=str,
)
def test_refused(arguments: tuple[Any, ...], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        check_histogram("weights/0", *arguments)
    assert "'weights/0'" in str(raised.value)


def test_accepted() -> None:
    bins: Any
    for bins in ALL_BINS:
        check_histogram("t", (2, 3), bins)
    check_histogram("t", (), "tensorflow", 10, kind="b")
    with pytest.raises(TypeError, match="real numbers"):
        check_histogram("t", (2,), kind="c")


@pytest.mark.parametrize("rule", ["fd", "auto"])
def test_an_outlier_asks_for_no_more_buckets_than_there_may_be(rule: str) -> None:
    values = np.append(np.linspace(0, 1, 1000), 1e12)
    value = histogram_value("a", values, rule)
    assert len(value) < 17 * histogram.MOST_BINS

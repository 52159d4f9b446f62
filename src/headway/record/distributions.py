"""The methods of `SummaryWriter` for many numbers at once: histograms, precision-recall curves, tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.record.arrays import as_array, snapshot
from headway.record.recorder import Recorder
from headway.record.tag import checked_tag


class Distributions(Recorder):
    """Methods for histograms, precision-recall curves and tensors; encoded in the background."""

    @property
    def default_bins(self) -> list[float]:
        """The edges of the buckets that `bins="tensorflow"` means."""
        from headway.record.kinds.histogram import default_bins

        return list(default_bins().tolist())

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: Any = None,
        bins: str | int | Sequence[float] | NDArray[Any] = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Log how many of the values lie where.

        NaN and infinities are kept out of the buckets and counted beside them.

        Args:
            tag: name of the series. Characters other than letters, digits, `_-./` become `_`.
            values: an array or tensor of any shape and framework, or a list of numbers.
            global_step: what `int()` takes; 0 when left out.
            bins: "tensorflow" (1,548 buckets, each 10 % wider than the last), or what `numpy.histogram` takes: the
                name of a method ("auto", "fd", ...), a number of buckets, or their edges.
            walltime: seconds since 1970; now when left out.
            max_bins: neighbouring buckets are joined until there are about this many.

        Raises:
            ValueError: there are no values, or no such `bins`.
            TypeError: `values` are no numbers.

        """
        from headway.record.kinds.histogram import check_histogram, histogram_value

        tag = self._clean(tag)
        taken = snapshot(values, tag)
        if not isinstance(bins, (str, int)):
            bins = np.array(as_array(bins, f"bins of {tag}"))
        check_histogram(tag, taken.shape, bins, max_bins, kind=taken.kind)
        self._write_later(
            f"histogram {tag!r}",
            taken.nbytes,
            lambda: [histogram_value(tag, taken.array(), bins, max_bins)],
            global_step,
            walltime,
        )

    def add_histogram_raw(
        self,
        tag: str,
        min: float,
        max: float,
        num: float,
        sum: float,
        sum_squares: float,
        bucket_limits: Any,
        bucket_counts: Any,
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log a histogram that was counted already.

        Args:
            tag: name of the series, written as it is.
            min: smallest value.
            max: largest value.
            num: how many values there are.
            sum: their sum.
            sum_squares: the sum of their squares.
            bucket_limits: the right edge of each bucket.
            bucket_counts: how many values are in each bucket.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.

        Raises:
            ValueError: there are not as many limits as counts.

        """
        from headway.record.kinds.histogram import raw_histogram_value

        limits, counts = as_array(bucket_limits, tag).reshape(-1), as_array(bucket_counts, tag).reshape(-1)
        value = raw_histogram_value(checked_tag(tag), min, max, num, sum, sum_squares, limits, counts)
        self._write([value], global_step, walltime)

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log precision and recall of a binary classifier at many thresholds.

        Args:
            tag: name of the series, written as it is.
            labels: what is true: 0 or 1 for each element.
            predictions: the probability in [0, 1] of each element to be 1.
            global_step: what `int()` takes; 0 when left out.
            num_thresholds: how many thresholds.
            weights: a weight for each element, or one for all.
            walltime: seconds since 1970; now when left out.

        Raises:
            ShapeError: labels, predictions and weights differ in shape.

        """
        from headway.record.kinds.pr_curve import check_pr_curve, pr_curve_value

        given = [np.array(as_array(values, checked_tag(tag))) for values in (labels, predictions)]
        weighed = None if weights is None else np.array(as_array(weights, tag))
        check_pr_curve(tag, given[0], given[1], num_thresholds, weighed)
        self._write_later(
            f"PR curve {tag!r}",
            sum(array.nbytes for array in given),
            lambda: [pr_curve_value(tag, given[0], given[1], num_thresholds, weighed)],
            global_step,
            walltime,
        )

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: Any,
        false_positive_counts: Any,
        true_negative_counts: Any,
        false_negative_counts: Any,
        precision: Any,
        recall: Any,
        global_step: Any = None,
        num_thresholds: int = 127,
        weights: Any = None,  # noqa: ARG002 - there for the signature's sake
        walltime: float | None = None,
    ) -> None:
        """Log precision and recall that were counted already, each a list with a value for every threshold."""
        from headway.record.kinds.pr_curve import raw_pr_curve_value

        tp, fp, tn, fn = (
            as_array(counts, checked_tag(tag))
            for counts in (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        )
        rates = as_array(precision, tag), as_array(recall, tag)
        self._write([raw_pr_curve_value(tag, tp, fp, tn, fn, *rates, num_thresholds)], global_step, walltime)

    def add_tensor(self, tag: str, tensor: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Log all the values of a tensor.

        Args:
            tag: name of the series, written as it is.
            tensor: an array or tensor of any shape, type and framework; bfloat16 and float8 become float32.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.

        """
        from headway.record.kinds.tensor import check_tensor, tensor_value

        taken = snapshot(tensor, checked_tag(tag))
        check_tensor(tag, taken.nbytes)
        self._write_later(
            f"tensor {tag!r}", taken.nbytes, lambda: [tensor_value(tag, taken.array())], global_step, walltime
        )
